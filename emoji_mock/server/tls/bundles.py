"""Collect the certificates that programs trust already: what the user's environment names, and the system's."""

from __future__ import annotations

import os
import re
import ssl
import sys
from binascii import a2b_base64
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from emoji_mock._support import files

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_VARIABLES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""Each names a file or a folder that a program trusts in place of the system's authorities."""
_LARGEST = 16 * 1024 * 1024
"""Bytes of a file; the system's has 0.25 MB."""
_MOST_FILES = 2_000
"""Files of a folder."""
_PEM = re.compile(rb"-----BEGIN (?:X509 )?CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END (?:X509 )?CERTIFICATE-----")
_HASHED = re.compile(r"[0-9a-f]{8}\.\d{1,3}")
"""What OpenSSL reads in a folder of authorities, as openssl-rehash names it."""


def collect(environ: Mapping[str, str]) -> list[bytes]:
    """Return the certificates that programs with `environ` trust, in DER, without duplicates.

    A program reads one of the variables, another none. So the system's authorities are included unless all are set.
    """
    named = [certificates for name in _VARIABLES if (certificates := read(environ.get(name, "")))]
    if len(named) < len(_VARIABLES):
        named.append(_system(environ))
    return list(dict.fromkeys(certificate for certificates in named for certificate in certificates))


def read(path: str) -> list[bytes]:
    """Return the certificates in the file or folder at `path`, in DER; none if they cannot be read."""
    if not path:
        return []
    try:
        if Path(path).is_dir():
            with os.scandir(path) as entries:
                names = sorted(entry.path for entry in entries if _HASHED.fullmatch(entry.name))[:_MOST_FILES]
            return [certificate for name in names for certificate in _read_file(Path(name))]
        return _read_file(Path(path))
    except (OSError, ValueError):  # ValueError: a null character in the path
        return []


def write(certificates: Iterable[bytes]) -> bytes:
    """Return `certificates` in PEM."""
    return "".join(map(ssl.DER_cert_to_PEM_cert, certificates)).encode()


def _read_file(path: Path) -> list[bytes]:
    content = files.read(path, _LARGEST + 1)
    return parse(content) if len(content) <= _LARGEST else []


def parse(content: bytes) -> list[bytes]:
    """Return the certificates in `content`, in DER, without those that would make a program refuse the whole file."""
    found: list[bytes] = []
    for block in _PEM.findall(content):
        with suppress(ValueError):
            certificate = a2b_base64(block)
            if _is_complete(certificate):
                found.append(certificate)
    return found


def _is_complete(certificate: bytes) -> bool:
    """Return whether `certificate` is one DER sequence of the length that it states; all are of 256 bytes or more."""
    if certificate[:2] not in {b"\x30\x82", b"\x30\x83"}:
        return False
    begin = 2 + (certificate[1] & 0x7F)
    return begin + int.from_bytes(certificate[2:begin]) == len(certificate)


def _system(environ: Mapping[str, str]) -> list[bytes]:
    """Return the authorities of the system: of its file, or else of its folders, or else of certifi.

    What is in the folders alone is not lost: OpenSSL looks there besides the file that a variable names.
    """
    paths = ssl.get_default_verify_paths()
    found = read(paths.openssl_cafile)
    if not found:
        folders = (environ.get("SSL_CERT_DIR") or paths.openssl_capath).split(os.pathsep)
        found = [certificate for folder in folders for certificate in read(folder)]
    if sys.platform == "win32":
        stored = ssl.enum_certificates("ROOT")
        found += [certificate for certificate, kind, trust in stored if kind == "x509_asn" and trust]
    if not found:
        with suppress(ImportError):
            import certifi  # noqa: PLC0415 - not installed everywhere

            found = read(certifi.where())
    return found

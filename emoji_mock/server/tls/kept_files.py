"""The files of a certificate authority that a team keeps: found, checked, and created whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import timedelta
from errno import ENOTDIR
from secrets import token_hex
from shlex import quote
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from emoji_mock._support import files
from emoji_mock.server.tls import certificates
from emoji_mock.server.tls.certificates import AuthorityKey

if TYPE_CHECKING:
    from pathlib import Path

CERTIFICATE, KEY = "emoji-mock-ca.pem", "emoji-mock-ca.key"
"""What clients trust; and the private key with its certificate, and that certificate's issuer again."""
_LARGEST = 65_536
"""Bytes of a file; ours have 4,000."""
_LEAST = timedelta(days=7)
"""How long an authority must last still: a server may run for days."""
_CHAIN = 2
_OTHERS = 0o077
"""The bits of a mode that let others than its owner in."""
_REMEDY = "remove both files in this folder and let emoji-mock create new ones, or name another folder"


def find(folder: Path) -> AuthorityKey:
    """Return the authority in `folder`; if none is there, create it. Raises OSError and ValueError."""
    try:
        folder.mkdir(
            0o755, parents=True, exist_ok=True
        )  # whatever the umask: who may write there could replace the key
    except (FileExistsError, NotADirectoryError) as error:
        raise NotADirectoryError(ENOTDIR, "is a file where a folder belongs", str(error.filename)) from None
    certificate_path, key_path = folder / CERTIFICATE, folder / KEY
    had_certificate = os.path.lexists(certificate_path)  # looked for first, as another process creates it last
    if not os.path.lexists(key_path):
        if had_certificate:
            raise ValueError(f"{certificate_path}: its private key, {KEY}, is missing; {_REMEDY}")
        _create(key_path, _write(certificates.create(certificates.FOR_YEARS)))
    authority = _read_key(key_path)
    _check(authority, key_path)
    certificate = authority.root.public_bytes(Encoding.PEM)
    if not os.path.lexists(certificate_path):
        # Of several processes each may come here, with the same bytes.
        files.write(certificate_path, certificate)
    elif _read_certificates(_read(certificate_path), certificate_path) != [authority.root]:
        raise ValueError(f"{certificate_path}: does not belong to the private key in {KEY}; {_REMEDY}")
    return authority


def _create(path: Path, content: bytes) -> None:
    """Create `path` for its owner alone, unless another process is faster. Nothing is left after an error."""
    part = path.with_name(f".{token_hex(8)}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(part, path)
        except FileExistsError:
            return
        except OSError:  # a file system without links
            if not os.path.lexists(path):
                part.replace(path)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None
    finally:
        with suppress(OSError):
            part.unlink()


def _write(authority: AuthorityKey) -> bytes:
    chain = (authority.issuing.public_bytes(Encoding.PEM), authority.root.public_bytes(Encoding.PEM))
    return b"".join((certificates.write_key(authority.key), *chain))


def _read(path: Path) -> bytes:
    if path.is_symlink():
        raise ValueError(f"{path}: is a symbolic link; put the file itself there")
    content = files.read(path, _LARGEST + 1)
    if len(content) > _LARGEST:
        raise ValueError(f"{path}: has more than {_LARGEST:,} bytes; {_REMEDY}")
    return content


def _read_key(path: Path) -> AuthorityKey:
    content = _read(path)
    status = path.stat()
    # As ssh has it; Windows has no such bits.
    if os.name == "posix" and status.st_uid == os.getuid() and status.st_mode & _OTHERS:
        mode, remedy = f"{status.st_mode & 0o777:04o}", f"run chmod 600 {quote(str(path))}"
        raise ValueError(f"{path}: others can read this private key (mode {mode}); {remedy}")
    try:
        key = load_pem_private_key(content, None)
    except (ValueError, TypeError) as error:  # TypeError: it needs a password
        raise ValueError(f"{path}: holds no private key that can be read; {_REMEDY}") from error
    chain = _read_certificates(content, path)
    if len(chain) != _CHAIN or not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError(f"{path}: is not as emoji-mock writes it, which uses no other authority; {_REMEDY}")
    return AuthorityKey(key, *chain)


def _read_certificates(content: bytes, path: Path) -> list[x509.Certificate]:
    if b"-----BEGIN CERTIFICATE-----" not in content:
        return []
    try:
        return x509.load_pem_x509_certificates(content)
    except ValueError as error:
        raise ValueError(f"{path}: holds a certificate that cannot be read; {_REMEDY}") from error


def _check(authority: AuthorityKey, path: Path) -> None:
    """Raise ValueError unless `authority` can be used, and for nothing but the vendor's hosts and loopback."""
    key, issuing, root = authority
    if key.public_key() != issuing.public_key():
        raise ValueError(f"{path}: its private key does not belong to its certificate; {_REMEDY}")
    now = certificates.now()
    for one in (issuing, root):
        try:
            one.verify_directly_issued_by(root)
        except (ValueError, TypeError, InvalidSignature):
            raise ValueError(f"{path}: a certificate in it was not issued by the other; {_REMEDY}") from None
        if not _is_authority(one):
            raise ValueError(f"{path}: a certificate in it is not an authority's; {_REMEDY}")
        if _constraints(one) != certificates.CONSTRAINTS:
            raise ValueError(
                f"{path}: is not constrained to the hosts that this version of emoji-mock serves; {_REMEDY}"
            )
        if one.not_valid_before_utc > now:
            raise ValueError(f"{path}: begins on {one.not_valid_before_utc:%Y-%m-%d}; set the clock of this machine")
        if one.not_valid_after_utc < now + _LEAST:
            verb = "ends" if one.not_valid_after_utc > now else "ended"
            raise ValueError(f"{path}: {verb} on {one.not_valid_after_utc:%Y-%m-%d}; {_REMEDY}")


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (x509.ExtensionNotFound, ValueError):
        return False


def _constraints(certificate: x509.Certificate) -> x509.NameConstraints | None:
    try:
        found = certificate.extensions.get_extension_for_class(x509.NameConstraints)
    except (x509.ExtensionNotFound, ValueError):
        return None
    return found.value if found.critical else None

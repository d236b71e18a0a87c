"""Files in a private folder by which programs trust the authority of a server, besides those they trust already."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import warnings
import weakref
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from emoji_mock._support import files
from emoji_mock.server.tls import bundles
from emoji_mock.server.tls.extra import tls_extra

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

_LARGEST_WGETRC = 1024 * 1024
# They would come before the variables, and lead around the fake to the vendor.
_WGET_PROXIES = frozenset({b"httpproxy", b"httpsproxy", b"noproxy", b"useproxy"})


class TrustFiles:
    """Files with `certificate`, an authority in PEM, and with what the programs of `environ` trust already.

    They lie in a folder of this user alone, which `close` removes, or at the latest the end of the process.
    """

    def __init__(self, certificate: bytes, environ: Mapping[str, str]) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="emoji-mock-"))
        self._remove = weakref.finalize(self, _remove, self.folder, os.getpid())
        self.java_password = "changeit"  # noqa: S105 - Java's own default; the store holds nothing secret
        try:
            own = bundles.parse(certificate)
            self._trusted = list(dict.fromkeys([*bundles.collect(environ), *own]))
            self.certificate = self._put("emoji-mock-ca.pem", certificate)
            """The authority alone."""
            self.bundle = self._put("bundle.pem", bundles.write(self._trusted))
            """What is trusted already, and the authority."""
            extra = bundles.read(environ.get("NODE_EXTRA_CA_CERTS", ""))
            self.node_extra = self._put("node.pem", bundles.write(dict.fromkeys([*extra, *own])))
            """What Node is to trust besides its own authorities: the user's file, and the authority."""
            self.wgetrc = self._put_wgetrc(environ)
            """The user's settings of wget but its proxies, and the bundle, for which GnuTLS reads no variable."""
        except BaseException:
            self.close()
            raise

    @cached_property
    def java_store(self) -> Path:
        """The content of the bundle in PKCS#12, as Java reads it. Made when first asked for. Raises TlsExtraError."""
        with tls_extra():
            from cryptography import x509  # noqa: PLC0415 - only Java needs it
            from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - likewise
                BestAvailableEncryption,
                pkcs12,
            )
        named: list[pkcs12.PKCS12Certificate] = []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # old authorities break rules that came later
            for number, one in enumerate(self._trusted):
                try:
                    certificate = x509.load_der_x509_certificate(one)
                except ValueError:
                    continue
                named.append(pkcs12.PKCS12Certificate(certificate, b"%d" % number))
        # Without encryption there would still be an integrity check, of a password that Java cannot be given.
        encryption = BestAvailableEncryption(self.java_password.encode())
        return self._put("java.p12", pkcs12.serialize_java_truststore(named, encryption))

    def close(self) -> None:
        """Remove the folder."""
        self._remove()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _put_wgetrc(self, environ: Mapping[str, str]) -> Path:
        usual = environ.get("WGETRC") or f"{environ.get('HOME', '')}/.wgetrc"
        try:
            settings = files.read(Path(usual), _LARGEST_WGETRC)
        except (OSError, ValueError):
            settings = b""
        lines = [line for line in settings.splitlines() if _wget_name(line) not in _WGET_PROXIES]
        authorities = self.bundle
        if stated := [line.partition(b"=")[2].strip() for line in lines if _wget_name(line) == b"cacertificate"]:
            path = os.fsdecode(stated[-1])
            also = bundles.read(environ.get("HOME", "") + path[1:] if path.startswith("~/") else path)
            authorities = self._put("wget.pem", bundles.write(dict.fromkeys([*self._trusted, *also])))
        # Of two lines for one setting the later one holds. The user's may hold passwords.
        lines.append(b"ca_certificate = " + os.fsencode(authorities))
        return self._put("wgetrc", b"\n".join([*lines, b""]), mode=0o600)

    def _put(self, name: str, content: bytes, mode: int = 0o644) -> Path:
        path = self.folder / name
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(content)
        return path


def _wget_name(line: bytes) -> bytes:
    """Return the setting that `line` of a wgetrc is about; wget ignores case, dashes and underscores."""
    return re.sub(rb"[-_\s]", b"", line.partition(b"=")[0]).lower()


def _remove(folder: Path, process: int) -> None:
    if os.getpid() == process:  # not when a fork ends
        shutil.rmtree(folder, ignore_errors=True)

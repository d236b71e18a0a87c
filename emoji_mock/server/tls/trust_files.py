"""Files in a private folder by which programs trust the authority of a server, besides those they trust already."""

from __future__ import annotations

import os
import shutil
import ssl
import tempfile
import weakref
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from emoji_mock.server.tls.extra import tls_extra

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self


class TrustFiles:
    """Files with `certificate`, the PEM of an authority, and with what `environ` says that its programs trust.

    They are in a folder of this user alone, which is removed by `close` and at the end of the process.
    """

    def __init__(self, certificate: bytes, environ: Mapping[str, str]) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="emoji-mock-"))
        self._remove = weakref.finalize(self, _remove, self.folder, os.getpid())
        self.certificate = self._put("ca.pem", certificate)
        """The authority alone."""
        paths = ssl.get_default_verify_paths()
        system = Path(paths.cafile).read_bytes() if paths.cafile else b""
        self.bundle = self._put("bundle.pem", system + b"\n" + certificate)
        """The authorities that are trusted already, and ours."""
        self.node_extra = self.certificate
        """What the user gives to Node already, and ours."""
        self.wgetrc = self._put("wgetrc", f"ca_certificate = {self.bundle}\n".encode())
        """The user's wgetrc, with the bundle."""
        self.java_password = "changeit"  # noqa: S105 - of a file with nothing secret, and Java's own default
        del environ

    @cached_property
    def java_store(self) -> Path:
        """The content of the bundle in PKCS#12, as Java reads it. Made when it is first asked for."""
        with tls_extra():
            from cryptography import x509  # noqa: PLC0415 - only Java needs it
            from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12  # noqa: PLC0415 - likewise
        found = x509.load_pem_x509_certificates(self.bundle.read_bytes())
        named = [pkcs12.PKCS12Certificate(one, str(number).encode()) for number, one in enumerate(found)]
        return self._put("java.p12", pkcs12.serialize_java_truststore(named, NoEncryption()))

    def close(self) -> None:
        """Remove the folder."""
        self._remove()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _put(self, name: str, content: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content)
        path.chmod(0o644)
        return path


def _remove(folder: Path, process: int) -> None:
    if os.getpid() == process:  # not at the end of a fork
        shutil.rmtree(folder, ignore_errors=True)

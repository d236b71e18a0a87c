"""Files in a private folder by which programs trust the authority of a server, besides those they trust already."""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
import weakref
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from emoji_mock.server.tls import bundles
from emoji_mock.server.tls.extra import tls_extra
from emoji_mock.server.tls.tool_settings import curl_settings, wget_settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

_PRIVATE = 0o600
"""The mode of files in which a user may have put passwords."""


class TrustFiles:
    """Files with `certificate`, an authority in PEM, and with what the programs of `environ` trust already.

    They lie in a folder of this user alone, which `close` removes, or at the latest the end of the process.
    Raises ValueError where the name of the folder for temporary files cannot be used.
    """

    def __init__(self, certificate: bytes, environ: Mapping[str, str]) -> None:
        if not tempfile.gettempdir().isprintable():  # a line of wgetrc cannot hold it
            raise ValueError("TMPDIR: names a folder with a line end or a control character; set it to another folder")
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
            self.curl_home = self._put_curlrc(environ)
            """A folder with the user's settings of curl but proxies and authorities; None where they have neither."""
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
        settings = wget_settings(environ)
        # Of two lines for one setting the later one holds.
        line = b"ca_certificate = " + os.fsencode(self._bundle_with("wget.pem", settings.authorities))
        return self._put("wgetrc", _text([*settings.lines, line]), _PRIVATE)

    def _put_curlrc(self, environ: Mapping[str, str]) -> Path | None:
        settings = curl_settings(environ)
        if not settings.is_changed:
            return None
        lines = settings.lines
        if settings.authorities:
            path = os.fsencode(self._bundle_with("curl.pem", settings.authorities))
            # Within quotes, a backslash escapes: https://curl.se/docs/manpage.html#-K
            lines.append(b'cacert = "%b"' % path.replace(b"\\", rb"\\").replace(b'"', rb"\""))
        (self.folder / "curl").mkdir()
        return self._put("curl/.curlrc", _text(lines), _PRIVATE).parent

    def _bundle_with(self, name: str, authorities: str) -> Path:
        """Return the bundle, or a file `name` with its content and what is in the file `authorities`."""
        if also := bundles.read(authorities):
            return self._put(name, bundles.write(dict.fromkeys([*self._trusted, *also])))
        return self.bundle

    def _put(self, name: str, content: bytes, mode: int = 0o644) -> Path:
        path = self.folder / name
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(content)
        return path


def _text(lines: list[bytes]) -> bytes:
    return b"".join(b"%b\n" % line for line in lines)


def _remove(folder: Path, process: int) -> None:
    if os.getpid() == process:  # not when a fork ends
        shutil.rmtree(folder, ignore_errors=True)

"""The certificate authority of a server: it can vouch for the vendor's hosts and for loopback, and for nothing else."""

from __future__ import annotations

import os
import re
import ssl
import tempfile
from contextlib import suppress
from pathlib import Path

from emoji_mock._support.threads import native
from emoji_mock.server.tls.extra import tls_extra

_ADDRESS = re.compile(r"[\d.]+|.*:.*")


class Authority:
    """A certificate authority, and what it has issued to a server: a certificate for names alone, and one for all.

    Its own private key is not kept in memory after that.
    """

    def __init__(self, certificate: bytes, public_key_hash: str, for_names: bytes, for_all: bytes) -> None:
        self.certificate = certificate
        """The certificate of the authority in PEM, as a client trusts it."""
        self.public_key_hash = public_key_hash
        """The SHA-256 of the authority's public key in base64, as Chromium's command line takes it."""
        self._for_names, self._for_all = for_names, for_all

    @classmethod
    def create(cls) -> Authority:
        """Create an authority for this process. Raises TlsExtraError."""
        with tls_extra():
            from emoji_mock.server.tls import certificates  # noqa: PLC0415 - loads cryptography
        return cls(*certificates.issue(certificates.create(certificates.FOR_A_PROCESS)))

    @classmethod
    def kept_in(cls, folder: Path) -> Authority:
        """Return the authority in `folder`; if there is none, create one there that lasts for years.

        Raises OSError and ValueError, which say what is wrong with the folder or its files, and TlsExtraError.
        """
        with tls_extra():
            from emoji_mock.server.tls import certificates, kept_files  # noqa: PLC0415 - loads cryptography
        return cls(*certificates.issue(kept_files.find(folder)))

    def server_context(self) -> ssl.SSLContext:
        """Return a new context for a server that shows the certificate for every host of the vendor's and loopback.

        Its `sni_callback` chooses between certificates: in the handshake clients name a host, but no address, and Java
        no host without a dot (RFC 6066, 3).
        """
        context, for_names = _context(self._for_all), _context(self._for_names)

        def choose(connection: ssl.SSLObject | ssl.SSLSocket, name: str | None, _: ssl.SSLContext) -> None:
            if name is not None and not _ADDRESS.fullmatch(name):
                connection.context = for_names

        if native.threads_replaced_by() == "gevent":
            context.sslobject_class = _GreenObject
        context.sni_callback = choose
        return context


class _GreenObject(ssl.SSLObject):
    """TLS over buffers where gevent has replaced `ssl`: it asks for the socket behind this, and there is none."""

    def _sslsock(self) -> ssl.SSLObject:
        return self


def _context(chain: bytes) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["http/1.1"])
    _load_chain(context, chain)
    return context


def _load_chain(context: ssl.SSLContext, content: bytes) -> None:
    """Give a key and its certificates to `context`, which reads files alone: one in memory, where it can be."""
    if hasattr(os, "memfd_create"):
        with suppress(OSError), os.fdopen(os.memfd_create("emoji-mock"), "wb") as file:
            file.write(content)
            file.flush()
            context.load_cert_chain(f"/proc/self/fd/{file.fileno()}")
            return
    descriptor, path = tempfile.mkstemp(prefix="emoji-mock-")  # readable by its owner alone
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        context.load_cert_chain(path)
    finally:
        Path(path).unlink(missing_ok=True)

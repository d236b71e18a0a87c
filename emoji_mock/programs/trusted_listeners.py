"""The TLS and proxy listeners of a fake on bound sockets, with the files by which programs trust them."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING, Self

from emoji_mock._support.files import describe_error
from emoji_mock.server.proxy.destinations import Destinations
from emoji_mock.server.run import is_loopback, listen, url_at
from emoji_mock.server.tls.authority import Authority
from emoji_mock.server.tls.trust_files import TrustFiles
from emoji_mock.server.vendor_listeners import VendorListeners

if TYPE_CHECKING:
    import socket
    from collections.abc import Mapping
    from pathlib import Path


class TrustedListeners:
    """Bound sockets for TLS and a proxy, a certificate authority, and the files that hold its certificate.

    A port of 0 is any free one, None leaves a listener out. Raises ValueError, which says what to do, where one cannot
    listen or the folder `ca_dir` holds no usable authority, and ImportError if the extra `tls` is missing. Close it to
    remove the files.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        tls_port: int | None = 0,
        proxy_port: int | None = 0,
        ca_dir: Path | None = None,
        offline: bool = False,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        with ExitStack() as stack:
            tls = self._listen(stack, host, tls_port, "--tls-port")
            proxy = self._listen(stack, host, proxy_port, "--proxy-port")
            destinations = Destinations(offline=offline, open_to_others=not is_loopback(host), environ=environ)
            authority = Authority.create() if ca_dir is None else _kept_in(ca_dir)
            try:
                self.files = stack.enter_context(TrustFiles(authority.certificate, environ))
            except OSError as error:
                raise ValueError(describe_error(error)) from error
            self.public_key_hash = authority.public_key_hash
            self.listeners = VendorListeners(authority, destinations, tls=tls, proxy=proxy)
            self.tls_port: int = tls.getsockname()[1] if tls else 0
            """The port of the TLS listener, or 0 if there is none."""
            self.proxy_url = url_at(host, proxy.getsockname()[1]) if proxy else ""
            """The address of the proxy, or "" if there is none."""
            self.offline = offline
            self._closing = stack.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the sockets and remove the files."""
        self._closing.close()

    @staticmethod
    def _listen(stack: ExitStack, host: str, port: int | None, flag: str) -> socket.socket | None:
        return None if port is None else stack.enter_context(listen(host, port, flag))


def _kept_in(folder: Path) -> Authority:
    try:
        return Authority.kept_in(folder)
    except OSError as error:
        needed = "--ca-dir must name a folder in which you may read and write files"
        raise ValueError(f"{describe_error(error)}; {needed}") from error

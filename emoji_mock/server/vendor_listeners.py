"""The listeners at which programs reach a fake under the vendor's own names: TLS, and a proxy."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from emoji_mock._support import active_fakes
from emoji_mock.server.proxy.connection import ProxyConnection
from emoji_mock.server.tls.handshake import Arrival, Attach, Attachment, Backend
from emoji_mock.server.tls.notices import Notices

if TYPE_CHECKING:
    import socket

    from emoji_mock.server.proxy.destinations import Destinations
    from emoji_mock.server.tls.authority import Authority

_BACKLOG = 2048


class VendorListeners:
    """A listener for TLS, and one for a proxy, on sockets that are bound already; either may be left out.

    `authority` issues the certificate, `destinations` says which other hosts the proxy may reach.
    """

    def __init__(
        self,
        authority: Authority,
        destinations: Destinations,
        *,
        tls: socket.socket | None = None,
        proxy: socket.socket | None = None,
    ) -> None:
        self._context = authority.server_context()
        self._destinations = destinations
        self._sockets = {"tls": tls, "proxy": proxy}
        self._servers: list[asyncio.Server] = []
        self._proxied: set[ProxyConnection] = set()
        self._attachment: Attachment | None = None
        self.notices = Notices()
        """What connections that did not reach the fake should be reported as."""

    async def start(self, backend: Backend) -> None:
        """Accept connections, in the running loop; protocols of `backend` answer for the vendor."""
        attachment = self._attachment = Attachment(backend, self._context, self.notices)
        loop = asyncio.get_running_loop()
        for name, factory in (
            ("tls", lambda: _TlsConnection(attachment.attach)),
            ("proxy", lambda: ProxyConnection(attachment.attach, self._destinations, self.notices, self._proxied)),
        ):
            listener = self._sockets[name]
            if listener is not None:
                self._servers.append(await loop.create_server(factory, sock=listener, backlog=_BACKLOG))

    def close(self) -> None:
        """Accept no more connections, and close those that the fake does not answer on. Call it in the same loop."""
        for listener in self._sockets.values():
            if listener is not None and listener.fileno() >= 0:
                active_fakes.leave(listener.getsockname())
        for server in self._servers:
            server.close()
        if self._attachment is not None:
            self._attachment.shutdown()
        for connection in list(self._proxied):
            connection.shutdown()


class _TlsConnection(asyncio.Protocol):
    """A new connection at the TLS listener."""

    def __init__(self, attach: Attach) -> None:
        self._attach = attach

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as a socket's is
        """Let the handshake begin."""
        self._attach(transport, Arrival("", "", secure=True), b"")

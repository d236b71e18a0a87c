"""The listeners at which programs reach a fake under the vendor's own names: TLS, and a proxy."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from emoji_mock._support import active_fakes
from emoji_mock._support.event_loops import stop_listening
from emoji_mock.server.proxy.connection import ProxyConnection
from emoji_mock.server.tls.client_hello import HANDSHAKE, named_host
from emoji_mock.server.tls.handshake import HANDSHAKE_SECONDS, Arrival, Attach, Attachment, Backend
from emoji_mock.server.tls.notices import Notices

if TYPE_CHECKING:
    import socket

    from emoji_mock.server.proxy.destinations import Destinations
    from emoji_mock.server.tls.authority import Authority

_BACKLOG = 2048
_TEXT = b"This port is for TLS: use https://, or another port of emoji-mock.\n"
_NOT_TLS = (
    b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%b"
    % (len(_TEXT), _TEXT)
)


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
        self._parts = authority, destinations, tls, proxy
        self._context = authority.server_context()
        self._destinations = destinations
        self._sockets = {"tls": tls, "proxy": proxy}
        self._servers: list[asyncio.Server] = []
        self._proxied: set[ProxyConnection] = set()
        self._waiting: set[_TlsConnection] = set()
        self._attachment: Attachment | None = None
        self.notices = Notices()
        """What connections that did not reach the fake should be reported as."""

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle as what it was made of: another process makes its own of it."""
        return _remade, self._parts

    async def start(self, backend: Backend) -> None:
        """Accept connections, in the running loop; protocols of `backend` answer for the vendor."""
        attachment = self._attachment = Attachment(backend, self._context, self.notices)
        loop = asyncio.get_running_loop()
        for name, factory in (
            ("tls", lambda: _TlsConnection(attachment.attach, self._waiting)),
            ("proxy", lambda: ProxyConnection(attachment.attach, self._destinations, self.notices, self._proxied)),
        ):
            listener = self._sockets[name]
            if listener is not None:
                self._servers.append(await loop.create_server(factory, sock=listener, backlog=_BACKLOG))

    def close_sockets(self) -> None:
        """Close the sockets of a process that does not answer there itself."""
        self._leave()
        for listener in self._sockets.values():
            if listener is not None:
                listener.close()

    def _leave(self) -> None:
        for listener in self._sockets.values():
            if listener is not None and listener.fileno() >= 0:
                active_fakes.leave(listener.getsockname())

    async def close(self) -> None:
        """Accept no more connections, and close those that the fake does not answer on. Await it in the same loop."""
        self._leave()
        await stop_listening(self._servers)
        if self._attachment is not None:
            self._attachment.shutdown()
        connections: list[ProxyConnection | _TlsConnection] = [*self._proxied, *self._waiting]
        for connection in connections:
            connection.shutdown()


def _remade(
    authority: Authority, destinations: Destinations, tls: socket.socket | None, proxy: socket.socket | None
) -> VendorListeners:
    return VendorListeners(authority, destinations, tls=tls, proxy=proxy)


class _TlsConnection(asyncio.Protocol):
    """A new connection at the TLS listener, until its first bytes come."""

    _transport: asyncio.Transport
    _timer: asyncio.TimerHandle

    def __init__(self, attach: Attach, connections: set[_TlsConnection]) -> None:
        self._attach, self._connections = attach, connections

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as a socket's is
        """Wait for the first bytes, for a while."""
        self._transport = transport
        self._connections.add(self)
        self._timer = asyncio.get_running_loop().call_later(HANDSHAKE_SECONDS, transport.close)

    def data_received(self, data: bytes) -> None:
        """Begin the handshake, if the first byte is that of one."""
        self._leave()
        if data[0] != HANDSHAKE:
            self._transport.write(_NOT_TLS)
            self._transport.close()
            return
        self._attach(self._transport, Arrival(named_host(data), "", secure=True), data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection: a port scan, or a health check."""
        del exc
        self._leave()

    def shutdown(self) -> None:
        """Close the connection."""
        self._transport.close()

    def _leave(self) -> None:
        self._timer.cancel()
        self._connections.discard(self)

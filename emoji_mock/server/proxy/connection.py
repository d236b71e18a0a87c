"""A connection to the proxy: its first request says whether the fake answers or where the connection goes on."""

from __future__ import annotations

import asyncio
import re
from functools import partial
from typing import TYPE_CHECKING

import h11

from emoji_mock.contract.hosts import is_vendor_host
from emoji_mock.fake.port import HEAD_BYTES
from emoji_mock.server.proxy import heads
from emoji_mock.server.proxy.problems import ProxyError, refuse
from emoji_mock.server.proxy.relay import ByteRelay
from emoji_mock.server.proxy.request_body import RequestBody
from emoji_mock.server.tls.client_hello import HANDSHAKE
from emoji_mock.server.tls.handshake import Arrival
from emoji_mock.server.tls.notices import Notice

if TYPE_CHECKING:
    from emoji_mock.server.proxy.destinations import Destinations
    from emoji_mock.server.proxy.heads import Destination
    from emoji_mock.server.proxy.upstream import UpstreamProxy
    from emoji_mock.server.tls.handshake import Attach
    from emoji_mock.server.tls.notices import Notices

HEAD_SECONDS = 60.0
"""How long the head of a request may take."""
MOST_CONNECTIONS = 1_000
"""Connections that wait for a request or are passed on. Those that the fake answers on are not counted."""
_ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
_PLAIN_PORT = 80
_REQUEST_LINE = re.compile(rb"[!-~]+ [!-~]+ HTTP/1\.[01]\r?\n")
_NOT_HTTP = (400, "this is not a request of HTTP/1.1", "the proxy's URL begins with http:// and it speaks HTTP/1.1")
_TLS = (400, "the proxy is reached without TLS", "let its URL begin with http://, also for https:// pages")
_MALFORMED = (400, "the head of the request is malformed or has no Host header")
_TOO_LARGE = (431, f"the head of the request is larger than {HEAD_BYTES // 1024} KB")
_LATE = (408, f"the head of the request did not end in {HEAD_SECONDS:.0f} seconds")
_FULL = (
    503,
    f"the proxy passes on {MOST_CONNECTIONS:,} connections already",
    "close some, or find out why they stay open",
)
_CIRCLE = (
    508,
    "a proxy of your environment leads back to this one",
    "unset HTTP_PROXY, HTTPS_PROXY and ALL_PROXY for emoji-mock",
)


class ProxyConnection(asyncio.Protocol):
    """A connection to the proxy; it stands in `connections` until it is closed or the fake answers on it."""

    _transport: asyncio.Transport
    _timer: asyncio.TimerHandle

    def __init__(
        self, attach: Attach, destinations: Destinations, notices: Notices, connections: set[ProxyConnection]
    ) -> None:
        self._attach, self._destinations, self._notices, self._connections = attach, destinations, notices, connections
        self._parser = h11.Connection(h11.SERVER, max_incomplete_event_size=HEAD_BYTES)
        self._received = b""
        self._relay: ByteRelay | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as a socket's is
        """Wait for the head of a request."""
        self._transport = transport
        is_full = len(self._connections) >= MOST_CONNECTIONS
        self._connections.add(self)
        self._timer = asyncio.get_running_loop().call_later(HEAD_SECONDS, self._be_late)
        if is_full:
            self._refuse(ProxyError(*_FULL))

    def data_received(self, data: bytes) -> None:
        """Read the head, and go on as it says."""
        self._received += data
        try:
            request = self._read_head(data)
            if request is not None:
                self._go_on(request)
        except ProxyError as problem:
            self._refuse(problem)

    def eof_received(self) -> bool:
        """Answer an incomplete head."""
        if self._received and not self._transport.is_closing():
            self._transport.write(ProxyError(*_NOT_HTTP).answer())
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        del exc
        self._leave()

    def shutdown(self) -> None:
        """Close the connection at once."""
        if self._relay is not None:
            self._relay.shutdown()
        else:
            self._transport.abort()

    def _read_head(self, data: bytes) -> h11.Request | None:
        if self._received[0] == HANDSHAKE:
            raise ProxyError(*_TLS)
        line, end, _ = self._received.partition(b"\n")
        if end and not _REQUEST_LINE.fullmatch(line + end):
            raise ProxyError(*_NOT_HTTP)
        try:
            self._parser.receive_data(data)
            event = self._parser.next_event()
        except h11.RemoteProtocolError as error:
            raise ProxyError(*(_TOO_LARGE if error.error_status_hint == _TOO_LARGE[0] else _MALFORMED)) from None
        if len(self._received) - len(self._parser.trailing_data[0]) > HEAD_BYTES:
            raise ProxyError(*_TOO_LARGE)
        return event if isinstance(event, h11.Request) else None

    def _go_on(self, request: h11.Request) -> None:
        if request.method == b"CONNECT":
            self._open_tunnel(request, heads.read_authority(request.target.decode("ascii")))
        elif request.target[:1] == b"/" or request.target == b"*":
            self._answer_by_fake(Arrival("", heads.user_agent(request), secure=False), self._received)
        else:
            self._forward(request, heads.read_absolute(request))

    def _open_tunnel(self, request: h11.Request, target: Destination) -> None:
        first, client = self._parser.trailing_data[0], heads.user_agent(request)
        is_plain = target.port == _PLAIN_PORT
        if is_vendor_host(target.host):
            self._transport.pause_reading()
            self._transport.write(_ESTABLISHED)
            self._answer_by_fake(Arrival(target.host, client, secure=not is_plain), first)
            return
        proxy = self._find_proxy(request, target, "http" if is_plain else "https")
        connect = partial(self._connect, target, proxy, client, tunnel=True)
        self._pass_on(ByteRelay(connect, self._ended, greeting=_ESTABLISHED, first=first))

    def _forward(self, request: h11.Request, target: Destination) -> None:
        client = heads.user_agent(request)
        if is_vendor_host(target.host):
            data = heads.rewritten(request, target) + self._parser.trailing_data[0]
            self._answer_by_fake(Arrival(target.host, client, secure=False), data)
            return
        proxy = self._find_proxy(request, target, "http")
        added = [("Via", self._destinations.via), *proxy.headers()] if proxy else []
        upgrade = heads.asks_for_websocket(request)
        head = heads.rewritten(request, target, upgrade=upgrade, added=added, absolute=proxy is not None)
        body = RequestBody(self._parser, upgrade=upgrade)
        connect = partial(self._connect, target, proxy, client, tunnel=False)
        self._pass_on(ByteRelay(connect, self._ended, first=head + body.first, body=body))

    def _find_proxy(self, request: h11.Request, target: Destination, scheme: str) -> UpstreamProxy | None:
        via = self._destinations.via.encode()
        if any(name == b"via" and via in value for name, value in request.headers):
            raise ProxyError(*_CIRCLE)
        try:
            return self._destinations.find_proxy(target, scheme)
        except ProxyError as problem:
            self._note(problem, target, heads.user_agent(request))
            raise

    async def _connect(
        self, target: Destination, proxy: UpstreamProxy | None, client: str, protocol: asyncio.Protocol, *, tunnel: bool
    ) -> None:
        try:
            await self._destinations.connect(target, proxy, protocol, tunnel=tunnel)
        except ProxyError as problem:
            self._note(problem, target, client)
            raise

    def _note(self, problem: ProxyError, target: Destination, client: str) -> None:
        if problem.kind is not None:
            self._notices.put(Notice(problem.kind, target.host, client, problem.reason))

    def _answer_by_fake(self, arrival: Arrival, data: bytes) -> None:
        self._leave()
        self._attach(self._transport, arrival, data)

    def _pass_on(self, relay: ByteRelay) -> None:
        self._timer.cancel()
        self._received = b""
        self._relay = relay
        self._transport.set_protocol(relay)
        relay.connection_made(self._transport)

    def _refuse(self, problem: ProxyError) -> None:
        self._timer.cancel()
        refuse(self._transport, problem, self._leave)

    def _be_late(self) -> None:
        self._refuse(ProxyError(*_LATE))

    def _ended(self, relay: ByteRelay) -> None:
        del relay
        self._leave()

    def _leave(self) -> None:
        self._timer.cancel()
        self._relay = None
        self._connections.discard(self)

"""Open a tunnel through another proxy."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import h11

from emoji_mock.fake.network.addresses import authority_of
from emoji_mock.fake.port import HEAD_BYTES
from emoji_mock.server.proxy.problems import ProxyError
from emoji_mock.server.tls.notices import NoticeKind

if TYPE_CHECKING:
    from emoji_mock.server.proxy.heads import Destination
    from emoji_mock.server.proxy.upstream import UpstreamProxy

_ADVICE = {407: "put its user and password into the variable, as in http://user:password@host:port"}


class TunnelAnswer(asyncio.Protocol):
    """Asks an upstream proxy for a tunnel to `target`, and then hands the connection to `protocol`."""

    def __init__(self, proxy: UpstreamProxy, target: Destination, protocol: asyncio.Protocol, via: str) -> None:
        self._proxy, self._protocol = proxy, protocol
        self._transport: asyncio.Transport | None = None
        self._parser = h11.Connection(h11.CLIENT, max_incomplete_event_size=HEAD_BYTES)
        authority = authority_of(target.host, target.port)
        headers = [("Host", authority), ("Via", via), *proxy.headers()]
        self._request = h11.Request(method="CONNECT", target=authority, headers=headers)
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Done when the tunnel is there. Raises ProxyError."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as a socket's is
        """Ask."""
        self._transport = transport
        transport.write(self._parser.send(self._request) + self._parser.send(h11.EndOfMessage()))

    def data_received(self, data: bytes) -> None:
        """Read the answer."""
        try:
            self._parser.receive_data(data)
            event = self._parser.next_event()
            while isinstance(event, h11.InformationalResponse):
                event = self._parser.next_event()
        except h11.RemoteProtocolError:
            self._fail("what it answered is not HTTP")
            return
        if event is h11.NEED_DATA:
            return
        if not isinstance(event, h11.Response) or not 200 <= event.status_code < 300:  # noqa: PLR2004 - successful ones
            status = event.status_code if isinstance(event, h11.Response) else 0
            self._fail(f"it answered {status}" if status else "it closed the connection", _ADVICE.get(status, ""))
            return
        transport, rest = self._transport, self._parser.trailing_data[0]
        if transport is None or self.opened.done():
            return
        self.opened.set_result(None)
        transport.set_protocol(self._protocol)
        self._protocol.connection_made(transport)
        if rest:
            self._protocol.data_received(rest)

    def connection_lost(self, exc: Exception | None) -> None:
        """Fail, unless the tunnel is there."""
        del exc
        self._fail("it closed the connection")

    def close(self) -> None:
        """Close the connection, because nobody waits for it any more."""
        self.opened.cancel()
        if self._transport is not None:
            self._transport.abort()

    def _fail(self, why: str, advice: str = "") -> None:
        if self._transport is not None:
            self._transport.abort()
        if not self.opened.done():
            reason = f"the proxy of your environment, {self._proxy}, opens no tunnel: {why}"
            self.opened.set_exception(ProxyError(502, reason, advice, NoticeKind.UNREACHABLE))

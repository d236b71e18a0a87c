"""The door for aiohttp: connections to the vendor's hosts lead to a transport in memory, behind which the fake sits.

aiohttp writes its own bytes and parses ours, so nothing of it is fabricated here, and no thread or socket is needed.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from aiohttp import ClientConnectionError, ClientConnectorError
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import BaseConnector, Connection

from emoji_mock.contract.hosts import is_vendor_host
from emoji_mock.doors._door import Door, Seam
from emoji_mock.doors._wire import Inbox, Played, play

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiohttp import ClientRequest

    from emoji_mock.doors._door import Ask, Uninstall

_DOOR = Door()


def install(ask: Ask) -> Uninstall:
    """Answer for the vendor's hosts with `ask` until the function that is returned has been called."""
    return _DOOR.install(ask)


class MemoryTransport(asyncio.Transport):
    """A transport for one exchange: what is written is a request, and the answer comes as received data."""

    def __init__(self, loop: asyncio.AbstractEventLoop, protocol: ResponseHandler, key: Any, ask: Ask) -> None:  # noqa: ANN401
        super().__init__({"peername": ("127.0.0.1", 443)})
        self._loop, self._protocol, self._key, self._ask = loop, protocol, key, ask
        self._inbox = Inbox()
        self._closing = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Take a part of the request, and answer once it is whole."""
        request = self._inbox.feed(bytes(data))
        if request is not None:
            self._inbox = Inbox()
            # Later, as from a socket: the client has to finish its writing first.
            self._loop.call_soon(self._deliver, play(request.method, self._ask(request)))

    def _deliver(self, played: Played) -> None:
        protocol, error = self._protocol, played.error
        if self._closing:
            return
        if played.data:
            protocol.data_received(played.data)
        if isinstance(error, TimeoutError):
            protocol.read_timeout = 0.001  # aiohttp's own timer then says in aiohttp's own words that time is up
            protocol.start_timeout()
        elif isinstance(error, ConnectionRefusedError):
            protocol.set_exception(ClientConnectorError(self._key, error), error)
        elif error is not None or not protocol.is_eof():
            self._lose(error)

    def _lose(self, error: OSError | None) -> None:
        if not self._closing:
            self._closing = True
            self._protocol.connection_lost(error)

    def is_closing(self) -> bool:
        """Say whether the connection is over."""
        return self._closing

    def close(self) -> None:
        """End the connection."""
        self._loop.call_soon(self._lose, None)

    def abort(self) -> None:
        """End the connection."""
        self.close()

    def is_reading(self) -> bool:
        """Say that data may come."""
        return not self._closing

    def pause_reading(self) -> None:
        """Do nothing: an answer comes whole."""

    def resume_reading(self) -> None:
        """Do nothing."""

    def get_write_buffer_size(self) -> int:
        """Return that nothing is unsent."""
        return 0

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """Do nothing."""


def _connect(original: Callable[..., Any]) -> Callable[..., Any]:
    async def connect(self: Any, req: ClientRequest, *args: Any, **kwargs: Any) -> Connection:  # noqa: ANN401
        ask = _DOOR.ask
        if ask is None or not is_vendor_host(req.url.raw_host or ""):
            connection: Connection = await original(self, req, *args, **kwargs)
            return connection
        if self.closed:
            raise ClientConnectionError("Connector is closed.")
        loop = asyncio.get_running_loop()
        protocol = ResponseHandler(loop)
        protocol.connection_made(MemoryTransport(loop, protocol, req.connection_key, ask))
        protocol.force_close()  # never pooled, so that it does not outlive the door
        return Connection(self, req.connection_key, protocol, loop)

    return connect


_DOOR.at(Seam(BaseConnector, "connect", _connect))

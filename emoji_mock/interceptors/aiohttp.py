"""The door for aiohttp: connections to the vendor's hosts lead to a transport in memory, behind which the fake sits.

aiohttp writes its own bytes and parses ours, so nothing of it is fabricated here, and no thread or socket is needed.
"""

from __future__ import annotations

import asyncio
from functools import partial
from math import inf
from typing import TYPE_CHECKING, Any

from aiohttp import ClientConnectionError, ClientConnectorError
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import BaseConnector, Connection

from emoji_mock.contract.hosts import is_vendor_host
from emoji_mock.fake.endpoints.registry import takes_long
from emoji_mock.fake.network.script import End, Script, script
from emoji_mock.interceptors._wire import Inbox, refused, reset
from emoji_mock.interceptors.base import Interceptor, Patch, by_scheme
from emoji_mock.interceptors.waiting import frozen, waited_out

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiohttp import ClientRequest, ClientTimeout

    from emoji_mock.fake.clock import Clock
    from emoji_mock.interceptors.base import Ask, Uninstall

_DOOR = Interceptor()


def install(ask: Ask) -> Uninstall:
    """Answer for the vendor's hosts with `ask` until the function that is returned has been called."""
    return _DOOR.install(ask)


class MemoryTransport(asyncio.Transport):
    """A transport for one exchange: what is written is a request, and the answer comes as received data."""

    def __init__(self, protocol: ResponseHandler, key: Any, ask: Ask, patience: ClientTimeout) -> None:  # noqa: ANN401
        super().__init__({"peername": ("127.0.0.1", 443)})
        self._loop = asyncio.get_running_loop()
        self._protocol, self._key, self._ask, self._patience = protocol, key, ask, patience
        self._inbox = Inbox()
        self._closing = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Take a part of the request, and answer once it is whole."""
        request = self._inbox.feed(bytes(data))
        if request is not None:
            self._inbox = Inbox()
            request = by_scheme(request, "https" if self._key.is_ssl else "http", self._key.host)
            # Later, as from a socket: the client has to finish its writing first.
            if takes_long(request):
                self._loop.run_in_executor(None, self._ask, request).add_done_callback(
                    lambda done: self._go_on(script(request.method, done.result()), 0)
                )
            else:
                self._loop.call_soon(self._go_on, script(request.method, self._ask(request)), 0)

    def _go_on(self, answer: Script, number: int) -> None:
        """Wait for step `number` of the answer, or for its end."""
        if self._closing:
            return
        last = number == len(answer.steps)
        seconds = answer.silence if last else answer.steps[number].after
        act = partial(self._finish, answer) if last else partial(self._deliver, answer, number)
        clock = frozen(self._ask)
        if not seconds:
            act()
        elif clock is None:
            self._loop.call_later(seconds, act)
        elif seconds >= (patience := self._least_patience()):
            self._loop.call_soon(self._reach, clock, clock() + patience, self._time_out)
        else:
            self._loop.call_soon(self._reach, clock, clock() + seconds, act)

    def _reach(self, clock: Clock, over: float, act: Callable[[], None]) -> None:
        """Let the time of a stopped clock pass, now that others have asked, too."""
        clock.reach(over)
        act()

    def _deliver(self, answer: Script, number: int) -> None:
        if not self._closing:
            self._protocol.data_received(answer.steps[number].data)
            self._go_on(answer, number + 1)

    def _finish(self, answer: Script) -> None:
        waited_out(self._ask, 0 if self._closing else answer.number)
        if answer.end is End.REFUSE:
            error = refused()
            self._protocol.set_exception(ClientConnectorError(self._key, error), error)
        elif answer.end is End.RESET:
            self._lose(reset())
        elif answer.end is End.CLOSE or not self._protocol.is_eof():
            self._lose(None)

    def _least_patience(self) -> float:
        given = (self._patience.total, self._patience.sock_read)
        return min((seconds for seconds in given if seconds), default=inf)

    def _time_out(self) -> None:
        if self._patience.sock_read == self._least_patience():
            self._protocol.read_timeout = 0.001  # aiohttp's own timer then says in aiohttp's own words that time is up
            self._protocol.start_timeout()
        else:
            self._protocol.set_exception(TimeoutError())

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
    async def connect(self: Any, req: ClientRequest, traces: Any, timeout: ClientTimeout) -> Connection:  # noqa: ANN401, ASYNC109 - aiohttp's
        ask = _DOOR.ask
        if ask is None or not is_vendor_host(req.url.raw_host or ""):
            connection: Connection = await original(self, req, traces, timeout)
            return connection
        if self.closed:
            raise ClientConnectionError("Connector is closed.")
        loop = asyncio.get_running_loop()
        protocol = ResponseHandler(loop)
        protocol.connection_made(MemoryTransport(protocol, req.connection_key, ask, timeout))
        protocol.force_close()  # never pooled, so that it does not outlive the door
        return Connection(self, req.connection_key, protocol, loop)

    return connect


_DOOR.at(Patch(BaseConnector, "connect", _connect))

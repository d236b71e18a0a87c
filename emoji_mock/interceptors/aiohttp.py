"""Intercept aiohttp: a connection to one of the vendor's hosts gets an in-memory transport that asks the fake.

aiohttp writes its own bytes and parses ours, so no response is built by hand, and no thread or socket is needed.
"""

from __future__ import annotations

import asyncio
from functools import partial
from math import inf
from typing import TYPE_CHECKING, Any

from aiohttp import ClientConnectionError, ClientConnectorError, ClientSession
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import BaseConnector, Connection, NamedPipeConnector, TCPConnector, UnixConnector
from yarl import URL

from emoji_mock.fake.network.faults import End
from emoji_mock.fake.network.script import Script, script
from emoji_mock.fake.port import ask
from emoji_mock.interceptors.base import Interceptor, Patch, with_scheme
from emoji_mock.interceptors.originals import own_function
from emoji_mock.interceptors.waiting import HEAVY, call_later, waited_out
from emoji_mock.interceptors.wire import CONTINUE, NotHttpError, RequestReader, refused_error, reset_error

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future as ConcurrentFuture

    from aiohttp import ClientRequest, ClientTimeout

    from emoji_mock.contract.exchange import Reply, Request
    from emoji_mock.fake.port import FakePort, PortClock


class MemoryTransport(asyncio.Transport):
    """A transport for one exchange: it takes the bytes of a request and delivers those of the response."""

    def __init__(self, protocol: ResponseHandler, key: Any, port: FakePort, timeout: ClientTimeout) -> None:  # noqa: ANN401
        super().__init__({"peername": ("127.0.0.1", 443)})
        self._loop = asyncio.get_running_loop()
        self._protocol, self._key, self._port, self._timeout = protocol, key, port, timeout
        self._reader = RequestReader(port)
        self._closing = False
        self._working: ConcurrentFuture[Reply] | None = None

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Take a part of the request; answer when it is complete."""
        try:
            request = self._reader.feed(bytes(data))
        except NotHttpError as error:
            self._loop.call_soon(self._go_on, script("", error.response), 0)
            return
        if request is not None:
            self._reader = RequestReader(self._port)
            self._answer(with_scheme(request, "https" if self._key.is_ssl else "http", self._key.host))
        elif self._reader.take_continue():
            self._loop.call_soon(self._protocol.data_received, CONTINUE)

    def _answer(self, request: Request) -> None:
        # Later, as from a socket: the client has to finish its writing first.
        self._working = HEAVY.start(self._port, request)
        if self._working is None:
            self._loop.call_soon(self._go_on, script(request.method, ask(self._port, request)), 0)
        else:
            asyncio.wrap_future(self._working).add_done_callback(partial(self._worked, request.method))

    def _worked(self, method: str, done: asyncio.Future[Reply]) -> None:
        """Deliver what a thread has answered, unless the connection was closed before its turn."""
        if not done.cancelled():
            self._go_on(script(method, done.result()), 0)

    def _go_on(self, answer: Script, number: int) -> None:
        """Wait for step `number` of the answer, or after the last one for its end."""
        if self._closing:
            return
        last = number == len(answer.steps)
        seconds = answer.silence if last else answer.steps[number].after
        act = partial(self._finish, answer) if last else partial(self._deliver, answer, number)
        clock = self._port.clock
        if not seconds:
            act()
        elif not clock.frozen:
            call_later(self._loop, seconds, act)
        elif seconds >= (timeout := self._shortest_timeout()):
            self._loop.call_soon(self._reach, clock, clock() + timeout, self._time_out)
        else:
            self._loop.call_soon(self._reach, clock, clock() + seconds, act)

    def _reach(self, clock: PortClock, end: float, act: Callable[[], None]) -> None:
        """Advance a frozen clock, now that other tasks have made their calls too."""
        clock.reach(end)
        act()

    def _deliver(self, answer: Script, number: int) -> None:
        if not self._closing:
            self._protocol.data_received(answer.steps[number].data)
            self._go_on(answer, number + 1)

    def _finish(self, answer: Script) -> None:
        waited_out(self._port, 0 if self._closing else answer.number)
        if answer.end is End.REFUSE:
            error = refused_error()
            self._protocol.set_exception(ClientConnectorError(self._key, error), error)
        elif answer.end is End.RESET:
            self._lose(reset_error())
        elif answer.end is End.CLOSE or not self._protocol.is_eof():
            self._lose(None)

    def _shortest_timeout(self) -> float:
        limits = (self._timeout.total, self._timeout.sock_read)
        return min((seconds for seconds in limits if seconds), default=inf)

    def _time_out(self) -> None:
        if self._timeout.sock_read == self._shortest_timeout():
            self._protocol.read_timeout = 0.001  # aiohttp's own timer then raises aiohttp's own error
            self._protocol.start_timeout()
        else:
            self._protocol.set_exception(TimeoutError())

    def _lose(self, error: OSError | None) -> None:
        if not self._closing:
            self._closing = True
            if self._working is not None:
                self._working.cancel()
            self._protocol.connection_lost(error)

    def is_closing(self) -> bool:
        """Return whether the connection is over."""
        return self._closing

    def close(self) -> None:
        """End the connection."""
        self._loop.call_soon(self._lose, None)

    def abort(self) -> None:
        """End the connection."""
        self.close()

    def is_reading(self) -> bool:
        """Return True: data may arrive."""
        return not self._closing

    def pause_reading(self) -> None:
        """Do nothing: an answer comes whole."""

    def resume_reading(self) -> None:
        """Do nothing."""

    def get_write_buffer_size(self) -> int:
        """Return 0: nothing is unsent."""
        return 0

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """Do nothing."""


_CREATE = "_create_connection"  # the one place below a connector's limits and traces; a test names it
_CONNECTORS = (TCPConnector, UnixConnector, NamedPipeConnector)


def _host(session: Any, _: object, url: Any, **__: object) -> str:  # noqa: ANN401 - aiohttp's
    base = getattr(session, "_base_url", None)
    return (base.join(URL(url)) if base else URL(url)).raw_host or ""


class AiohttpInterceptor(Interceptor):
    """Intercept aiohttp's connectors, whose limits and traces stay in use."""

    def __init__(self) -> None:
        super().__init__(
            self.past_others(ClientSession, "_request", _host),
            Patch(BaseConnector, "connect", self._connect),
            *[Patch(kind, _CREATE, self._create_connection) for kind in _CONNECTORS],
        )

    def _connect(self, original: Callable[..., Any]) -> Callable[..., Any]:
        async def connect(connector: Any, req: ClientRequest, traces: Any, timeout: ClientTimeout) -> Connection:  # noqa: ANN401, ASYNC109 - aiohttp's
            port = self.port_for(req.url.raw_host or "")
            own: Any = original
            if port is not None:
                own = own_function(BaseConnector, "connect", None) if _uses_ours(connector, req) else None
            if port is None or own is not None:
                connection: Connection = await own(connector, req, traces, timeout)
                return connection
            if connector.closed:
                raise ClientConnectionError("Connector is closed.")
            return Connection(connector, req.connection_key, _protocol(req, port, timeout), asyncio.get_running_loop())

        return connect

    def _create_connection(self, original: Callable[..., Any]) -> Callable[..., Any]:
        async def create(connector: Any, req: ClientRequest, traces: Any, timeout: ClientTimeout) -> ResponseHandler:  # noqa: ANN401, ASYNC109 - aiohttp's
            port = self.port_for(req.url.raw_host or "")
            if port is None:
                protocol: ResponseHandler = await original(connector, req, traces, timeout)
                return protocol
            return _protocol(req, port, timeout)

        return create


def _uses_ours(connector: Any, req: ClientRequest) -> bool:  # noqa: ANN401 - aiohttp's
    """Return whether a new connection of `connector` is made by a class that is patched, and none waits for a call."""
    places = [vars(each)[_CREATE] for each in _CONNECTORS]
    kind: Any = connector.__class__
    return getattr(kind, _CREATE, None) in places and req.connection_key not in getattr(connector, "_conns", ())


def _protocol(req: ClientRequest, port: FakePort, timeout: ClientTimeout) -> ResponseHandler:
    """Return the protocol of a connection to the fake."""
    protocol = ResponseHandler(asyncio.get_running_loop())
    protocol.connection_made(MemoryTransport(protocol, req.connection_key, port, timeout))
    protocol.force_close()  # never pooled, so that it does not outlive the interceptor
    return protocol


INTERCEPTOR = AiohttpInterceptor()

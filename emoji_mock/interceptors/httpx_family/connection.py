"""A connection to the fake in a pool of httpcore, so that the pool's limits, timeouts and retries stay in use."""

from __future__ import annotations

from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from emoji_mock.interceptors.waiting import wait, wait_async

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator

    from emoji_mock.fake.port import FakePort

    Answer = Callable[[Any, FakePort], Any]
    AnswerAsync = Callable[[Any, FakePort], Awaitable[Any]]


def core_of(library: Any) -> Any:  # noqa: ANN401 - modules
    """Return the module with the connection pools of httpx (httpcore) or httpx2 (httpcore2)."""
    return import_module(library.__name__.replace("httpx", "httpcore"))


def pools_of(core: Any) -> list[Any]:  # noqa: ANN401 - a module, classes
    """Return the classes of pools that create connections."""
    names = ("ConnectionPool", "HTTPProxy", "SOCKSProxy", "AsyncConnectionPool", "AsyncHTTPProxy", "AsyncSOCKSProxy")
    return [getattr(core, name) for name in names if "create_connection" in vars(getattr(core, name))]


class _Url(NamedTuple):
    """The parts of a URL of httpx that the interceptor reads, made without parsing."""

    scheme: str
    netloc: bytes
    raw_path: bytes


class _Headers(NamedTuple):
    """The part of the headers of httpx that the interceptor reads."""

    raw: list[tuple[bytes, bytes]]


class _HttpxRequest(NamedTuple):
    """The parts of a request of httpx that the interceptor reads."""

    method: str
    url: _Url
    headers: _Headers
    content: bytes
    extensions: Any

    @classmethod
    def of(cls, request: Any, body: bytes) -> _HttpxRequest:  # noqa: ANN401 - of httpcore
        """Return a request of httpcore in this form."""
        url = request.url
        netloc = url.host if url.port is None else b"%b:%d" % (url.host, url.port)
        parts = _Url(url.scheme.decode("ascii"), netloc, url.target)
        return cls(request.method.decode("ascii"), parts, _Headers(request.headers), body, request.extensions)


class Fabric:
    """What connections of one library need: its modules, and functions that answer its requests."""

    def __init__(self, library: Any, answer: Answer, answer_async: AnswerAsync) -> None:  # noqa: ANN401 - a module
        self.library, self.core = library, core_of(library)
        self.answer, self.answer_async = answer, answer_async

    def stale(self, pool: Any, url: Any) -> list[Any]:  # noqa: ANN401 - the library's
        """Return the connections of `pool` to the host of `url` that were made before the interception."""
        made: list[Any] = pool.connections
        if not made:  # the usual case
            return made
        origin = self.core.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=b"/").origin
        # A FakeConnection is never available.
        return [each for each in made if each.is_available() and each.can_handle_request(origin)]

    def error(self, error: Any) -> Exception:  # noqa: ANN401 - of httpx
        """Return an exception of httpx as the one of httpcore that httpx made it of."""
        kind: Any = getattr(self.core, type(error).__name__, self.core.NetworkError)
        made: Exception = kind(str(error))
        return made

    def response(self, response: Any, connection: FakeConnection) -> Any:  # noqa: ANN401 - of httpx, of httpcore
        """Return a response of httpx as one of httpcore."""
        body = _Body(self, response.stream, connection)
        return self.core.Response(
            response.status_code, headers=response.headers.raw, content=body, extensions=response.extensions
        )


class FakeConnection:
    """A connection for one exchange, sync or async: it is never used again, so none outlives its interception."""

    def __init__(self, fabric: Fabric, port: FakePort, retries: int) -> None:
        self._fabric, self._port, self._retries = fabric, port, retries
        self._closed = False

    def _delays(self) -> Iterator[float]:
        """Yield how long httpcore waits before it connects once more."""
        yield from (0.0 if nth == 0 else 0.5 * 2 ** (nth - 1) for nth in range(self._retries))

    def handle_request(self, request: Any) -> Any:  # noqa: ANN401 - httpcore's
        """Answer a request; a refused connection is tried again as often as the pool says."""
        fabric, delays = self._fabric, self._delays()
        with self._closing_on_error():
            made = _HttpxRequest.of(request, b"".join(request.stream))
            while True:
                try:
                    return fabric.response(fabric.answer(made, self._port), self)
                except fabric.library.ConnectError:
                    if (delay := next(delays, None)) is None:
                        raise
                    wait(self._port, delay)

    async def handle_async_request(self, request: Any) -> Any:  # noqa: ANN401 - httpcore's
        """Answer a request in an event loop; a refused connection is tried again as often as the pool says."""
        fabric, delays = self._fabric, self._delays()
        with self._closing_on_error():
            made = _HttpxRequest.of(request, b"".join([part async for part in request.stream]))
            while True:
                try:
                    return fabric.response(await fabric.answer_async(made, self._port), self)
                except fabric.library.ConnectError:
                    if (delay := next(delays, None)) is None:
                        raise
                    await wait_async(self._port, delay)

    @contextmanager
    def _closing_on_error(self) -> Generator[None]:
        """End the connection when its request fails, with httpcore's exception in place of the library's."""
        try:
            yield
        except self._fabric.library.RequestError as error:
            self._closed = True
            raise self._fabric.error(error) from error
        except BaseException:
            self._closed = True
            raise

    def close(self) -> None:
        """End the connection."""
        self._closed = True

    async def aclose(self) -> None:
        """End the connection."""
        self._closed = True

    def info(self) -> str:
        """Describe the connection for the repr of its pool."""
        return "emoji-mock"

    def can_handle_request(self, origin: object) -> bool:
        """Return False: it is for one exchange."""
        del origin
        return False

    def is_available(self) -> bool:
        """Return False: it takes no further request."""
        return False

    def is_idle(self) -> bool:
        """Return False: it is closed as soon as its exchange is over."""
        return False

    def has_expired(self) -> bool:
        """Return False: it lasts until its response has been read."""
        return False

    def can_multiplex(self) -> bool:
        """Return False: one exchange at a time."""
        return False

    def is_connected(self) -> bool:
        """Return whether the exchange lasts."""
        return not self._closed

    def is_closed(self) -> bool:
        """Return whether the exchange is over."""
        return self._closed


class _Body:
    """The body of a response, whose end frees the connection's place in the pool."""

    def __init__(self, fabric: Fabric, stream: Any, connection: FakeConnection) -> None:  # noqa: ANN401 - of httpx
        self._fabric, self._stream, self._connection = fabric, stream, connection

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._stream
        except self._fabric.library.RequestError as error:
            raise self._fabric.error(error) from error

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for part in self._stream:
                yield part
        except self._fabric.library.RequestError as error:
            raise self._fabric.error(error) from error

    def close(self) -> None:
        """End the exchange."""
        self._connection.close()

    async def aclose(self) -> None:
        """End the exchange."""
        self._connection.close()

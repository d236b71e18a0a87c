"""The httpcore below httpx or httpx2, whose connection pools call the fake; the library is a parameter."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from emoji_mock.interceptors.httpx_family import internals
from emoji_mock.interceptors.httpx_family.bodies import held_body

if TYPE_CHECKING:
    from emoji_mock.interceptors.httpx_family.answers import HttpxAnswers

_POOLS = ("ConnectionPool", "HTTPProxy", "SOCKSProxy", "AsyncConnectionPool", "AsyncHTTPProxy", "AsyncSOCKSProxy")


class _Url(NamedTuple):
    """The parts of a URL of httpx that `HttpxAnswers` reads, made without parsing."""

    scheme: str
    netloc: bytes
    raw_path: bytes


class _Headers(NamedTuple):
    """The part of the headers of httpx that `HttpxAnswers` reads."""

    raw: list[tuple[bytes, bytes]]


class CoreRequest:
    """A request of httpcore, with the parts of one of httpx that `HttpxAnswers` reads."""

    def __init__(self, request: Any) -> None:  # noqa: ANN401 - of httpcore
        url = request.url
        netloc = url.host if url.port is None else b"%b:%d" % (url.host, url.port)
        self.method: str = request.method.decode("latin-1")
        self.url = _Url(url.scheme.decode("latin-1"), netloc, url.target)
        self.headers = _Headers(request.headers)
        self.extensions: Any = request.extensions
        self.content = b""
        self._stream: Any = request.stream

    def read(self) -> None:
        """Read the body."""
        self.content = b"".join(self._stream)

    async def aread(self) -> None:
        """Read the body in an event loop."""
        self.content = b"".join([part async for part in self._stream])


class Core:
    """The httpcore of httpx or httpx2: its pools, and its requests, responses and exceptions beside httpx's."""

    def __init__(self, answers: HttpxAnswers) -> None:
        self.answers, self.library = answers, answers.library
        self.module: Any = import_module(self.library.__name__.replace("httpx", "httpcore"))
        pools: list[Any] = [getattr(self.module, name) for name in _POOLS]
        self.creators = [pool for pool in pools if "create_connection" in vars(pool)]
        """The classes of pools that create connections."""
        plain = (self.module.ConnectionPool(), self.module.AsyncConnectionPool())
        self.pools = frozenset(pools if all(map(internals.has_places, plain)) else ())
        """The classes of pools whose places a connection can take itself."""
        self.held_body = held_body(self.library)

    def stale(self, pool: Any, url: Any) -> list[Any]:  # noqa: ANN401 - the library's
        """Return the connections of `pool` to the host of `url` that were made before the interception."""
        made: list[Any] = pool.connections
        if not made:  # the usual case
            return made
        origin = self.module.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=b"/").origin
        # A FakeConnection is never available.
        return [each for each in made if each.is_available() and each.can_handle_request(origin)]

    def is_plain(self, request: Any) -> bool:  # noqa: ANN401 - of httpx
        """Return whether nothing in `request` has to be read by httpcore: another scheme or target, or a stream."""
        return (
            isinstance(request.stream, self.library.ByteStream)
            and request.url.scheme in ("http", "https")
            and "target" not in request.extensions
        )

    def response(self, response: Any) -> Any:  # noqa: ANN401 - of httpx, of httpcore
        """Return a response of httpx as one of httpcore."""
        return self.module.Response(
            response.status_code, headers=response.headers.raw, content=response.stream, extensions=response.extensions
        )

    def error(self, error: Any) -> Exception:  # noqa: ANN401 - of httpx
        """Return an exception of httpx as the one of httpcore that httpx makes it of."""
        kind: Any = getattr(self.module, type(error).__name__, self.module.NetworkError)
        made: Exception = kind(str(error))
        return made

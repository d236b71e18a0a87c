"""Intercept the transports and the connection pools of httpx or httpx2; the library is a parameter."""

from __future__ import annotations

from http.cookiejar import CookieJar
from typing import TYPE_CHECKING, Any

from emoji_mock._support import respx_internals
from emoji_mock.interceptors.base import Interceptor, Patch
from emoji_mock.interceptors.httpx_family import internals
from emoji_mock.interceptors.httpx_family.answers import HttpxAnswers
from emoji_mock.interceptors.httpx_family.connection import FakeConnection
from emoji_mock.interceptors.httpx_family.core import Core
from emoji_mock.interceptors.originals import is_own_function, own_function

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class HttpxInterceptor(Interceptor):
    """Intercept the transports of one library of the family."""

    def __init__(self, library: Any) -> None:  # noqa: ANN401 - a module
        self.answers = HttpxAnswers(library)
        self._library = library
        self._known_to_respx = is_httpx = library.__name__ == "httpx"
        self._core = Core(self.answers)
        # httpx2 itself does not look for cookies where there are none.
        cookies = [Patch(library.Cookies, "extract_cookies", self._cookies)] if is_httpx else []
        super().__init__(
            Patch(library.HTTPTransport, "handle_request", self._sync),
            Patch(library.AsyncHTTPTransport, "handle_async_request", self._async),
            self.past_others(library.Client, internals.CHOOSE_TRANSPORT, _host),
            self.past_others(library.AsyncClient, internals.CHOOSE_TRANSPORT, _host),
            *[Patch(pool, "create_connection", self._connect) for pool in self._core.creators],
            *cookies,
        )

    def mockers(self) -> Iterable[object]:
        """Return the respx routers that have started."""
        return respx_internals.started_routers()

    def _connect(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def create_connection(pool: Any, origin: Any) -> Any:  # noqa: ANN401
            port = self.port_for(origin.host.decode("ascii"))
            return original(pool, origin) if port is None else FakeConnection(self._core, port, pool)

        return create_connection

    def _cookies(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def extract_cookies(cookies: Any, response: Any) -> Any:  # noqa: ANN401
            # httpx would copy all headers twice for its jar, at a quarter of a call's cost.
            if (
                type(cookies.jar) is not CookieJar
                or self.port_for(response.request.url.host) is None
                or "set-cookie" in response.headers
                or "set-cookie2" in response.headers
            ):
                original(cookies, response)

        return extract_cookies

    def _sync(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def handle_request(transport: Any, request: Any) -> Any:  # noqa: ANN401
            port = self.port_for(request.url.host)
            if port is None:
                return original(transport, request)
            if self._known_to_respx and respx_internals.started_routers():
                request.read()
                if respx_internals.is_mocked(request, self.older):
                    return original(transport, request)
            pool = internals.pool_of(transport)
            if not self._is_own(pool, self._core.module.ConnectionPool, "handle_request"):
                request.read()
                return self.answers.answer(request, port)
            for stale in self._core.stale(pool, request.url):
                stale.close()
            connection = FakeConnection(self._core, port, pool)
            if self._core.is_plain(request) and connection.take_place():
                return connection.send(request)
            return own_function(self._library.HTTPTransport, "handle_request", None)(transport, request)

        return handle_request

    def _async(self, original: Callable[..., Any]) -> Callable[..., Any]:
        async def handle_async_request(transport: Any, request: Any) -> Any:  # noqa: ANN401
            port = self.port_for(request.url.host)
            if port is None:
                return await original(transport, request)
            if self._known_to_respx and respx_internals.started_routers():
                await request.aread()
                if respx_internals.is_mocked(request, self.older):
                    return await original(transport, request)
            pool = internals.pool_of(transport)
            if not self._is_own(pool, self._core.module.AsyncConnectionPool, "handle_async_request"):
                await request.aread()
                return await self.answers.answer_async(request, port)
            for stale in self._core.stale(pool, request.url):
                await stale.aclose()
            connection = FakeConnection(self._core, port, pool)
            if self._core.is_plain(request) and connection.take_place():
                return await connection.send_async(request)
            return await own_function(self._library.AsyncHTTPTransport, "handle_async_request", None)(
                transport, request
            )

        return handle_async_request

    def _is_own(self, pool: Any, kind: Any, name: str) -> bool:  # noqa: ANN401 - httpcore's
        """Return whether `pool` answers by httpcore's own function, or another tool stands in it, as respx does."""
        current: Any = kind.__dict__[name]
        return isinstance(pool, kind) and is_own_function(kind, name, current)


def _host(_: object, url: Any) -> str:  # noqa: ANN401 - the library's
    host: str = url.host
    return host

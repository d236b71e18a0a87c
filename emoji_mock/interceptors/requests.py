"""Intercept requests: its adapters keep their retries, streaming and exceptions, over a connection pool of ours."""

from __future__ import annotations

from http.client import HTTP_PORT, HTTPS_PORT
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests.adapters
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError

from emoji_mock.interceptors.base import Interceptor, Patch
from emoji_mock.interceptors.originals import own_class, own_function
from emoji_mock.interceptors.sockets import FakeSocket

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_ADAPTER = requests.adapters.HTTPAdapter
# Not by import: a cassette of vcrpy may stand in their place.
_CONNECTION: Any = own_class("urllib3.connection", "HTTPConnection")
_SECURE_CONNECTION: Any = own_class("urllib3.connection", "HTTPSConnection")


def _host(_: object, request: Any, **__: object) -> str:  # noqa: ANN401 - the library's
    return urlsplit(request.url or "").netloc


class RequestsInterceptor(Interceptor):
    """Intercept the adapters of requests."""

    def __init__(self) -> None:
        # requests 2.32 replaced one method by the other.
        name = "get_connection_with_tls_context"
        pool = (name, self._pool_of_request) if hasattr(_ADAPTER, name) else ("get_connection", self._pool_of_url)
        super().__init__(
            self.past_others(requests.Session, "send", _host),
            Patch(_ADAPTER, "send", self._send),
            Patch(_ADAPTER, *pool),
        )

    def _answers(self, url: str) -> bool:
        return self.port_for(urlsplit(url).netloc) is not None

    def mockers(self) -> Iterable[object]:
        """Return the class that a pool's connections have now; vcrpy puts another one there."""
        return (HTTPSConnectionPool.ConnectionCls,)

    def _comes_first(self, url: str) -> bool:
        # A cassette that started after the fake plays what it has, and sends the rest to the fake through urllib3.
        kind = HTTPSConnectionPool.ConnectionCls
        return self._answers(url) and (kind is _SECURE_CONNECTION or id(kind) in self.older)

    def _send(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def send(adapter: Any, request: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
            # Past what other tools placed before us, down to our pool.
            own = own_function(_ADAPTER, "send", original) if self._answers(request.url or "") else original
            return own(adapter, request, *args, **kwargs)

        return send

    def _pool_of_request(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def get_connection_with_tls_context(adapter: Any, request: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
            url = request.url or ""
            return _pool(url) if self._comes_first(url) else original(adapter, request, *args, **kwargs)

        return get_connection_with_tls_context

    def _pool_of_url(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def get_connection(adapter: Any, url: str, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
            return _pool(url) if self._comes_first(url) else original(adapter, url, *args, **kwargs)

        return get_connection


INTERCEPTOR = RequestsInterceptor()


def _connect_error(connection: Any, error: OSError) -> Exception:  # noqa: ANN401 - the library's
    return NewConnectionError(connection, f"Failed to establish a new connection: {error}")


def _connect(connection: Any, original: Callable[[Any], None]) -> None:  # noqa: ANN401 - the library's
    port = INTERCEPTOR.port
    if port is None:
        original(connection)
    else:
        connection.sock = FakeSocket(connection, port, _connect_error)
        connection.is_verified = True


class _Plain(_CONNECTION):  # type: ignore[misc]  # a base known at run time only
    """A connection to the fake while a port is installed, and to the network otherwise."""

    def connect(self) -> None:
        _connect(self, _CONNECTION.connect)


class _Secure(_SECURE_CONNECTION):  # type: ignore[misc]  # likewise
    """The same for https, where nothing is encrypted."""

    def connect(self) -> None:
        _connect(self, _SECURE_CONNECTION.connect)


class _PlainPool(HTTPConnectionPool):
    """A pool of such connections."""

    ConnectionCls: Any = _Plain


class _SecurePool(HTTPSConnectionPool):
    """A pool of such connections."""

    ConnectionCls: Any = _Secure


# Messages of exceptions contain these names.
_PlainPool.__name__, _SecurePool.__name__ = HTTPConnectionPool.__name__, HTTPSConnectionPool.__name__


def _pool(url: str) -> HTTPConnectionPool:
    parts = urlsplit(url)
    secure = parts.scheme.lower() == "https"
    pool, port = (_SecurePool, HTTPS_PORT) if secure else (_PlainPool, HTTP_PORT)
    return pool(parts.hostname or "", parts.port or port)

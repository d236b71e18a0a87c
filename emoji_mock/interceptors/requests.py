"""The door for requests; its adapters keep their own retries, streaming and exceptions, over a pool that is ours."""

from __future__ import annotations

import sys
from http.client import HTTP_PORT, HTTPS_PORT
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests.adapters
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError

from emoji_mock.contract.hosts import is_vendor_host
from emoji_mock.interceptors.base import Interceptor, Patch
from emoji_mock.interceptors.sockets import FakeSocket

if TYPE_CHECKING:
    from collections.abc import Callable

    from emoji_mock.interceptors.base import Ask, Uninstall

_DOOR = Interceptor()

_ADAPTER = requests.adapters.HTTPAdapter
# `responses` puts its own function there for everybody, and keeps the real one under this name.
_SEND: Callable[..., Any] = getattr(sys.modules.get("responses"), "_real_send", _ADAPTER.send)


def install(ask: Ask) -> Uninstall:
    """Answer for the vendor's hosts with `ask` until the function that is returned has been called."""
    return _DOOR.install(ask)


def _not_taken(connection: Any, error: OSError) -> Exception:  # noqa: ANN401 - the library's
    return NewConnectionError(connection, f"Failed to establish a new connection: {error}")


def _connect(connection: Any, original: Callable[[Any], None]) -> None:  # noqa: ANN401 - the library's
    ask = _DOOR.ask
    if ask is None:
        original(connection)
    else:
        connection.sock = FakeSocket(connection, ask, _not_taken)
        connection.is_verified = True


class _Plain(HTTPConnection):
    """A connection that leads to the fake as long as the door is open."""

    def connect(self) -> None:
        _connect(self, HTTPConnection.connect)


class _Secure(HTTPSConnection):
    """Likewise for https, where nothing is encrypted."""

    def connect(self) -> None:
        _connect(self, HTTPSConnection.connect)


class _PlainPool(HTTPConnectionPool):
    """A pool of such connections."""

    ConnectionCls: Any = _Plain


class _SecurePool(HTTPSConnectionPool):
    """A pool of such connections."""

    ConnectionCls: Any = _Secure


# Their names stand in the messages of exceptions.
_PlainPool.__name__, _SecurePool.__name__ = HTTPConnectionPool.__name__, HTTPSConnectionPool.__name__


def _pool(url: str) -> HTTPConnectionPool:
    parts = urlsplit(url)
    secure = parts.scheme.lower() == "https"
    pool, port = (_SecurePool, HTTPS_PORT) if secure else (_PlainPool, HTTP_PORT)
    return pool(parts.hostname or "", parts.port or port)


def _asked(request: requests.PreparedRequest) -> bool:
    """Say whether `request` is answered here."""
    return _DOOR.ask is not None and is_vendor_host(urlsplit(request.url or "").netloc)


def _send(original: Callable[..., Any]) -> Callable[..., Any]:
    def send(self: Any, request: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        return (_SEND if _asked(request) else original)(self, request, *args, **kwargs)

    return send


def _get_connection(original: Callable[..., Any]) -> Callable[..., Any]:
    def get_connection_with_tls_context(self: Any, request: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        return _pool(request.url) if _asked(request) else original(self, request, *args, **kwargs)

    return get_connection_with_tls_context


def _get_connection_before_2_32(original: Callable[..., Any]) -> Callable[..., Any]:
    def get_connection(self: Any, url: str, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        asked = _DOOR.ask is not None and is_vendor_host(urlsplit(url).netloc)
        return _pool(url) if asked else original(self, url, *args, **kwargs)

    return get_connection


_DOOR.at(
    Patch(_ADAPTER, "send", _send),
    Patch(_ADAPTER, "get_connection_with_tls_context", _get_connection)
    if hasattr(_ADAPTER, "get_connection_with_tls_context")
    else Patch(_ADAPTER, "get_connection", _get_connection_before_2_32),
)

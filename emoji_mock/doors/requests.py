"""The door for requests; its adapters keep their own retries, streaming and exceptions, over a pool that is ours."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests.adapters
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError

from emoji_mock.contract.hosts import is_vendor_host
from emoji_mock.doors._door import Door, Seam
from emoji_mock.doors._sockets import FakeSocket

if TYPE_CHECKING:
    from collections.abc import Callable

    from emoji_mock.doors._door import Ask, Uninstall

_DOOR = Door()

_ADAPTER = requests.adapters.HTTPAdapter
# `responses` puts its own function there for everybody, and keeps the real one under this name.
_SEND: Callable[..., Any] = getattr(sys.modules.get("responses"), "_real_send", _ADAPTER.send)


def install(ask: Ask) -> Uninstall:
    """Answer for the vendor's hosts with `ask` until the function that is returned has been called."""
    return _DOOR.install(ask)


def _not_taken(connection: Any, error: OSError) -> Exception:  # noqa: ANN401 - the library's
    return NewConnectionError(connection, f"Failed to establish a new connection: {error}")


def _connect(connection: Any, ask: Ask) -> None:  # noqa: ANN401 - the library's
    connection.sock = FakeSocket(connection, ask, _not_taken)
    connection.is_verified = True


def _pool(url: str, ask: Ask) -> HTTPConnectionPool:
    class Plain(HTTPConnection):
        def connect(self) -> None:
            _connect(self, ask)

    class Secure(HTTPSConnection):
        def connect(self) -> None:
            _connect(self, ask)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    parts = urlsplit(url)
    return (SecurePool if parts.scheme.lower() == "https" else PlainPool)(parts.hostname or "", parts.port)


def _asked(request: requests.PreparedRequest) -> Ask | None:
    """Return who answers `request`, if it is for one of the vendor's hosts."""
    ask = _DOOR.ask
    return ask if ask is not None and is_vendor_host(urlsplit(request.url or "").netloc) else None


def _send(original: Callable[..., Any]) -> Callable[..., Any]:
    def send(self: Any, request: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        return (_SEND if _asked(request) else original)(self, request, *args, **kwargs)

    return send


def _get_connection(original: Callable[..., Any]) -> Callable[..., Any]:
    def get_connection_with_tls_context(self: Any, request: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        ask = _asked(request)
        return original(self, request, *args, **kwargs) if ask is None else _pool(request.url, ask)

    return get_connection_with_tls_context


_DOOR.at(Seam(_ADAPTER, "send", _send), Seam(_ADAPTER, "get_connection_with_tls_context", _get_connection))

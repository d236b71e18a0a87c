"""The door for httpx: its transports answer for the vendor's hosts, sync and async, and other hosts go their way."""

from __future__ import annotations

from typing import TYPE_CHECKING

try:
    import httpx
except ModuleNotFoundError as error:
    message = f"emoji_mock.interceptors.httpx needs {error.name}: pip install httpx"
    raise ModuleNotFoundError(message, name=error.name) from None

from emoji_mock.interceptors._httpx_family import HttpxLike
from emoji_mock.interceptors.base import asking, fresh

if TYPE_CHECKING:
    from collections.abc import Callable

    from emoji_mock.assembly import Fake
    from emoji_mock.interceptors.base import Ask, Uninstall

_LIKE = HttpxLike(httpx)


def install(ask: Ask) -> Uninstall:
    """Answer for the vendor's hosts with `ask` until the function that is returned has been called."""
    return _LIKE.install(ask)


def handler(fake: Fake | None = None) -> Callable[[httpx.Request], httpx.Response]:
    """Return a function that answers a request to any host, for `httpx.MockTransport` or a respx route."""
    return _LIKE.handler(asking(fake or fresh()))


def transport(fake: Fake | None = None) -> httpx.MockTransport:
    """Return a transport that answers every request with `fake`, or a fresh one, for a sync or an async client."""
    made: httpx.MockTransport = _LIKE.transport(asking(fake or fresh()))
    return made

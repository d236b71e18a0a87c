"""Intercept httpx: its sync and async transports answer for the vendor's hosts, and pass other hosts through."""

from __future__ import annotations

from typing import TYPE_CHECKING

try:
    import httpx
except ModuleNotFoundError as error:
    message = f"emoji_mock.interceptors.httpx needs {error.name}: pip install httpx"
    raise ModuleNotFoundError(message, name=error.name) from None

from emoji_mock.assembly import default_fake
from emoji_mock.interceptors.httpx_family.interceptor import HttpxInterceptor

if TYPE_CHECKING:
    from collections.abc import Callable

    from emoji_mock.fake.port import FakePort

INTERCEPTOR = HttpxInterceptor(httpx)


def handler(fake: FakePort | None = None) -> Callable[[httpx.Request], httpx.Response]:
    """Return a function that answers a request to any host, for `httpx.MockTransport` or a respx route."""
    return INTERCEPTOR.answers.handler(fake or default_fake())


def transport(fake: FakePort | None = None) -> httpx.MockTransport:
    """Return a transport that answers every request with `fake`, or a new one, for a sync or an async client."""
    made: httpx.MockTransport = INTERCEPTOR.answers.transport(fake or default_fake())
    return made

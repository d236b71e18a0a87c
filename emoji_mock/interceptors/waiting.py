"""How doors in the process wait: as long as the client would, really or on a clock that a test has stopped."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import anyio.lowlevel

from emoji_mock.fake.clock import Clock
from emoji_mock.fake.endpoints.registry import takes_long

if TYPE_CHECKING:
    from collections.abc import Generator

    from emoji_mock.contract.exchange import Reply, Request
    from emoji_mock.interceptors.base import Ask

    Waits = Generator[float, None, Any]
    """Yields the seconds to wait, again and again, and returns what comes of it."""


def frozen(ask: Ask) -> Clock | None:
    """Return the clock of whoever answers, if it is stopped."""
    clock = getattr(ask, "clock", None)
    return clock if isinstance(clock, Clock) and clock.frozen else None


def wait(ask: Ask, seconds: float) -> None:
    """Wait in a thread."""
    clock = frozen(ask)
    if clock is not None:
        clock.advance(seconds)
    elif seconds > 0:
        time.sleep(seconds)


async def ask_async(ask: Ask, request: Request) -> Reply:
    """Ask in an event loop, which goes on meanwhile if a video has to be made."""
    if not takes_long(request):
        return ask(request)
    from anyio.to_thread import run_sync  # noqa: PLC0415 - the async clients that come here have brought it

    return await run_sync(ask, request)


async def wait_async(ask: Ask, seconds: float) -> None:
    """Wait in an event loop, whichever it is; on a stopped clock those who wait at the same time wait together."""
    from anyio import sleep  # noqa: PLC0415 - the async clients that come here have brought it

    clock = frozen(ask)
    if clock is not None:
        over = clock() + seconds
        await anyio.lowlevel.checkpoint()  # the others ask, too, before the time passes
        clock.reach(over)
    elif seconds > 0:
        await sleep(seconds)


def waited_out(ask: Ask, number: int) -> None:
    """Tell whoever answers that the caller sat through the stall of this exchange, or waited for its late answer."""
    tell = getattr(ask, "waited_out", None)
    if tell is not None and number:
        tell(number)


def drive(ask: Ask, waits: Waits) -> Any:  # noqa: ANN401
    """Wait in a thread as often as `waits` says, and return what comes of it."""
    try:
        while True:
            wait(ask, next(waits))
    except StopIteration as over:
        return over.value


async def drive_async(ask: Ask, waits: Waits) -> Any:  # noqa: ANN401
    """Do so in an event loop."""
    while True:
        try:
            seconds = next(waits)
        except StopIteration as over:
            return over.value
        await wait_async(ask, seconds)

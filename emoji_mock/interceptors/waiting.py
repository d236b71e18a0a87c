"""Wait for late answers in the process: in a thread or an event loop, in real time or on a frozen clock."""

from __future__ import annotations

from contextlib import suppress
from threading import Timer
from typing import TYPE_CHECKING, Any

from emoji_mock._support import real_time
from emoji_mock._support.event_loops import in_asyncio
from emoji_mock.contract.rows import service
from emoji_mock.fake.port import HeavyWork, ask, is_head_too_long

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from collections.abc import Callable, Generator

    from emoji_mock.contract.exchange import Reply, Request, Response
    from emoji_mock.fake.port import FakePort

    Waits = Generator[float, None, Any]
    """Yields seconds to wait, any number of times, and returns the result."""

HEAVY = HeavyWork()
"""The threads of this process, for callers that wait in an event loop."""


def wait(port: FakePort, seconds: float) -> None:
    """Wait in a thread."""
    if seconds > 0:
        port.clock.sleep(seconds)


async def wait_async(port: FakePort, seconds: float) -> None:
    """Wait in an asyncio or trio event loop; on a frozen clock, calls that wait at the same time wait together."""
    from anyio import lowlevel, sleep  # noqa: PLC0415 - httpx has loaded it; a sync client does not need it

    clock = port.clock
    if clock.frozen:
        end = clock() + seconds
        await lowlevel.checkpoint()  # other tasks make their calls before the time passes
        clock.reach(end)
    elif seconds > 0 and real_time.is_loop_clock_replaced():
        from anyio import CapacityLimiter, to_thread  # noqa: PLC0415 - likewise

        await to_thread.run_sync(real_time.sleep, seconds, abandon_on_cancel=True, limiter=CapacityLimiter(1))
    elif seconds > 0:
        await sleep(seconds)


def call_later(loop: AbstractEventLoop, seconds: float, act: Callable[[], None]) -> None:
    """Call `act` in `loop` after real seconds, also where a test holds the clock of event loops."""
    if not real_time.is_loop_clock_replaced():
        loop.call_later(seconds, act)
        return

    def call() -> None:
        with suppress(RuntimeError):  # the loop was closed meanwhile
            loop.call_soon_threadsafe(act)

    timer = Timer(seconds, call)
    timer.daemon = True
    timer.start()


def ask_bounded(port: FakePort, request: Request) -> Reply:
    """Ask, but refuse a head over the bounds, as the readers of bytes do."""
    return _refusal(port, request) or ask(port, request)


async def ask_async(port: FakePort, request: Request) -> Reply:
    """Ask in an event loop; where the answer takes long to make, a thread makes it.

    A cancelled caller waits no longer. Its request is not answered at all if its turn has not come.
    """
    refusal = _refusal(port, request)
    if refusal is not None:
        return refusal
    working = HEAVY.start(port, request)
    if working is None:
        return ask(port, request)
    if in_asyncio():
        import asyncio  # noqa: PLC0415 - it runs, so it is loaded

        return await asyncio.wrap_future(working)
    from anyio.to_thread import run_sync  # noqa: PLC0415 - httpx has loaded it

    try:
        return await run_sync(working.result, abandon_on_cancel=True)
    finally:
        working.cancel()


def _refusal(port: FakePort, request: Request) -> Response | None:
    too_long = is_head_too_long(request.target, request.headers)
    return port.refuse(service.BODY_INVALID) if too_long else None


def waited_out(port: FakePort, number: int) -> None:
    """Record that the caller waited for exchange `number` to its end; 0 is an exchange without a wait."""
    if number:
        port.waited_out(number)


def drive(port: FakePort, waits: Waits) -> Any:  # noqa: ANN401
    """Run `waits` in a thread and return its result."""
    try:
        while True:
            wait(port, next(waits))
    except StopIteration as stop:
        return stop.value


async def drive_async(port: FakePort, waits: Waits) -> Any:  # noqa: ANN401
    """Run `waits` in an event loop and return its result."""
    while True:
        try:
            seconds = next(waits)
        except StopIteration as stop:
            return stop.value
        await wait_async(port, seconds)

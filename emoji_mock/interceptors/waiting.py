"""Wait for late answers in the process: in a thread or an event loop, in real time or on a frozen clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emoji_mock.fake.port import ask

if TYPE_CHECKING:
    from collections.abc import Generator

    from emoji_mock.contract.exchange import Reply, Request
    from emoji_mock.fake.port import FakePort

    Waits = Generator[float, None, Any]
    """Yields seconds to wait, any number of times, and returns the result."""


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
    elif seconds > 0:
        await sleep(seconds)


async def ask_async(port: FakePort, request: Request) -> Reply:
    """Ask in an event loop; where the answer takes long to make, a thread makes it."""
    if not port.prepare(request).blocks:
        return ask(port, request)
    from anyio.to_thread import run_sync  # noqa: PLC0415 - as above

    return await run_sync(ask, port, request)


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

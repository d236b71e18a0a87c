"""Detect the event loop of asyncio or trio that this thread runs, and wait in it. Neither is imported for that."""

from __future__ import annotations

import sys
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Generator


def in_asyncio() -> bool:
    """Return whether asyncio runs in this thread."""
    asyncio: Any = sys.modules.get("asyncio")
    if asyncio is None:
        return False
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def in_event_loop() -> bool:
    """Return whether asyncio or trio runs in this thread."""
    if in_asyncio():
        return True
    return _in_trio()


def checkpoint() -> Generator[Any, Any, None]:
    """Let the other tasks of the running event loop go on: the body of an `__await__`."""
    if _in_trio():
        trio: Any = sys.modules["trio"]
        yield from trio.lowlevel.checkpoint().__await__()
    else:
        yield  # as `asyncio.sleep(0)` does


async def loop_sleep(seconds: float) -> None:
    """Wait by the running loop of asyncio itself: in the process of a test, `asyncio.sleep` may be another function."""
    asyncio = _asyncio()
    over = asyncio.Event()
    timer = asyncio.get_running_loop().call_later(seconds, over.set)
    try:
        await over.wait()
    finally:
        timer.cancel()


@cache
def _asyncio() -> Any:  # noqa: ANN401 - a module
    """Return asyncio, kept: pytest's `pytester` empties `sys.modules` for a moment, and a server's thread goes on."""
    return sys.modules["asyncio"]


def _in_trio() -> bool:
    trio: Any = sys.modules.get("trio")
    return trio is not None and bool(trio.lowlevel.in_trio_run())

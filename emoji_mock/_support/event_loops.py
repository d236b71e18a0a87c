"""Detect the event loop of asyncio or trio that this thread runs, wait and stop in it. Neither is imported for that."""

from __future__ import annotations

import sys
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

_ROUNDS = 20
"""How often the loop looks at its sockets for what has been sent."""


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


async def settle() -> None:
    """Let the loop take what has come: the last bytes of a program that has ended, such as why a handshake failed."""
    for _ in range(_ROUNDS):
        await loop_sleep(0)


class Listening(Protocol):
    """What is used of an `asyncio.Server`."""

    @property
    def sockets(self) -> Iterable[Any]: ...

    def close(self) -> None: ...


async def stop_listening(servers: Iterable[Listening]) -> None:
    """Close servers of asyncio's running loop, when every connection that they have accepted has its protocol.

    asyncio loses a connection whose server is closed between the two: nobody could close it.
    """
    loop = _asyncio().get_running_loop()
    for server in servers:
        for listener in server.sockets:
            with suppress(NotImplementedError):  # Windows
                loop.remove_reader(listener)
    await settle()
    for server in servers:
        server.close()


@cache
def _asyncio() -> Any:  # noqa: ANN401 - a module
    """Return asyncio, kept: pytest's `pytester` empties `sys.modules` for a moment, and a server's thread goes on."""
    return sys.modules["asyncio"]


def _in_trio() -> bool:
    trio: Any = sys.modules.get("trio")
    return trio is not None and bool(trio.lowlevel.in_trio_run())

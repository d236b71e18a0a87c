"""The leak guard: whoever makes for a host of the vendor's, past the fake, is stopped before the call leaves."""

from __future__ import annotations

import os
import sys
import traceback
from contextlib import suppress
from functools import cache, partial
from itertools import chain, takewhile
from pathlib import Path
from threading import Lock, current_thread, main_thread
from typing import TYPE_CHECKING, Any

from emoji_mock._support.import_hooks import when_imported
from emoji_mock.contract.hosts import is_vendor_host
from emoji_mock.testing.checkpoints import CHECKPOINTS, Checkpoint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType


class LeakError(OSError):
    """A call to the vendor that would have left this machine."""


class Guard:
    """Keeps every call to the vendor in; what was stopped is remembered until it is taken."""

    def __init__(self) -> None:
        self.open = False
        self.where = "somebody"
        """Who is to be named when a library asks in a thread of its own."""
        self._leaks: list[str] = []
        self._lock = Lock()
        self._put_back: list[Callable[[], None]] = []

    def install(self) -> None:
        """Stand guard, in each library once somebody has imported it."""
        for point in CHECKPOINTS:
            self._put_back.append(when_imported(point.module, partial(self._stand_at, point)))

    def uninstall(self) -> None:
        """Put everything back."""
        for put_back in reversed(self._put_back):
            put_back()
        self._put_back.clear()

    def take(self) -> list[str]:
        """Return what was stopped since the last time, one text each; what a client tried again is told once."""
        with self._lock:
            leaks, self._leaks = self._leaks, []
        return list(dict.fromkeys(leaks))

    def _stand_at(self, point: Checkpoint) -> None:
        module: Any = sys.modules[point.module]
        owner = getattr(module, point.owner) if point.owner else module
        original = getattr(owner, point.name)

        def guarded(*given: Any, **named: Any) -> Any:  # noqa: ANN401
            if not self.open:
                try:
                    self._check(point.host_of(given, named))
                except LeakError:
                    _hang_up(given)
                    raise
            return original(*given, **named)

        inherited = point.name not in vars(owner)
        self._put_back.append(
            partial(delattr, owner, point.name) if inherited else partial(setattr, owner, point.name, original)
        )
        setattr(owner, point.name, guarded)

    def _check(self, host: object) -> None:
        name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
        if not isinstance(name, str) or not is_vendor_host(name):
            return
        leak = f"{_caller() or self.where} tried to reach {name} past the fake{_from_where()}"
        with self._lock:
            self._leaks.append(leak)
        raise LeakError(f"{leak}; no byte of the call has left this machine")


def _hang_up(given: tuple[Any, ...]) -> None:
    """End the connection: a client that swallows a failed write, as httpcore does, would wait for good."""
    shutdown = getattr(given[0], "shutdown", None) if given else None
    if shutdown is not None:
        with suppress(OSError):
            shutdown(2)


def _from_where() -> str:
    thread = current_thread()
    if thread is main_thread():
        return ""
    return f" (in the thread {thread.name!r}, which an earlier test may have started)"


@cache
def _not_the_users() -> tuple[str, ...]:
    """Return how the file names of frames begin that are Python's, a library's or ours."""
    import sysconfig  # noqa: PLC0415 - needed for a leak only, and slow to load

    installed = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib", "scripts")}
    ours = str(Path(__file__).parents[1])
    return ("<", *(f"{place}{os.sep}" for place in (*installed, ours)))


def _caller() -> str | None:
    """Return the file and line that asked, if it stands on the stack of this thread or waits in its event loop."""
    stack = list(traceback.walk_stack(None))
    step = takewhile(lambda entry: entry[0].f_code.co_name != "_run_once", stack)  # below it the loop runs, no caller
    for frame, line in chain(step, _waiting(), stack):
        if not frame.f_code.co_filename.startswith(_not_the_users()):
            return f"{frame.f_code.co_filename}:{line}"
    return None


def _waiting() -> Iterator[tuple[FrameType, int]]:
    """Yield the frames of the tasks of the running loop; aiohttp looks up names in a task of its own."""
    try:
        tasks = sys.modules["asyncio"].all_tasks()
    except (KeyError, RuntimeError):
        return
    for task in tasks:
        frames: list[tuple[FrameType, int]] = []
        waiting = task.get_coro()
        while (frame := getattr(waiting, "cr_frame", None)) is not None:
            frames.append((frame, frame.f_lineno))
            waiting = getattr(waiting, "cr_await", None)
        yield from reversed(frames)

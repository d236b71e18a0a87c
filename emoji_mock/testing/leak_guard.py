"""The leak guard: stop a call to one of the vendor's hosts that would leave the machine, before a byte is sent.

Not by pytest-socket: it checks addresses at `connect`, so it cannot tell the vendor's hosts from others by name, and
does not see a call through a proxy.
"""

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


class LeakGuard:
    """Stop every call to the vendor that leaves the machine; record what was stopped until `take` returns it."""

    def __init__(self) -> None:
        self.open = False
        self.where = "an unknown caller"
        """The caller to name when a library calls from a thread of its own, so that no caller is on the stack."""
        self._leaks: list[str] = []
        self._lock = Lock()
        self._undo: list[Callable[[], None]] = []

    def install(self) -> None:
        """Patch each checkpoint, now or when its module is imported."""
        for point in CHECKPOINTS:
            self._undo.append(when_imported(point.module, partial(self._patch, point)))

    def uninstall(self) -> None:
        """Undo all patches."""
        for undo in reversed(self._undo):
            undo()
        self._undo.clear()

    def take(self) -> list[str]:
        """Return what was stopped since the last time, one text each; repeated attempts of a client count once."""
        with self._lock:
            leaks, self._leaks = self._leaks, []
        return list(dict.fromkeys(leaks))

    def _patch(self, point: Checkpoint) -> None:
        module: Any = sys.modules[point.module]
        owner = getattr(module, point.owner) if point.owner else module
        original = getattr(owner, point.name)

        def guarded(*given: Any, **named: Any) -> Any:  # noqa: ANN401
            if not self.open:
                try:
                    self._check(point.host_of(given, named))
                except LeakError:
                    _shut_down(given)
                    raise
            return original(*given, **named)

        inherited = point.name not in vars(owner)
        self._undo.append(
            partial(delattr, owner, point.name) if inherited else partial(setattr, owner, point.name, original)
        )
        setattr(owner, point.name, guarded)

    def _check(self, host: object) -> None:
        name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
        if not isinstance(name, str) or not is_vendor_host(name):
            return
        leak = f"{_caller() or self.where} tried to reach {name} past the fake{_thread_note()}"
        with self._lock:
            self._leaks.append(leak)
        raise LeakError(f"{leak}; no byte of the call has left this machine")


def _shut_down(given: tuple[Any, ...]) -> None:
    """Shut the socket down: a client that ignores a failed write, as httpcore does, would wait forever."""
    shutdown = getattr(given[0], "shutdown", None) if given else None
    if shutdown is not None:
        with suppress(OSError):
            shutdown(2)


def _thread_note() -> str:
    thread = current_thread()
    if thread is main_thread():
        return ""
    return f" (in the thread {thread.name!r}, which an earlier test may have started)"


@cache
def _library_prefixes() -> tuple[str, ...]:
    """Return the prefixes of the file names of Python, of installed libraries and of this package."""
    import sysconfig  # noqa: PLC0415 - slow to load, and needed for a leak only

    installed = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib", "scripts")}
    ours = str(Path(__file__).parents[1])
    return ("<", *(f"{place}{os.sep}" for place in (*installed, ours)))


def _caller() -> str | None:
    """Return the file and line of the user's call, from this thread's stack or from the tasks of its event loop."""
    stack = list(traceback.walk_stack(None))
    step = takewhile(
        lambda entry: entry[0].f_code.co_name != "_run_once", stack
    )  # below it is the event loop, not a caller
    for frame, line in chain(step, _waiting(), stack):
        if not frame.f_code.co_filename.startswith(_library_prefixes()):
            return f"{frame.f_code.co_filename}:{line}"
    return None


def _waiting() -> Iterator[tuple[FrameType, int]]:
    """Yield the frames of all tasks of the running loop, because aiohttp looks names up in a task of its own."""
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

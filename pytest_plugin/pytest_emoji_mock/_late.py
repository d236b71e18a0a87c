"""Calls to the vendor after the last test: by threads that outlive it, and in the workers of pytest-xdist."""

from __future__ import annotations

import atexit
import os
import sys
import threading
from typing import TYPE_CHECKING, Any

from emoji_mock._support import real_time

if TYPE_CHECKING:
    from collections.abc import Collection

    from emoji_mock.testing.lazy_guard import LazyGuard
    from emoji_mock.testing.leak_guard import LeakGuard

LONGEST_WAIT = 2.0
"""Seconds that the end of a run waits for threads of its tests; Python itself waits for them without a limit."""
OUTPUT = "emoji_mock_leaks"
"""The key under which a worker of pytest-xdist sends its late leaks to the controller."""
_POLL_SECONDS = 0.05


def started_since(before: Collection[threading.Thread]) -> list[threading.Thread]:
    """Return the running threads for which Python waits at its exit, without those of `before` and idle ones."""
    frames: dict[int, Any] = sys._current_frames()  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  # documented
    return [
        thread
        for thread in threading.enumerate()
        if thread not in before
        and not thread.daemon
        and thread is not threading.current_thread()
        and not _is_idle(frames.get(thread.ident or 0))
    ]


def _is_idle(frame: Any) -> bool:  # noqa: ANN401 - a frame, or None
    """Return whether a thread of an executor waits for work: nobody ends it before the interpreter does."""
    code = getattr(frame, "f_code", None)
    return code is not None and code.co_name == "_worker" and "concurrent" in code.co_filename


def wait_for_threads(before: Collection[threading.Thread]) -> None:
    """Wait until the threads that tests have left running are done, for LONGEST_WAIT at most."""
    end = real_time.monotonic() + LONGEST_WAIT
    while (running := started_since(before)) and real_time.monotonic() < end:
        running[0].join(_POLL_SECONDS)


def retire(guard: LazyGuard, before: Collection[threading.Thread]) -> None:
    """Stop the guard; for threads that still run it stays, and what it stops in them fails the process."""
    running = started_since(before)
    if not running:
        guard.stop()
        return
    installed = guard.start()
    installed.only = frozenset(running)
    installed.where = "a thread that outlived its test"
    atexit.register(_report, installed)


def _report(guard: LeakGuard) -> None:
    if leaks := guard.take():
        sys.stderr.write("\n".join(["emoji-mock: after the last test", *leaks, ""]))
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(1)  # no other way is left to change the exit status

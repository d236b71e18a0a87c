"""Find the user's line that makes a call: on the stack, or in the tasks of an event loop."""

from __future__ import annotations

import os
import sys
import traceback
from functools import cache
from itertools import chain, takewhile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType


@cache
def _library_prefixes() -> tuple[str, ...]:
    """Return the prefixes of the file names of Python, of installed libraries and of this package."""
    import sysconfig  # noqa: PLC0415 - slow to load, and needed for a leak only

    installed = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib", "scripts")}
    ours = str(Path(__file__).parents[1])
    return ("<", *(f"{place}{os.sep}" for place in (*installed, ours)))


def caller_on_stack() -> str | None:
    """Return the file and line of the user's call, from this thread's stack or from the tasks of its event loop."""
    stack = list(traceback.walk_stack(None))
    step = takewhile(
        lambda entry: entry[0].f_code.co_name != "_run_once", stack
    )  # below it is the event loop, not a caller
    for frame, line in chain(step, _waiting(), stack):
        if not frame.f_code.co_filename.startswith(_library_prefixes()):
            return f"{frame.f_code.co_filename}:{line}"
    return None


def is_importing() -> bool:
    """Return whether a library is being imported, and not by a call of the user's code in its turn."""
    for frame, _ in traceback.walk_stack(None):
        if frame.f_code.co_filename == "<frozen importlib._bootstrap>":
            return True
        if not frame.f_code.co_filename.startswith(_library_prefixes()):
            return False
    return False


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

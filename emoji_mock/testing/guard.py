"""The leak guard: whoever looks up a host of the vendor's, past the fake, is stopped before a byte leaves.

It stands at name resolution and at connecting by name, through which every Python client goes; uvloop and C libraries,
which resolve names themselves, are not seen.
"""

from __future__ import annotations

import os
import socket
import sys
import sysconfig
import traceback
from functools import partial
from itertools import chain, takewhile
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from emoji_mock.contract.hosts import is_vendor_host

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

_INSTALLED = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib", "scripts")}
_OURS = str(Path(__file__).parents[1])
_NOT_THE_USERS = ("<", *(f"{place}{os.sep}" for place in (*_INSTALLED, _OURS)))
_RESOLVERS = ("getaddrinfo", "gethostbyname", "gethostbyname_ex")


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
        """Stand guard."""
        for name in _RESOLVERS:
            self._wrap(socket, name, lambda arguments: arguments[0] if arguments else None)
        for name in ("connect", "connect_ex"):
            self._wrap(socket.socket, name, lambda arguments: _name_in(arguments[-1]))
        base_events = sys.modules.get("asyncio.base_events")
        if base_events is not None:  # here the caller is still on the stack; in the resolver's thread it is not
            self._wrap(
                base_events.BaseEventLoop, "getaddrinfo", lambda arguments: arguments[1] if len(arguments) > 1 else None
            )

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

    def _wrap(self, owner: Any, name: str, host_of: Callable[[tuple[Any, ...]], Any]) -> None:  # noqa: ANN401
        original = getattr(owner, name)

        def guarded(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401
            host = named["host"] if "host" in named else host_of(arguments)
            if not self.open:
                self._check(host)
            return original(*arguments, **named)

        inherited = name not in vars(owner)
        self._put_back.append(partial(delattr, owner, name) if inherited else partial(setattr, owner, name, original))
        setattr(owner, name, guarded)

    def _check(self, host: object) -> None:
        name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
        if not isinstance(name, str) or not is_vendor_host(name):
            return
        leak = f"{_caller() or self.where} tried to reach {name} past the fake"
        with self._lock:
            self._leaks.append(leak)
        raise LeakError(f"{leak}; no byte has left this machine")


def _name_in(address: object) -> object:
    return address[0] if isinstance(address, tuple) and address else None  # pyright: ignore[reportUnknownVariableType]


def _caller() -> str | None:
    """Return the file and line that asked, if it stands on the stack of this thread or waits in its event loop."""
    stack = list(traceback.walk_stack(None))
    step = takewhile(lambda entry: entry[0].f_code.co_name != "_run_once", stack)  # below it the loop runs, no caller
    for frame, line in chain(step, _waiting(), stack):
        if not frame.f_code.co_filename.startswith(_NOT_THE_USERS):
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

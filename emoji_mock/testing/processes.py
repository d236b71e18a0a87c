"""Note the processes that a test starts, and the calls that copies of a fake answer in those that were forked."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from functools import cache, partial
from threading import local
from typing import TYPE_CHECKING, Any, Self

from emoji_mock._support.audit import listen
from emoji_mock._support.fork_safety import reset_after_fork
from emoji_mock._support.import_hooks import when_imported

if TYPE_CHECKING:
    from collections.abc import Callable

_LONGEST = 2000
"""Bytes of a line from a forked process: less than PIPE_BUF, so that two processes do not mix theirs."""
_MOST = 20
"""How many processes are kept."""
_LONGEST_COMMAND = 80
FORKS = ("os.fork", "os.forkpty")
"""The audit events before a fork."""
_STARTS = (*FORKS, "subprocess.Popen", "os.posix_spawn", "os.spawn", "os.startfile", "os.system")


class ForkPipe:
    """A pipe by which the processes forked from this one send it lines; it is opened with the first fork."""

    def __init__(self) -> None:
        self._process, self._ends = os.getpid(), (-1, -1)

    @property
    def in_child(self) -> bool:
        """Whether this process was forked from the one that opened the pipe."""
        return os.getpid() != self._process

    def open(self) -> None:
        """Open the pipe, unless it is open: a fork follows."""
        if self._ends[0] < 0:
            self._ends = os.pipe()
            for end in self._ends:
                os.set_blocking(end, False)

    def send(self, line: str) -> None:
        """Send a line to the parent process; it is lost if the parent is gone or reads none."""
        with suppress(OSError):
            os.write(self._ends[1], line.encode(errors="replace")[:_LONGEST].replace(b"\n", b" ") + b"\n")

    def receive(self) -> list[str]:
        """Return the lines that have come since the last time."""
        if self._ends[0] < 0:
            return []
        came = b""
        with suppress(OSError):  # there is no more
            while part := os.read(self._ends[0], 65_536):
                came += part
        return came.decode(errors="replace").splitlines()

    def close(self) -> None:
        """Close the pipe."""
        ends, self._ends = self._ends, (-1, -1)
        for end in ends if ends[0] >= 0 else ():
            os.close(end)


_watches: list[ProcessWatch] = []
"""Those whose context lasts."""
_within = local()


def _on_event(event: str, arguments: tuple[Any, ...]) -> None:
    for watch in tuple(_watches):
        watch.on_event(event, arguments)


@cache
def _listen() -> None:
    """Listen from now on to the end of the process, which costs less than to begin with each test."""
    listen(_STARTS, _on_event)


class ProcessWatch:
    """Note the processes that are started inside the context, and the calls that a fake's copies answer in them."""

    def __init__(self) -> None:
        self._started: list[str] = []
        self._answered: list[str] = []
        self._pipe = ForkPipe()
        self._undo: list[Callable[[], None]] = []
        reset_after_fork(self)

    def __enter__(self) -> Self:
        _listen()
        self._undo.append(when_imported("multiprocessing.process", self._patch))
        _watches.append(self)
        return self

    def __exit__(self, *_: object) -> None:
        if self in _watches:
            _watches.remove(self)
        for undo in reversed(self._undo):
            undo()
        self._undo.clear()
        self._answered += self._pipe.receive()
        self._pipe.close()

    def after_fork(self) -> None:
        """Send the calls of a forked process to its parent."""
        if self._undo:
            from emoji_mock.fake.listeners import LISTENERS  # noqa: PLC0415 - in a forked process only
            from emoji_mock.testing.criteria import call_line  # noqa: PLC0415 - likewise

            LISTENERS.append(lambda call: self._pipe.send(f"process {os.getpid()}: {call_line(call.entry())}"))

    def lines(self) -> list[str]:
        """Return what a failure says of these processes."""
        self._answered += self._pipe.receive()
        lines: list[str] = []
        if self._started:
            lines += [
                "",
                "Processes that were started, in which emoji_api answers nothing, or a copy of it that was forked:",
                *(f"  {one}" for one in self._started),
                "  Use emoji_server for calls from other processes; its address is in DASHSCOPE_HTTP_BASE_URL.",
            ]
        if self._answered:
            lines += ["Calls that such copies answered, and that no assertion counts:"]
            lines += [f"  {line}" for line in self._answered[:_MOST]]
        return lines

    def on_event(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Note a process that is about to start."""
        if event in FORKS:
            self._pipe.open()
        if not getattr(_within, "start", False):  # multiprocessing forks, too
            self._note(event, _command(event, arguments))

    def _note(self, how: str, what: str) -> None:
        from emoji_mock.testing.callers import caller_on_stack, is_importing  # noqa: PLC0415 - for a process only

        if len(self._started) < _MOST and not is_importing():  # ctypes asks ldconfig for the names of libraries
            self._started.append(f"{how} {what}".rstrip() + f"  ({caller_on_stack() or 'by a library'})")

    def _patch(self) -> None:
        owner: Any = sys.modules["multiprocessing.process"].BaseProcess
        original = owner.start

        def start(process: Any) -> None:  # noqa: ANN401 - multiprocessing's
            self._note("multiprocessing", f"{process.name!r}")
            _within.start = True
            try:
                original(process)
            finally:
                _within.start = False

        owner.start = start
        self._undo.append(partial(_put_back, owner, start, original))


def _put_back(owner: Any, ours: object, original: object) -> None:  # noqa: ANN401 - a class
    if owner.start is ours:
        owner.start = original


def _command(event: str, arguments: tuple[Any, ...]) -> str:
    """Return the command that an event starts, shortened."""
    if event in FORKS or not arguments:
        return ""
    given = arguments[1] if event in {"subprocess.Popen", "os.posix_spawn"} and arguments[1] else arguments[0]
    words: list[Any] = list(given) if isinstance(given, list | tuple) else [given]  # pyright: ignore[reportUnknownArgumentType]
    text = " ".join(word.decode(errors="replace") if isinstance(word, bytes) else str(word) for word in words)
    return text if len(text) <= _LONGEST_COMMAND else f"{text[:_LONGEST_COMMAND]}…"

"""Start a command in our terminal and process group, hand signals to it, and return the exit status of a shell."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import FrameType

    _Handler = Callable[[int, FrameType | None], object] | int | None

NOT_FOUND, NOT_EXECUTABLE, SIGNALLED = 127, 126, 128
_MISSING = (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP)
_FORWARDED = ("SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGQUIT", "SIGINT", "SIGCONT")
_TO_THE_GROUP = ("SIGINT", "SIGQUIT", "SIGTSTP", "SIGCONT")
"""What every process of the foreground group gets: by Ctrl-C, Ctrl-\\ and Ctrl-Z, and from the shell by `fg`."""
_HARMLESS = tuple(getattr(signal, name, None) for name in ("SIGTSTP", "SIGCONT"))
_CONTINUED_WITHIN = 0.05
"""Seconds in which a command that the shell continues together with us may still seem to be stopped."""


class CommandError(Exception):
    """The command could not be started; `status` is what a shell would return."""

    def __init__(self, problem: str, status: int) -> None:
        super().__init__(problem)
        self.status = status


class Signals:
    """Hands signals to the command while there is one; those that come before are kept for `arrived` and `wait`."""

    def __init__(self) -> None:
        self._waiting: SimpleQueue[int] = SimpleQueue()  # may be put into within a signal handler
        self._process: subprocess.Popen[bytes] | None = None
        self._before: dict[int, _Handler] = {}

    def __enter__(self) -> Self:
        for name in _FORWARDED:
            self._handle(name, self._forward)
        self._handle("SIGTSTP", self._suspend)
        if hasattr(signal, "SIGCHLD"):  # where a parent ignores it, the status of a child is lost
            self._before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def attach(self, process: subprocess.Popen[bytes]) -> None:
        """Hand signals to `process` from now on, beginning with those that have come already."""
        self._process = process
        while number := self.arrived():
            _send(process, number)

    def detach(self) -> None:
        """Keep signals again, as the command has ended."""
        self._process = None

    def arrived(self) -> int:
        """Return the signal that has come while there was no command, or 0."""
        with suppress(Empty):
            return self._waiting.get_nowait()
        return 0

    def wait(self) -> int:
        """Wait for a signal while there is no command, and return it."""
        return self._waiting.get()

    def _handle(self, name: str, handler: _Handler) -> None:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:  # nohup, or a job in the background
            self._before[number] = signal.signal(number, handler)

    def _forward(self, number: int, _frame: FrameType | None) -> None:
        process = self._process
        if process is None:
            if number not in _HARMLESS:
                self._waiting.put(number)
        elif not (signal.Signals(number).name in _TO_THE_GROUP and _hears_the_terminal(process.pid)):
            _send(process, number)

    def _suspend(self, number: int, frame: FrameType | None) -> None:
        self._forward(number, frame)
        stop_like_the_command()


def start(command: Sequence[str], environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start `command` with our terminal, files and process group. Raises CommandError."""
    if not command[0]:
        raise CommandError("'': command not found", NOT_FOUND)
    try:
        return _start(command, environ)
    except OSError as error:
        if error.errno != errno.ENOEXEC:
            raise _explained(command[0], environ, error) from None
    # A file without `#!` line is a script of sh's, as in a shell, unless its first line has bytes that no text has.
    path = _find(command[0], environ)
    with path.open("rb") as file:
        if b"\0" in file.readline(256):
            raise CommandError(
                f"{command[0]}: cannot be executed here: is it built for another system?", NOT_EXECUTABLE
            )
    return _start(["/bin/sh", str(path), *command[1:]], environ)


def wait(process: subprocess.Popen[bytes]) -> int:
    """Wait for the end of the command and return its exit status, 128+n where the signal n killed it."""
    if sys.platform == "win32":
        return process.wait()
    while True:
        _, status = os.waitpid(process.pid, os.WUNTRACED)
        while os.WIFSTOPPED(status) and _hears_the_terminal(process.pid):
            time.sleep(_CONTINUED_WITHIN)
            changed, newer = os.waitpid(process.pid, os.WUNTRACED | os.WCONTINUED | os.WNOHANG)
            if not changed:  # only the command was stopped, by itself: the shell waits for us to stop, too
                stop_like_the_command()
                break
            status = newer
        if os.WIFEXITED(status) or os.WIFSIGNALED(status):
            process.returncode = os.waitstatus_to_exitcode(status)
            return process.returncode if process.returncode >= 0 else SIGNALLED - process.returncode


def stop_like_the_command() -> None:
    """Stop this process as Ctrl-Z does, until it is continued; without a shell that could, go on."""
    if sys.platform != "win32":
        handler = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, handler)


def _start(command: Sequence[str], environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
    # Descriptors that the user hands to the command, such as `<(…)`, stay open; none of ours is inheritable.
    return subprocess.Popen(command, env=environ, close_fds=False)  # noqa: S603 - what the user has asked for


def _send(process: subprocess.Popen[bytes], number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):  # it has ended; it runs as another user, by sudo
        os.kill(process.pid, number)


def _hears_the_terminal(pid: int) -> bool:
    """Return whether the terminal itself sends its signals to the process as well as to us."""
    if sys.platform == "win32":
        return True
    with suppress(OSError):  # there is no terminal; the process has ended
        terminal = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY)
        try:
            return os.tcgetpgrp(terminal) == os.getpgrp() == os.getpgid(pid)
        finally:
            os.close(terminal)
    return False


def _find(name: str, environ: Mapping[str, str]) -> Path:
    found = None if os.sep in name else shutil.which(name, path=environ.get("PATH"))
    return Path(found or name)


def _explained(name: str, environ: Mapping[str, str], error: OSError) -> CommandError:
    path = _find(name, environ)
    if error.errno in _MISSING:
        if path.is_file():
            return CommandError(f"{name}: the interpreter that its first line names was not found", NOT_FOUND)
        hint = ""
        if any(letter.isspace() for letter in name):
            hint = "; the command and its arguments are words of their own, without quotes around all of them"
        return CommandError(f"{name}: command not found{hint}", NOT_FOUND)
    if path.is_dir():
        return CommandError(f"{name}: is a directory", NOT_EXECUTABLE)
    if isinstance(error, PermissionError):
        hint = f"start it by its interpreter, as `python {name}`, or allow it by `chmod +x {name}`"
        return CommandError(f"{name}: is not executable: {hint}", NOT_EXECUTABLE)
    return CommandError(f"{name}: {error.strerror or error}", NOT_EXECUTABLE)

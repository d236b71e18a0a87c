"""Start workers on common sockets, restart one that dies, and end all together.

uvicorn has a supervisor, too. It sends the application to its workers, which cannot be sent where it holds a store; it
leaves them running when it is killed, restarts one that dies at once without a pause, and SIGHUP restarts all.
"""

from __future__ import annotations

import os
import signal
import socket
import time
from contextlib import contextmanager
from multiprocessing import connection, get_context, resource_tracker
from typing import TYPE_CHECKING, Any

from emoji_mock.cli.serving.workers.worker import Job, Sent, work
from emoji_mock.server.run import STOP_SECONDS, stopping_signals

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from types import FrameType

    from emoji_mock.cli.serving.line_writer import LineWriter

_SPAWN = get_context("spawn")
_MOST_FAILURES = 5
"""How many workers in a row may end before they answer, while none does."""
_SHORT_LIFE = 10.0
"""In seconds: one that ends sooner is followed by the next after a pause."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.25, 30.0
_MORE_SECONDS = 2
"""How much longer than their own deadline workers are waited for, before they are killed."""


class Worker:
    """A worker, as its parent sees it."""

    def __init__(self, job: Job, number: int) -> None:
        self.reader, writer = _SPAWN.Pipe(duplex=False)
        self.process = _SPAWN.Process(target=work, args=(job, writer), name=f"emoji-mock-{number}", daemon=True)
        with _signals_kept_back():
            self.process.start()
        writer.close()
        self.begun = time.monotonic()
        self.is_ready = False
        self.refusal = ""

    def messages(self) -> Iterator[tuple[Sent, str]]:
        """Return what it has sent and that was not read yet."""
        try:
            while not self.reader.closed and self.reader.poll():
                yield self.reader.recv()
        except (EOFError, OSError):
            self.reader.close()

    def signal(self, number: int) -> None:
        """Send it a signal."""
        if self.process.pid is not None and self.process.exitcode is None:
            os.kill(self.process.pid, number)

    def describe_end(self) -> str:
        """Return how it has ended."""
        code = self.process.exitcode or 0
        if self.refusal:
            return f"cannot start: {self.refusal}"
        return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with status {code}"


class _Place:
    """A place for one worker after the other."""

    def __init__(self) -> None:
        self.worker: Worker | None = None
        self.due = 0.0
        self.short_lives = 0


class Supervisor:
    """Runs `count` workers, each with `job`, and prints what they send by `lines`.

    `started` is called when the first of them answers.
    """

    def __init__(self, count: int, job: Job, lines: LineWriter, started: Callable[[], None]) -> None:
        self._job, self._lines, self._started = job, lines, started
        self._places = [_Place() for _ in range(count)]
        self._signals: list[int] = []
        self._failures, self._has_started = 0, False
        self._problem, self._deadline = "", 0.0  # a deadline once they are to end

    def run(self, close: Callable[[], None]) -> str:
        """Run until a signal stops all, and return "", or why no worker can start.

        `close` is called when they begin to end: nobody accepts connections from then on.
        """
        resource_tracker.ensure_running()  # by itself it would let signals through when the first worker is started
        with _waking(self._signals) as wake:
            while not self._is_over():
                if not self._deadline:
                    self._fill()
                self._wait(wake)
                self._read()
                if (self._signals or self._problem) and not self._deadline:
                    self._deadline = time.monotonic() + STOP_SECONDS + _MORE_SECONDS
                    close()
                    self._signal(signal.SIGTERM)
                elif signal.SIGINT in self._signals:  # the second Ctrl-C: without grace
                    self._signal(signal.SIGINT)
                self._signals.clear()
                if self._deadline and time.monotonic() > self._deadline:
                    self._signal(signal.SIGKILL)
        return self._problem

    def _is_over(self) -> bool:
        return bool(self._deadline) and not any(place.worker for place in self._places)

    def _fill(self) -> None:
        now = time.monotonic()
        for number, place in enumerate(self._places, 1):
            if place.worker is None and place.due <= now:
                place.worker = Worker(self._job, number)

    def _wait(self, wake: socket.socket) -> None:
        """Wait until there is something to do."""
        workers = [place.worker for place in self._places if place.worker]
        sources: list[Any] = [wake, *(worker.process.sentinel for worker in workers)]
        sources += [worker.reader for worker in workers if not worker.reader.closed]
        times = [self._deadline] if self._deadline else [place.due for place in self._places if place.worker is None]
        timeout = max(0.0, min(times) - time.monotonic()) if times else None
        if wake in connection.wait(sources, timeout):
            wake.recv(4096)

    def _read(self) -> None:
        for place in self._places:
            worker = place.worker
            if worker is None:
                continue
            has_ended = worker.process.exitcode is not None  # asked first: what it has sent before is then read
            for kind, text in worker.messages():
                self._take(worker, kind, text)
            if has_ended:
                worker.process.join()
                worker.reader.close()
                place.worker = None
                if not self._deadline:
                    self._replace(place, worker)

    def _take(self, worker: Worker, kind: Sent, text: str) -> None:
        if kind is Sent.REFUSED:
            worker.refusal = text
        elif kind is Sent.READY:
            worker.is_ready = True
            self._failures = 0
            if not self._has_started:
                self._has_started = True
                self._started()
        else:
            self._lines.put(text, error=kind is Sent.PROBLEM)

    def _replace(self, place: _Place, worker: Worker) -> None:
        """Plan the next worker after one that has ended by itself, or give up."""
        end = worker.describe_end()
        if not worker.is_ready:
            self._failures += 1
            if worker.refusal and not self._has_started:
                self._problem = worker.refusal
                return
            if self._failures >= _MOST_FAILURES and not any(other.worker for other in self._places):
                self._problem = f"no worker can start: of {self._failures} in a row the last one {end}"
                return
        now = time.monotonic()
        place.short_lives = place.short_lives + 1 if now - worker.begun < _SHORT_LIFE else 0
        pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** (place.short_lives - 1)) if place.short_lives else 0.0
        place.due = now + pause
        when = f"in {pause:g} s" if pause else "now"
        self._lines.put(f"emoji-mock serve: worker {worker.process.pid} {end}; another one starts {when}", error=True)

    def _signal(self, number: int) -> None:
        for place in self._places:
            if place.worker:
                place.worker.signal(number)


@contextmanager
def _waking(arrived: list[int]) -> Generator[socket.socket]:
    """Append the signals that end a server to `arrived`, and yield a socket that is readable when one has come."""

    def note(number: int, _frame: FrameType | None) -> None:
        arrived.append(number)

    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.settimeout(0)
        theirs.settimeout(0)
        before = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
        handlers = {number: signal.signal(number, note) for number in stopping_signals()}
        try:
            yield ours
        finally:
            signal.set_wakeup_fd(before)
            for number, handler in handlers.items():
                signal.signal(number, handler)


@contextmanager
def _signals_kept_back() -> Generator[None]:
    """Start a process in which Ctrl-C waits until the process leaves the terminal."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})

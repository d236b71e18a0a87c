"""A real deadline for blocking work whose own timeouts begin again with each byte, or that has none."""

from __future__ import annotations

import threading
from contextvars import copy_context
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
_GRACE = 0.25
"""In seconds."""


class DeadlinePassedError(Exception):
    """The work did not end in time."""


class _AbandonedError(BaseException):
    """Ends the thread of work that nobody waits for; like KeyboardInterrupt it may come at any place."""


def run_within(seconds: float, work: Callable[[], T]) -> T:
    """Return what `work` returns, or raise what it raises. Raises DeadlinePassedError after `seconds`.

    The work is done in a thread of its own. When the time is over, or the waiting thread is interrupted, it is
    abandoned: it ends with the next byte that it receives, or by its own timeout.
    """
    running = _Running(work)
    try:
        is_over = running.over.wait(min(seconds, threading.TIMEOUT_MAX))
    except BaseException:
        running.abandon()
        raise
    if not is_over:
        running.abandon()
        raise DeadlinePassedError
    return running.result()


class _Running(Generic[T]):
    """Work that runs in a thread of its own, until it is done or abandoned."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._lock = threading.Lock()
        self._results: list[T] = []
        self._error: BaseException | None = None
        self.over = threading.Event()
        self._thread = threading.Thread(
            target=copy_context().run, args=(self._run,), name="emoji-mock-exchange", daemon=True
        )
        self._thread.start()

    def _run(self) -> None:
        try:
            try:
                self._results.append(self._work())
            except BaseException as error:  # noqa: BLE001 - the waiting thread raises it
                self._error = error
            with self._lock:
                self.over.set()
        except _AbandonedError:
            self.over.set()

    def result(self) -> T:
        """Return the result, or raise the error, of work that is over."""
        if self._error is not None:
            try:
                raise self._error
            finally:
                self._error = None  # its traceback refers to this object
        return self._results.pop()

    def abandon(self) -> None:
        """End the thread: a moment is left for its own timeout, as that closes all, then by force."""
        watch = threading.Timer(_GRACE, self._interrupt)
        watch.daemon = True
        watch.start()

    def _interrupt(self) -> None:
        """End the thread at the next instruction that it executes."""
        try:
            from ctypes import c_ulong, py_object, pythonapi  # noqa: PLC0415 - needed after a deadline only
        except ImportError:
            return
        # https://docs.python.org/3/c-api/threads.html#c.PyThreadState_SetAsyncExc; PyPy has none.
        interrupt = getattr(pythonapi, "PyThreadState_SetAsyncExc", None)
        with self._lock:
            if interrupt is not None and self._thread.ident is not None and not self.over.is_set():
                interrupt(c_ulong(self._thread.ident), py_object(_AbandonedError))

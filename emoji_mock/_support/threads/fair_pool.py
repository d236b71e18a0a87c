"""A pool of threads that serves its owners in turn, so that the many jobs of one do not delay the job of another."""

from __future__ import annotations

from collections import Counter, deque
from contextvars import copy_context
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from emoji_mock._support.fork_safety import Locked
from emoji_mock._support.threads import native

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    Job = tuple[Future[Any], Callable[[], object]]

T = TypeVar("T")


class FairPool(Locked):
    """Run jobs in at most `threads` threads; the owners with waiting jobs take turns (round robin).

    A thread that is free goes to an owner that has the fewest threads, so that one which has none waits for one job.
    A thread is started for a job and ends when none waits, so an unused pool costs nothing and leaves no thread behind.
    """

    def __init__(self, threads: int, name: str) -> None:
        super().__init__()
        self._threads, self._name = threads, name
        self._running = 0
        self._busy: Counter[str] = Counter()  # threads by owner
        self._waiting: dict[str, deque[Job]] = {}  # by owner, whose turn it is first

    def after_fork(self) -> None:
        """Forget the jobs of the parent process, whose threads the child does not have."""
        super().after_fork()
        self._running, self._busy, self._waiting = 0, Counter(), {}

    def submit(self, owner: str, function: Callable[[], T]) -> Future[T]:
        """Run `function`, with the caller's context variables, when `owner` has its turn.

        Until then the returned future can be cancelled.
        """
        from concurrent.futures import Future  # noqa: PLC0415 - most processes have no job

        future: Future[T] = Future()
        job = (future, partial(copy_context().run, function))
        with self._lock:
            self._waiting.setdefault(owner, deque()).append(job)
            if self._running == self._threads:
                return future
            self._running += 1
        native.start(self._work, self._name)
        return future

    def _work(self) -> None:
        owner = ""
        while (turn := self._next(owner)) is not None:
            owner, (future, function) = turn
            if not future.set_running_or_notify_cancel():
                continue
            fulfil(future, function)
            del turn, future, function  # or a large job would live until the next one

    def _next(self, done: str) -> tuple[str, Job] | None:
        """Return the job whose turn it is, and its owner, now that one of the owner `done` has ended."""
        with self._lock:
            self._busy[done] -= 1
            if self._busy[done] <= 0:
                del self._busy[done]
            if not self._waiting:
                self._running -= 1
                return None
            owner = min(self._waiting, key=self._busy.__getitem__)  # the first of those with the fewest threads
            self._busy[owner] += 1
            jobs = self._waiting.pop(owner)
            job = jobs.popleft()
            if jobs:
                self._waiting[owner] = jobs  # behind the others
            return owner, job


def fulfil(future: Future[Any], function: Callable[[], object]) -> None:
    """Call `function`, and give `future` what it returns or raises."""
    try:
        result = function()
    except BaseException as error:  # noqa: BLE001 - the future's caller gets it
        future.set_exception(error)
    else:
        future.set_result(result)

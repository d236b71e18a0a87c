"""When a step is sent again, and when it is sent at all: retries, the deadline of a detection, the pace of a batch."""

from __future__ import annotations

from concurrent.futures import CancelledError
from threading import Event, Lock
from typing import TYPE_CHECKING, Any

import tenacity

from emoji_mock.client.errors import EmojiError, TimedOutError

if TYPE_CHECKING:
    from collections.abc import Callable

    from emoji_mock.client.limits import Limits, Timing


class RequestPacer:
    """Gives out times to start, so far apart that no more than `per_second` start in a second."""

    def __init__(self, per_second: float, clock: Callable[[], float]) -> None:
        self.apart, self._clock = 1 / per_second, clock
        self._next = float("-inf")
        self._lock = Lock()

    def wait(self, more: float = 0.0) -> float:
        """Take the next time to start, `more` seconds after it could be, and return the seconds until then."""
        with self._lock:
            now = self._clock()
            start = max(now, self._next) + more
            self._next = start + self.apart
            return start - now

    def note(self) -> None:
        """Take a start that does not wait for its turn; who comes next waits for it."""
        with self._lock:
            self._next = max(self._next, self._clock() + self.apart)


class CallDeadline:
    """One call under way: its deadline, and its pace, which it waits for if it is one of a batch.

    A batch sets `stopped` when it is broken off: then nothing is sent any more.
    """

    def __init__(
        self,
        limits: Limits,
        timing: Timing,
        pace: RequestPacer,
        *,
        seconds: float | None = None,
        stopped: Event | None = None,
    ) -> None:
        self._limits, self._timing, self._pace = limits, timing, pace
        self._seconds = limits.deadline if seconds is None else seconds
        self._deadline = timing.clock() + self._seconds
        self._more = 0.0
        self._in_batch = stopped is not None
        self.stopped = stopped or Event()

    def pause(self) -> float:
        """Return how long to wait for one's turn, which does not count against the deadline."""
        if not self._in_batch:
            self._pace.note()
            return 0.0
        seconds = self._pace.wait(self._more)
        self._more = 0.0
        self._deadline += seconds
        return seconds

    def go_on(self) -> None:
        """Let a request be sent. Raises CancelledError if the batch was broken off."""
        if self.stopped.is_set():
            raise CancelledError

    def left(self) -> float:
        """Return the seconds left. Raises TimedOutError if there are none."""
        self.reach(0)
        return self._deadline - self._timing.clock()

    def reach(self, seconds: float, hint: str = "") -> float:
        """Return `seconds`, which are to be waited. Raises TimedOutError if the deadline comes before."""
        if self._timing.clock() + seconds >= self._deadline:
            raise TimedOutError(f"no result within the deadline of {self._seconds:g} s", hint=hint)
        return seconds

    def is_over(self) -> bool:
        """Say whether the deadline has passed."""
        return self._timing.clock() >= self._deadline

    def timeout(self) -> float:
        """Return how long one step of an exchange may take. Raises TimedOutError if no time is left."""
        return min(self._limits.timeout, self.left())

    def policy(self, sleep: Callable[[float], Any]) -> dict[str, Any]:
        """Return what tenacity's `Retrying` and `AsyncRetrying` take."""
        return {
            "sleep": sleep,
            "retry": tenacity.retry_if_exception(lambda error: isinstance(error, EmojiError) and error.retryable),
            "wait": self._wait,
            "stop": self._stop,
            "reraise": True,
        }

    def _wait(self, state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.retry_after if isinstance(error, EmojiError) else None
        if asked:
            return asked  # none, or one that is over already, says only that we may
        if self._in_batch:  # whose pace would round a shorter wait up, and every one to the same
            self._more = self._timing.random.uniform(0, self._pace.apart)
        # Full jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
        longest = tenacity.wait_exponential(self._limits.backoff, max=self._limits.longest_backoff)(state)
        return self._timing.random.uniform(0, longest)

    def _stop(self, state: tenacity.RetryCallState) -> bool:
        too_often = state.attempt_number >= self._limits.attempts
        return too_often or self._timing.clock() + state.upcoming_sleep >= self._deadline

"""When a request is sent: the deadline of a call, the pace of a batch, the waits between attempts and their end."""

from __future__ import annotations

from concurrent.futures import CancelledError
from threading import Event, Lock
from typing import TYPE_CHECKING, Any

import tenacity

from emoji_mock.client.errors import EmojiError, TimedOutError

if TYPE_CHECKING:
    from collections.abc import Callable

    from emoji_mock.client.limits import CallLimits, Timing


class CallDeadline:
    """The deadline of one call, over all its requests, attempts and waits.

    By default it is `limits.deadline` seconds from now, on the clock of `timing`.
    """

    def __init__(self, limits: CallLimits, timing: Timing, seconds: float | None = None) -> None:
        self._timeout, self._clock = limits.timeout, timing.clock
        self._seconds = limits.deadline if seconds is None else seconds
        self._end = timing.clock() + self._seconds

    def extend(self, seconds: float) -> None:
        """Move the deadline by the seconds of a wait that does not count against it."""
        self._end += seconds

    def is_over(self, after: float = 0.0) -> bool:
        """Return whether the deadline has passed, or will have passed after so many seconds."""
        return self._clock() + after >= self._end

    def check(self, seconds: float = 0.0, hint: str = "") -> float:
        """Return `seconds`, the length of a wait. Raises TimedOutError if the deadline passes before its end."""
        if self.is_over(seconds):
            raise TimedOutError(f"no result within the deadline of {self._seconds:g} s", hint=hint)
        return seconds

    def remaining(self) -> float:
        """Return the seconds until the deadline. Raises TimedOutError if there are none."""
        self.check()
        return self._end - self._clock()

    def timeout(self) -> float:
        """Return the timeout in seconds for one step of an exchange. Raises TimedOutError if no time is left."""
        return min(self._timeout, self.remaining())


class RequestPacer:
    """Assign start times so that at most `per_second` requests start in a second. Thread-safe."""

    def __init__(self, per_second: float, clock: Callable[[], float]) -> None:
        self.interval, self._clock = 1 / per_second, clock
        self._next = float("-inf")
        self._lock = Lock()

    def reserve(self, delay: float = 0.0) -> float:
        """Reserve a start, `delay` seconds after the next free one. Returns the seconds until then."""
        with self._lock:
            now = self._clock()
            start = max(now, self._next) + delay
            self._next = start + self.interval
            return start - now

    def record(self) -> None:
        """Record a start that did not wait for its turn; later reservations keep their distance from it."""
        with self._lock:
            self._next = max(self._next, self._clock() + self.interval)


class ActiveCall:
    """One call in progress: its deadline, its turn if it belongs to a batch, and its retry policy.

    A batch gives `stopped`, and sets it to cancel: then no more requests are sent. `seconds` replaces the deadline of
    `limits`.
    """

    def __init__(
        self,
        limits: CallLimits,
        timing: Timing,
        pacer: RequestPacer,
        *,
        seconds: float | None = None,
        stopped: Event | None = None,
    ) -> None:
        self._limits, self._timing, self._pacer = limits, timing, pacer
        self._jitter = 0.0
        self._in_batch = stopped is not None
        self.deadline = CallDeadline(limits, timing, seconds)
        self.stopped = stopped or Event()

    def take_turn(self) -> float:
        """Return the seconds to wait for a turn in the batch. They do not count against the deadline."""
        if not self._in_batch:
            self._pacer.record()
            return 0.0
        seconds = self._pacer.reserve(self._jitter)
        self._jitter = 0.0
        self.deadline.extend(seconds)
        return seconds

    def raise_if_stopped(self) -> None:
        """Stop a call of a batch that was cancelled. Raises CancelledError."""
        if self.stopped.is_set():
            raise CancelledError

    def retry_options(self, sleep: Callable[[float], Any]) -> dict[str, Any]:
        """Return the arguments for tenacity's `Retrying` and `AsyncRetrying`."""
        return {
            "sleep": sleep,
            "retry": tenacity.retry_if_exception(lambda error: isinstance(error, EmojiError) and error.retryable),
            "wait": self._wait,
            "stop": self._stop,
            "reraise": True,
        }

    def _wait(self, state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        retry_after = error.retry_after if isinstance(error, EmojiError) else None
        if retry_after:  # zero, or a date in the past, sets no wait: the backoff applies
            return retry_after
        if self._in_batch:
            # The pace would round a shorter wait up, and every one to the same time.
            self._jitter = self._timing.random.uniform(0, self._pacer.interval)
        # Full jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
        longest = tenacity.wait_exponential(self._limits.backoff, max=self._limits.longest_backoff)(state)
        return self._timing.random.uniform(0, longest)

    def _stop(self, state: tenacity.RetryCallState) -> bool:
        return state.attempt_number >= self._limits.attempts or self.deadline.is_over(state.upcoming_sleep)

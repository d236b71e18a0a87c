"""The deadline of one call, over all its requests, attempts and waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emoji_mock.client.errors import TimedOutError

if TYPE_CHECKING:
    from emoji_mock.client.limits import CallLimits, Timing


class CallDeadline:
    """A deadline, by default `limits.deadline` seconds from now on the clock of `timing`."""

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

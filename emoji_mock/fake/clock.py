"""A clock that a test can freeze and advance; waiting on a frozen clock takes no time."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, NamedTuple

from emoji_mock._support import real_time
from emoji_mock._support.event_loops import checkpoint
from emoji_mock._support.fork_safety import Locked

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

EARLIEST, LATEST = 0.0, 253_086_768_000.0
"""Seconds since the epoch that can be written as a date: from 1970 to 9990, so that tasks and links may still end."""


def within_bounds(clock: Callable[[], float]) -> Callable[[], float]:
    """Return `clock` with each time that is in no calendar, such as NaN or 1e20, replaced by the nearest that is."""
    if clock is time.time:  # the usual clock costs nothing more
        return clock

    def now() -> float:
        at = clock()
        if EARLIEST <= at <= LATEST:
            return at
        return LATEST if at > LATEST else EARLIEST

    return now


def _require_date(what: str, at: float) -> None:
    __tracebackhide__ = True
    if not EARLIEST <= at <= LATEST:
        raise ValueError(f"{what}: must be from {EARLIEST:.0f} (1970) to {LATEST:.0f} (9990) seconds since the epoch")


class Waited:
    """An awaitable for a wait that is over: like every wait, it lets the other tasks of an event loop run."""

    def __await__(self) -> Generator[Any, Any, None]:
        return checkpoint()


class ClockSetting(NamedTuple):
    """How a clock was set: how many seconds it is ahead, or the second since the epoch at which it is frozen."""

    ahead: float = 0.0
    stopped: float | None = None


class Clock(Locked):
    """Return the time in seconds since the epoch: the real time until a test changes it. Safe from any thread.

    Where a test has changed the date of the process, as freezegun and time-machine do, it starts from that date and
    follows its changes; but it runs on where that date stands still, as a caller that waits for real expects.
    """

    def __init__(self) -> None:
        super().__init__()
        self._now = real_time.RunningDate().read
        self._ahead = 0.0
        self._stopped: float | None = None

    def __call__(self) -> float:
        """Return the time."""
        return self._now() + self._ahead if self._stopped is None else self._stopped

    def real(self) -> float:
        """Return the real time, which nothing in the process can stop."""
        return real_time.wall()

    @property
    def frozen(self) -> bool:
        """Whether the time is frozen."""
        return self._stopped is not None

    @property
    def setting(self) -> ClockSetting:
        """How it was set."""
        return ClockSetting(self._ahead, self._stopped)

    def follow(self, setting: ClockSetting) -> None:
        """Set it as another clock was set."""
        with self._lock:
            self._ahead, self._stopped = setting

    def freeze(self, at: float | None = None) -> None:
        """Freeze the time, now or `at` a second since the epoch. Raises ValueError for one that is in no calendar."""
        __tracebackhide__ = True  # pytest then shows the line of the test
        if at is not None:
            _require_date(f"freeze to {at!r}", at)
        with self._lock:
            self._stopped = self() if at is None else at

    def unfreeze(self) -> None:
        """Let a frozen time run on from where it is."""
        with self._lock:
            if self._stopped is not None:
                self._ahead, self._stopped = self._stopped - self._now(), None

    def restore(self) -> None:
        """Return to the real time."""
        with self._lock:
            self._ahead, self._stopped = 0.0, None

    def advance(self, seconds: float) -> Waited:
        """Advance the clock. Raises ValueError for a negative number, and beyond the calendar.

        The result may be awaited, so that `advance` and `sleep` can replace `time.sleep` and `asyncio.sleep` alike.
        """
        __tracebackhide__ = True  # pytest then shows the line of the test
        if not seconds >= 0:
            raise ValueError(f"advance: must be 0 seconds or more, not {seconds!r}; `freeze(at)` goes back")
        _require_date(f"advance by {seconds!r}", self() + seconds)
        with self._lock:
            if self._stopped is None:
                self._ahead += seconds
            else:
                self._stopped += seconds
        return Waited()

    def reach(self, at: float) -> None:
        """Advance a frozen clock to a second since the epoch, unless it is later already."""
        with self._lock:
            if self._stopped is not None:
                self._stopped = max(self._stopped, at)

    def sleep(self, seconds: float) -> Waited:
        """Wait; advance a frozen clock instead. The result may be awaited."""
        if self.frozen:
            return self.advance(seconds)
        real_time.sleep(seconds)
        return Waited()


class FunctionClock:
    """A function that returns the time, as a clock; it cannot be frozen, so waiting takes real time."""

    frozen = False

    def __init__(self, function: Callable[[], float]) -> None:
        self._function = function
        self.is_usual = function is time.time
        """Whether it is the time of the process, which another clock may replace."""

    def __call__(self) -> float:
        """Return the time in seconds since the epoch."""
        return self._function()

    def reach(self, at: float) -> None:
        """Do nothing: this clock is never frozen."""

    def sleep(self, seconds: float) -> None:
        """Wait for real."""
        real_time.sleep(seconds)


def true_time_of(clock: Callable[[], float]) -> Callable[[], float] | None:
    """Return the time that the journal keeps beside that of `clock`, or None if they are the same."""
    if isinstance(clock, Clock):
        return clock.real
    return real_time.wall if clock is time.time else None  # time-machine may stop `time.time`

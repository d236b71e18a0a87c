"""A clock that a test can freeze and advance; waiting on a frozen clock takes no time."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from emoji_mock._support.fork_safety import Locked

if TYPE_CHECKING:
    from collections.abc import Callable


class Clock(Locked):
    """Return the time in seconds since the epoch: the real time until a test changes it. Safe from any thread."""

    def __init__(self) -> None:
        super().__init__()
        self._ahead = 0.0
        self._stopped: float | None = None

    def __call__(self) -> float:
        """Return the time."""
        return time.time() + self._ahead if self._stopped is None else self._stopped

    def real(self) -> float:
        """Return the real time."""
        return time.time()

    @property
    def frozen(self) -> bool:
        """Whether the time is frozen."""
        return self._stopped is not None

    def freeze(self, at: float | None = None) -> None:
        """Freeze the time, now or `at` a second since the epoch."""
        with self._lock:
            self._stopped = self() if at is None else at

    def unfreeze(self) -> None:
        """Let a frozen time run on from where it is."""
        with self._lock:
            if self._stopped is not None:
                self._ahead, self._stopped = self._stopped - time.time(), None

    def advance(self, seconds: float) -> None:
        """Advance the clock. Raises ValueError for a negative number."""
        __tracebackhide__ = True  # pytest then shows the line of the test
        if not seconds >= 0:
            raise ValueError(f"advance: {seconds!r} is not 0 or more seconds; time goes forward only")
        with self._lock:
            if self._stopped is None:
                self._ahead += seconds
            else:
                self._stopped += seconds

    def reach(self, at: float) -> None:
        """Advance a frozen clock to a second since the epoch, unless it is later already."""
        with self._lock:
            if self._stopped is not None:
                self._stopped = max(self._stopped, at)

    def sleep(self, seconds: float) -> None:
        """Wait; advance a frozen clock instead."""
        if self.frozen:
            self.advance(seconds)
        else:
            time.sleep(seconds)


class FunctionClock:
    """A function that returns the time, as a clock; it cannot be frozen, so waiting takes real time."""

    frozen = False

    def __init__(self, function: Callable[[], float]) -> None:
        self._function = function

    def __call__(self) -> float:
        """Return the time in seconds since the epoch."""
        return self._function()

    def reach(self, at: float) -> None:
        """Do nothing: this clock is never frozen."""

    def sleep(self, seconds: float) -> None:
        """Wait for real."""
        time.sleep(seconds)

"""The real time and real waits, also where a test has frozen `time` or replaced its functions.

freezegun replaces attributes of modules, time-machine the C functions behind `time.time` and the real-time clock, and
tests put functions of their own in place of `time.sleep`. None of them touches the monotonic clock of the system, or
what a `partial` holds.
"""

from __future__ import annotations

import sys
import threading
import time
from functools import partial
from types import BuiltinFunctionType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

if hasattr(time, "clock_gettime"):
    monotonic = partial(time.clock_gettime, time.CLOCK_MONOTONIC)
else:  # Windows
    monotonic = partial(time.perf_counter)

_TOLERANCE = 0.01
"""Seconds by which the date and the real time may differ without a reason: no test of a whole second sees them."""
_ANOTHER_DATE = 86_400.0
"""A date that is moved by so many seconds, or back, is another one, which begins anew."""
_EPOCH = time.time() - monotonic()


def wall() -> float:
    """Return the seconds since the epoch: as `time.time` when this module was loaded, and as they have passed since."""
    return _EPOCH + monotonic()


def sleep(seconds: float) -> None:
    """Wait in this thread. Under gevent or eventlet the others run on, as their `threading` waits in their manner."""
    threading.Event().wait(seconds)


def is_loop_clock_replaced() -> bool:
    """Return whether a test has replaced the clock by which an event loop waits, so that its timers may never end."""
    return not isinstance(time.monotonic, BuiltinFunctionType)


class RunningDate:
    """Return the date of the process in seconds since the epoch; where a test holds it, it runs on from there.

    A change of the date is followed: only the real time in which it stood still is added. Safe from any thread.
    """

    def __init__(self) -> None:
        self._last: tuple[float, float, float] | None = None

    # The defaults are what freezegun does not reach; where no test holds the time, the first two lines are enough.
    def read(self, usual: Callable[[], float] = time.time, modules: dict[str, Any] = sys.modules) -> float:
        """Return the date."""
        if time.time is usual and "time_machine" not in modules:
            return usual()
        date, real = time.time(), monotonic()
        last = self._last
        if last is None:
            self._last = date, real, 0.0
            return date
        last_date, last_real, added = last
        stood_still = real - last_real - (date - last_date)
        if not -_TOLERANCE < stood_still < _TOLERANCE:
            added = added + max(0.0, stood_still) if 0 <= date - last_date < _ANOTHER_DATE else 0.0
            self._last = date, real, added
        return date + added

"""The real time and real waits, also where a test has frozen `time` or replaced its functions.

freezegun replaces attributes of modules, time-machine the C functions behind `time.time` and the real-time clock, and
tests put functions of their own in place of `time.sleep`. None of them touches the monotonic clock of the system, or
what a `partial` holds.
"""

from __future__ import annotations

import threading
import time
from functools import partial

if hasattr(time, "clock_gettime"):
    monotonic = partial(time.clock_gettime, time.CLOCK_MONOTONIC)
else:  # Windows
    monotonic = partial(time.perf_counter)

_EPOCH = time.time() - monotonic()


def wall() -> float:
    """Return the seconds since the epoch: as `time.time` when this module was loaded, and as they have passed since."""
    return _EPOCH + monotonic()


def sleep(seconds: float) -> None:
    """Wait in this thread. Under gevent or eventlet the others run on, as their `threading` waits in their manner."""
    threading.Event().wait(seconds)

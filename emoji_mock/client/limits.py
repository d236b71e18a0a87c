"""Time limits, retries and rates of a client, and the clocks that a test may replace."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field, fields
from random import Random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLimits:
    """Timeouts, attempts and rates of a client. All times are in seconds. Raises ValueError."""

    timeout: float = 30.0
    """Timeout for each step of one exchange: to connect, to send, to receive the next bytes."""
    deadline: float = 120.0
    """Deadline of a whole detection: upload, all attempts and the waits between them."""
    attempts: int = 4
    """Maximum number of attempts for one request; 1 disables retries."""
    backoff: float = 0.5
    """Upper bound of the wait before the second attempt. It doubles each time; the wait is a random share of it."""
    longest_backoff: float = 8.0
    """Maximum of that bound. A `Retry-After` of the server is used instead."""
    video_deadline: float = 900.0
    """Deadline of `wait`; the vendor needs one to five minutes for a video."""
    again_after_timeout: bool = False
    """Also retry after a read timeout, although the vendor may bill both attempts."""
    per_second: float | None = None
    """Requests a second in `detect_many`; None: as many as the vendor allows for the model."""
    at_once: int = 4
    """Concurrent detections in `detect_many`."""

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            if value is not None or each.default is not None:
                _check(each.name, value, each.default)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Sources of time and randomness. `sleep` is awaited by the asynchronous client."""

    clock: Callable[[], float] = time.monotonic
    now: Callable[[], float] = time.time
    sleep: Callable[[float], Any] | None = None
    random: Random = field(default_factory=Random)


def _check(name: str, value: Any, default: object) -> None:  # noqa: ANN401 - a value of the caller's
    is_flag = name == "again_after_timeout"
    if isinstance(value, bool) != is_flag or not isinstance(value, int | float):
        raise ValueError(f"{name}: must be a {'bool' if is_flag else 'number'}, not {value!r}")
    least = 1 if name in {"attempts", "at_once"} else 0
    positive = name in {"timeout", "deadline", "video_deadline", "per_second"}
    if math.isnan(value) or value < least or (value == 0 and positive):
        expected = "as many as the vendor allows" if default is None else repr(default)
        raise ValueError(f"{name}: {value!r} is too small; the default is {expected}")

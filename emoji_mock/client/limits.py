"""How long, how often and how fast: the numbers of a client, and the clocks that a test may replace."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field, fields
from random import Random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long a client waits, how often it asks, and how fast; all times in seconds."""

    timeout: float = 30.0
    """For one step of an exchange: to connect, to send, until the next bytes come."""
    deadline: float = 120.0
    """For a whole detection: upload, every attempt and every wait between them."""
    attempts: int = 4
    """How often one request is sent at most; 1 never repeats."""
    backoff: float = 0.5
    """The longest wait before the second attempt; it doubles each time, and a random share of it is waited."""
    longest_backoff: float = 8.0
    """What `backoff` never exceeds. A `Retry-After` of the server's is obeyed instead."""
    video_deadline: float = 900.0
    """For `wait`: until there is a video, which takes the vendor one to five minutes once it is begun."""
    again_after_timeout: bool = False
    """Ask again after a read timeout, too: the vendor may bill both."""
    per_second: float = 1.0
    """Requests a second in `detect_many`; the vendor allows one (https://help.aliyun.com/zh/model-studio/rate-limit)."""
    at_once: int = 4
    """Pictures under way at the same time in `detect_many`."""

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, bool) != (each.name == "again_after_timeout"):
                raise ValueError(f"{each.name}: {value!r} is of the wrong type")
            least = 1 if each.name in {"attempts", "at_once"} else 0
            if (
                math.isnan(value)
                or value < least
                or (value == 0 and each.name in {"timeout", "deadline", "video_deadline", "per_second"})
            ):
                raise ValueError(f"{each.name}: {value!r} is too small; the default is {each.default!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Where a client has its time and its chance from; `sleep` is awaited by the asynchronous one."""

    clock: Callable[[], float] = time.monotonic
    now: Callable[[], float] = time.time
    sleep: Callable[[float], Any] | None = None
    random: Random = field(default_factory=Random)

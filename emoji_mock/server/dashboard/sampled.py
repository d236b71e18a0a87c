"""Values that take long to compute from a full journal: computed anew seldom enough to leave the calls their time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

from emoji_mock._support.fork_safety import Locked
from emoji_mock._support.real_time import monotonic

if TYPE_CHECKING:
    from collections.abc import Callable

    from emoji_mock.fake.store.ports import Store

T = TypeVar("T")
SHARE = 25
"""One part in so many of the time may be spent on a value."""
QUICK = 0.005
"""Seconds: what takes less is computed each time, so that what is shown is new."""


class Sample(NamedTuple, Generic[T]):
    """A value, the time at which it is old, and for how many seconds it is kept in all."""

    value: T
    ends: float
    seconds: float


class Sampled(Locked, Generic[T]):
    """What `compute` makes of a store, kept for SHARE times as long as that took, if it was not QUICK.

    All open pages share it.
    """

    def __init__(self, compute: Callable[[Store], T], clock: Callable[[], float] = monotonic) -> None:
        super().__init__()
        self._compute, self._clock = compute, clock
        self._samples: WeakKeyDictionary[Store, Sample[T]] = WeakKeyDictionary()

    def of(self, store: Store) -> T:
        """Return the value for `store`, or the one from before if that is not old yet."""
        return self.sample(store).value

    def sample(self, store: Store) -> Sample[T]:
        """Return the same with the time for which it is kept."""
        with self._lock:
            sample = self._samples.get(store)
            began = self._clock()
            if sample is None or began >= sample.ends:
                value = self._compute(store)
                ended = self._clock()
                kept = SHARE * (ended - began) if ended - began >= QUICK else 0.0
                sample = self._samples[store] = Sample(value, ended + kept, kept)
            return sample

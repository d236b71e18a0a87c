"""What a replica has read of each namespace: valid as long as the epoch of the store is the same."""

from __future__ import annotations

from time import monotonic
from typing import Generic, TypeVar

from emoji_mock.fake.accounting.accounts import NAMESPACES

T = TypeVar("T")
NOTED_SECONDS = 10.0
"""How often the store is told that a namespace is in use, where no other operation says it."""


class Cached(Generic[T]):
    """A value that was read at `epoch`."""

    __slots__ = ("_noted_at", "epoch", "value")

    def __init__(self, epoch: str, value: T) -> None:
        self.epoch, self.value = epoch, value
        self._noted_at = 0.0

    def is_due(self) -> bool:
        """Return whether the store must be told that the value is in use; it is then expected to be."""
        now = monotonic()
        if self._noted_at and now - self._noted_at < NOTED_SECONDS:
            return False
        self._noted_at = now
        return True


class EpochCache(Generic[T]):
    """A value for each namespace, of at most NAMESPACES, all read at one epoch. Safe from any thread."""

    def __init__(self) -> None:
        self._epoch = ""
        self._values: dict[str, Cached[T]] = {}

    def get(self, namespace: str, epoch: str) -> Cached[T] | None:
        """Return what was read of `namespace` at `epoch`."""
        cached = self._values.get(namespace)
        return cached if cached is not None and cached.epoch == epoch else None

    def put(self, namespace: str, epoch: str, value: T) -> Cached[T]:
        """Keep what was read of `namespace`, and nothing of another epoch."""
        if epoch != self._epoch or len(self._values) >= NAMESPACES:
            self._epoch, self._values = epoch, {}
        cached = self._values[namespace] = Cached(epoch, value)
        return cached

"""Copies of values that another process keeps, so that what was read once is not sent again."""

from collections import OrderedDict
from typing import Generic, NamedTuple, TypeVar

from emoji_mock._support.fork_safety import Locked

T = TypeVar("T")


class Copy(NamedTuple, Generic[T]):
    """A value, what its version is, and how many bytes it has."""

    version: bytes
    value: T
    size: int


class Copies(Locked, Generic[T]):
    """The values that were read last, each with its version, of at most `room` bytes together. Safe from any thread."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self._room, self._left = room, room
        self._copies: OrderedDict[str, Copy[T]] = OrderedDict()

    def find(self, key: str) -> Copy[T] | None:
        """Return the copy under `key`."""
        with self._lock:
            copy = self._copies.get(key)
            if copy is not None:
                self._copies.move_to_end(key)
            return copy

    def keep(self, key: str, version: bytes, value: T, size: int) -> None:
        """Keep a value of `size` bytes under `key`, unless it takes more than half of the room."""
        with self._lock:
            self._drop(key)
            if size > self._room // 2:
                return
            self._copies[key] = Copy(version, value, size)
            self._left -= size
            while self._left < 0:
                self._drop(next(iter(self._copies)))

    def _drop(self, key: str) -> None:
        if (copy := self._copies.pop(key, None)) is not None:
            self._left += copy.size

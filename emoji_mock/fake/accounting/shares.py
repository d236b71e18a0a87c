"""The rule by which accounts share what is bounded: each part of the state that callers can fill uses it."""

from __future__ import annotations

from collections import OrderedDict
from sys import getsizeof
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

SHARES = 16
"""An account with more than this part of a bound gives way before all others."""


def memory_of(texts: Iterable[str]) -> int:
    """Return how many bytes `texts` take in memory: a character takes 1, 2 or 4, and each text a header."""
    return sum(map(getsizeof, texts))


class _Held:
    """What one account holds: items, bytes, and whether either is more than its share."""

    __slots__ = ("items", "large", "size")

    def __init__(self) -> None:
        self.items = 0
        self.size = 0
        self.large = False


class Shares:
    """How many items and bytes each account holds, of at most `items` and `room` bytes together.

    Above a bound, the account that holds the most gives way, if it holds more than its share (one part in SHARES);
    else the account that was idle for the longest time. So neither a large account nor many small ones, which cost
    nothing to invent, push out an account that is in use. What was added last stays, and the owner removes the oldest
    item of the account that gives way. Not thread-safe: its owner's lock guards it.
    """

    def __init__(self, items: int, room: int) -> None:
        self._most_items, self._room = items, room
        self._share_items, self._share_size = items / SHARES, room / SHARES
        self._held: OrderedDict[str, _Held] = OrderedDict()  # the account that was idle for the longest time first
        self._large: OrderedDict[str, _Held] = OrderedDict()  # those with more than a share, likewise
        self._newest, self._added = "", 0  # the account of the last item, and how many items it was
        self._items = 0
        self._size = 0

    def add(self, account: str, size: int, items: int = 1, *, last: int | None = None) -> bool:
        """Count items of `size` bytes together, and return whether a bound is exceeded (see `giving_way`).

        The `last` of them stay, by default all: they are one thing that takes the place of several items.
        """
        held = self._held.get(account)
        if held is None:
            held = self._held[account] = _Held()
            self._newest = account
        elif account != self._newest:
            self.touch(account)
        held.items += items
        held.size += size
        self._added = items if last is None else last
        self._items += items
        self._size += size
        if not held.large and (held.items > self._share_items or held.size > self._share_size):
            held.large = True
            self._large[account] = held
        return self._items > self._most_items or self._size > self._room

    def remove(self, account: str, size: int, items: int = 1) -> None:
        """Count items of `size` bytes together no longer."""
        held = self._held[account]
        held.items -= items
        held.size -= size
        self._items -= items
        self._size -= size
        if not held.items:
            self._close(account)

    def touch(self, account: str) -> None:
        """Note that `account` is in use."""
        if account in self._held:
            self._held.move_to_end(account)
            self._newest = account
            if account in self._large:
                self._large.move_to_end(account)

    def clear(self, account: str) -> None:
        """Count nothing of `account` any longer."""
        if (held := self._held.get(account)) is not None:
            self._items -= held.items
            self._size -= held.size
            self._close(account)

    def giving_way(self) -> str | None:
        """Return the account whose oldest item must be removed, or None if no bound is exceeded."""
        by_size = self._items <= self._most_items
        if (by_size and self._size <= self._room) or not self._held:
            return None
        if len(self._held) == 1:
            return self._newest
        most = self._share_size if by_size else self._share_items
        holder: str | None = None
        for account, held in list(self._large.items()):
            if held.items <= self._share_items and held.size <= self._share_size:
                held.large = False
                del self._large[account]
            elif account != self._newest or held.items > self._added:
                holds = held.size if by_size else held.items
                if holds > most:
                    most, holder = holds, account
        return next(iter(self._held)) if holder is None else holder

    def surplus(self, account: str) -> int:
        """Return how many items `account` may remove at once: one, or more if it is far from giving up its share."""
        held = self._held[account].items
        return max(1, min(self._items - self._most_items, held if len(self._held) == 1 else held // 64))

    def _close(self, account: str) -> None:
        del self._held[account]
        self._large.pop(account, None)
        if account == self._newest:
            self._newest = next(reversed(self._held), "")

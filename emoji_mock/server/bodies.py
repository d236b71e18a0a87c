"""The memory of unfinished bodies: bounded in all, and fair. Whoever holds most of it gives way when it is full.

So a caller that holds no more than its share, the bound divided by the number of callers, is never refused.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

HELD_BYTES = 256 * 1024 * 1024
"""How many bytes of bodies may be held at any time, until they are answered."""


class HeldBody:
    """The bytes that one request holds. A context manager: they are free at its end."""

    def __init__(self, bodies: HeldBodies, owner: str) -> None:
        self.owner = owner
        self.size = 0
        self.dropped = False
        """Whether it has given way to others."""
        self.give_way: Callable[[], bool] | None = None
        """Ends the request, and returns False if it is too late for that; without it, the request cannot give way."""
        self._bodies = bodies

    def grow(self, size: int) -> None:
        """Hold `size` bytes more. Raises MemoryError if they are too many and no other body can give way."""
        self._bodies.add(self, size)

    def __enter__(self) -> Self:
        self._bodies.enter(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bodies.remove(self)


class HeldBodies:
    """All bodies that are held. For one event loop."""

    def __init__(self) -> None:
        self.size = 0
        self._by_owner: Counter[str] = Counter()
        self._held: dict[HeldBody, None] = {}  # the oldest first

    def hold(self, owner: str) -> HeldBody:
        """Return a body of `owner`, which holds nothing yet."""
        return HeldBody(self, owner)

    def enter(self, body: HeldBody) -> None:
        """Begin to count `body`."""
        self._held[body] = None

    def add(self, body: HeldBody, size: int) -> None:
        """Count `size` bytes more for `body`, and let the largest give way as long as there are too many."""
        if body.dropped:
            return  # its request is about to end
        body.size += size
        self.size += size
        self._by_owner[body.owner] += size
        while self.size > HELD_BYTES:
            largest = self._largest()
            if largest is None or largest is body:
                raise MemoryError("too many bytes of unfinished bodies")
            self.remove(largest)
            largest.dropped = True

    def remove(self, body: HeldBody) -> None:
        """Count `body` no more."""
        if body not in self._held:
            return
        del self._held[body]
        self.size -= body.size
        self._by_owner[body.owner] -= body.size
        if not self._by_owner[body.owner]:
            del self._by_owner[body.owner]

    def _largest(self) -> HeldBody | None:
        """Return the largest body, of the owner that holds most, that can give way; it has then done so."""
        for owner in sorted(self._by_owner, key=self._by_owner.__getitem__, reverse=True):
            bodies = [body for body in self._held if body.owner == owner]
            for body in sorted(bodies, key=lambda body: body.size, reverse=True):
                if body.give_way is not None and body.give_way():
                    return body
        return None

"""What is left to chance, for every account by itself, so that nobody's luck depends on who else calls."""

from random import Random

from emoji_mock._support.fork_safety import Locked

NAMESPACES = 1000
"""How many accounts have dice; the first of them then begin anew."""


class RandomSource(Locked):
    """One row of throws for each namespace; the same `seed` repeats them all. Safe from any thread."""

    def __init__(self, seed: int | str | None = None) -> None:
        self._seed = seed
        super().__init__()
        self._rows: dict[str, Random] = {}

    def of(self, namespace: str) -> Random:
        """Return the dice of `namespace`."""
        row = self._rows.get(namespace)
        return self._begin(namespace) if row is None else row

    def clear(self, namespace: str | None = None) -> None:
        """Begin anew for `namespace`, or for all."""
        with self._lock:
            if namespace is None:
                self._rows.clear()
            else:
                self._rows.pop(namespace, None)

    def _begin(self, namespace: str) -> Random:
        seed = None if self._seed is None else f"{self._seed} {namespace}"
        with self._lock:
            while len(self._rows) >= NAMESPACES:
                del self._rows[next(iter(self._rows))]
            return self._rows.setdefault(namespace, Random(seed))  # noqa: S311 - no secret

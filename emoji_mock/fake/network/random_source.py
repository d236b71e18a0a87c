"""A seeded random source per namespace, so that other accounts do not affect an account's random numbers."""

from collections import OrderedDict
from random import Random

from emoji_mock._support.fork_safety import Locked

NAMESPACES = 1000
"""How many namespaces have a generator; beyond it the one that was not used for the longest time starts again."""


class RandomSource(Locked):
    """A random generator per namespace; the same `seed` repeats them all. Safe from any thread."""

    def __init__(self, seed: int | str | None = None) -> None:
        self._seed = seed
        super().__init__()
        self._generators: OrderedDict[str, Random] = OrderedDict()

    def of(self, namespace: str) -> Random:
        """Return the generator of `namespace`."""
        with self._lock:
            generator = self._generators.get(namespace)
            if generator is None:
                return self._start(namespace)
            self._generators.move_to_end(namespace)
            return generator

    def clear(self, namespace: str | None = None) -> None:
        """Start again for `namespace`, or for all."""
        with self._lock:
            if namespace is None:
                self._generators.clear()
            else:
                self._generators.pop(namespace, None)

    def _start(self, namespace: str) -> Random:
        seed = None if self._seed is None else f"{self._seed} {namespace}"
        while len(self._generators) >= NAMESPACES:
            self._generators.popitem(last=False)
        return self._generators.setdefault(namespace, Random(seed))  # noqa: S311 - not for secrets

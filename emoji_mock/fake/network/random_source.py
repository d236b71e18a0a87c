"""A seeded random source per namespace, so that other accounts do not affect an account's random numbers."""

from random import Random

from emoji_mock._support.fork_safety import Locked

NAMESPACES = 1000
"""How many namespaces have a generator; beyond it the oldest one starts again."""


class RandomSource(Locked):
    """A random generator per namespace; the same `seed` repeats them all. Safe from any thread."""

    def __init__(self, seed: int | str | None = None) -> None:
        self._seed = seed
        super().__init__()
        self._generators: dict[str, Random] = {}

    def of(self, namespace: str) -> Random:
        """Return the generator of `namespace`."""
        generator = self._generators.get(namespace)
        return self._start(namespace) if generator is None else generator

    def clear(self, namespace: str | None = None) -> None:
        """Start again for `namespace`, or for all."""
        with self._lock:
            if namespace is None:
                self._generators.clear()
            else:
                self._generators.pop(namespace, None)

    def _start(self, namespace: str) -> Random:
        seed = None if self._seed is None else f"{self._seed} {namespace}"
        with self._lock:
            while len(self._generators) >= NAMESPACES:
                del self._generators[next(iter(self._generators))]
            return self._generators.setdefault(namespace, Random(seed))  # noqa: S311 - not for secrets

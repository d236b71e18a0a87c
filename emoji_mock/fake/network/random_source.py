"""A seeded random source per namespace, so that other accounts do not affect an account's random numbers."""

from collections import OrderedDict
from random import Random

from emoji_mock._support.fork_safety import Locked, reset_after_fork

NAMESPACES = 1000
"""How many namespaces have a generator; beyond it the one that was not used for the longest time starts again."""


class _Unseeded(Random):
    """A generator that each process seeds by itself."""

    def after_fork(self) -> None:
        """Make other numbers than the parent process."""
        self.seed()


UNSEEDED = _Unseeded()
"""What the fakes without a seed share, as to seed one of their own would take a third of their construction."""
reset_after_fork(UNSEEDED)


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

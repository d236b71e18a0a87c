"""Limits in memory."""

from collections import OrderedDict

from emoji_mock._support.fork_safety import Locked, MadeWhenUsed
from emoji_mock.fake.accounting.accounts import NAMESPACES
from emoji_mock.fake.accounting.limiter import Admission, GateUse, RateLimiter
from emoji_mock.fake.accounting.limits import Limits
from emoji_mock.fake.rules.active_rule import EVERYONE


class MemoryLimits(Locked):
    """Implement LimitsPort in memory."""

    def __init__(self) -> None:
        super().__init__()
        self._limits: OrderedDict[str, Limits] = OrderedDict()  # the namespace that was idle the longest first

    @MadeWhenUsed
    def _limiter(self) -> RateLimiter:
        """Return the counts of calls; most stores have no limits."""
        return RateLimiter()

    @property
    def has_limits(self) -> bool:
        """Whether any namespace has limits."""
        return bool(self._limits)

    def limits_for(self, namespace: str) -> Limits | None:
        """Return the limits of `namespace`, or else those of everyone."""
        with self._lock:
            own = self._limits.get(namespace)
            if own is None:
                return self._limits.get(EVERYONE)
            self._limits.move_to_end(namespace)
            return own

    def limits(self) -> dict[str, Limits]:
        """Return all limits by namespace."""
        with self._lock:
            return dict(self._limits)

    def set_limits(self, limits: Limits | None, namespace: str = EVERYONE) -> None:
        """Replace the limits of `namespace`, or remove them.

        Above NAMESPACES, those of the namespace that was idle for the longest time give way, but never everyone's.
        """
        with self._lock:
            if limits is None:
                self._limits.pop(namespace, None)
                return
            self._limits[namespace] = limits
            self._limits.move_to_end(namespace)
            if len(self._limits) > NAMESPACES:
                del self._limits[next(name for name in self._limits if name != EVERYONE)]

    def admit(self, namespace: str, gate: str, limits: Limits, now: float) -> Admission:
        """Count a call through `gate`, unless `limits` refuse it; a refused call is not counted."""
        return self._limiter.admit(namespace, gate, limits, now)

    def leave(self, namespace: str, gate: str, place: int, until: float) -> None:
        """End a call that was admitted to `place`: it counts as under way until the time `until`."""
        self._limiter.leave(namespace, gate, place, until)

    def gate_uses(self, namespaces: list[str], now: float) -> dict[str, dict[str, GateUse]]:
        """Return how many calls each gate of `namespaces` counts at the time `now`."""
        return self._limiter.uses(namespaces, now)

    def _remove_limits(self, namespace: str | None) -> None:
        if namespace is None:
            self._limits.clear()
        else:
            self._limits.pop(namespace, None)

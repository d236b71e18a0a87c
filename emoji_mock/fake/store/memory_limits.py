"""Limits in memory."""

from emoji_mock._support.fork_safety import Locked
from emoji_mock.fake.accounting.accounts import NAMESPACES
from emoji_mock.fake.accounting.limiter import Admission, RateLimiter
from emoji_mock.fake.accounting.limits import Limits
from emoji_mock.fake.rules.active_rule import EVERYONE
from emoji_mock.fake.store.ports import StoreFullError


class MemoryLimits(Locked):
    """Implement LimitsPort in memory."""

    def __init__(self) -> None:
        super().__init__()
        self._limits: dict[str, Limits] = {}
        self._limiter = RateLimiter()

    @property
    def has_limits(self) -> bool:
        """Whether any namespace has limits."""
        return bool(self._limits)

    def limits_for(self, namespace: str) -> Limits | None:
        """Return the limits of `namespace`, or else those of everyone."""
        return self._limits.get(namespace) or self._limits.get(EVERYONE)

    def limits(self) -> dict[str, Limits]:
        """Return all limits by namespace."""
        with self._lock:
            return dict(self._limits)

    def set_limits(self, limits: Limits | None, namespace: str = EVERYONE) -> None:
        """Replace the limits of `namespace`, or remove them. Raises StoreFullError."""
        with self._lock:
            if limits is None:
                self._limits.pop(namespace, None)
                return
            if namespace not in self._limits and len(self._limits) >= NAMESPACES:
                raise StoreFullError(f"at most {NAMESPACES} namespaces have limits of their own; clear some first")
            self._limits[namespace] = limits

    def admit(self, namespace: str, gate: str, limits: Limits, now: float) -> Admission:
        """Count a call through `gate`, unless `limits` refuse it; a refused call is not counted."""
        return self._limiter.admit(namespace, gate, limits, now)

    def leave(self, namespace: str, gate: str, place: int, until: float) -> None:
        """End a call that was admitted to `place`: it counts as under way until the time `until`."""
        self._limiter.leave(namespace, gate, place, until)

    def _remove_limits(self, namespace: str | None) -> None:
        if namespace is None:
            self._limits.clear()
        else:
            self._limits.pop(namespace, None)

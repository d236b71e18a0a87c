"""Count calls against limits: recent calls, and calls in progress."""

from collections import OrderedDict, deque
from math import inf
from typing import Literal, NamedTuple

from emoji_mock._support.fork_safety import Locked
from emoji_mock.fake.accounting.limits import Limits

BURST_SECONDS = 0.1
"""In how many seconds calls make a burst (inferred: the vendor does not say)."""
GATES = 10_000
"""How many gates are kept; the least recently used is dropped."""
CALLS = 200_000
"""How many calls all gates keep together: 32 bytes for each recent one, some 100 for each in progress."""
WINDOW_SECONDS = 1.0
"""For how long a call is recent: the longest window of a limit."""

LimitName = Literal["rps", "burst", "concurrency"]


class Admission(NamedTuple):
    """Either the place of an admitted call, or the limit that refuses it, and in how many seconds it will not.

    The place is 0 if the call is not counted as under way, so that nothing needs to end it.
    """

    place: int = 0
    refused_by: LimitName | None = None
    wait: float = 0.0


class GateUse(NamedTuple):
    """How many calls a gate counts: in the last second, in the last tenth of a second, and under way."""

    rps: int
    burst: int
    concurrency: int


class _Gate:
    """The times of recent calls, and the end of each call in progress (inf: not known yet)."""

    __slots__ = ("last", "times", "under_way")

    def __init__(self) -> None:
        self.times: deque[float] = deque()
        self.under_way: dict[int, float] = {}
        self.last = -inf

    def full_for(self, most: int | None, within: float, now: float) -> float:
        """Return the seconds until fewer than `most` calls are within the last `within` seconds."""
        if most is None or len(self.times) < most or now - self.times[-most] >= within:
            return 0.0
        return self.times[-most] + within - now

    def crowded_for(self, most: int | None, now: float) -> float:
        """Return the seconds until fewer than `most` calls are in progress; 1 if that is not known."""
        if most is None or len(self.under_way) < most:
            return 0.0
        soonest = min(self.under_way.values())
        return 1.0 if soonest == inf else soonest - now

    def uses(self, now: float) -> GateUse:
        """Return how many calls each limit counts at the time `now`."""
        recent, last = (sum(now - at < seconds for at in self.times) for seconds in (WINDOW_SECONDS, BURST_SECONDS))
        return GateUse(recent, last, sum(until > now for until in self.under_way.values()))

    def prune(self, now: float) -> int:
        """Forget calls that no limit counts any longer, and return how many."""
        before = self.kept()
        for place in [place for place, until in self.under_way.items() if until <= now]:
            del self.under_way[place]
        while self.times and now - self.times[0] >= WINDOW_SECONDS:
            self.times.popleft()
        return before - self.kept()

    def kept(self) -> int:
        """Return how many calls are kept."""
        return len(self.times) + len(self.under_way)


class RateLimiter(Locked):
    """Counts calls by namespace and gate: a model, or an operation on tasks. Safe from any thread."""

    def __init__(self) -> None:
        super().__init__()
        self._gates: OrderedDict[tuple[str, str], _Gate] = OrderedDict()
        self._last = 0
        self._kept = 0  # calls of all gates

    def admit(self, namespace: str, name: str, limits: Limits, now: float) -> Admission:
        """Count a call through gate `name`, unless `limits` refuse it; a refused call is not counted."""
        with self._lock:
            gate = self._gate(namespace, name, now)
            now = gate.last = max(gate.last, now)  # threads may come here in another order than their requests
            self._kept -= gate.prune(now)
            waits: tuple[tuple[LimitName, float], ...] = (
                ("rps", gate.full_for(limits.rps, WINDOW_SECONDS, now)),
                ("burst", gate.full_for(limits.burst, BURST_SECONDS, now)),
                ("concurrency", gate.crowded_for(limits.concurrency, now)),
            )
            for limit, wait in waits:
                if wait > 0:
                    return Admission(0, limit, wait)
            self._kept -= gate.kept()
            gate.times.append(now)
            while len(gate.times) > max(limits.rps or 0, limits.burst or 0):
                gate.times.popleft()
            place = 0
            if limits.concurrency is not None:
                place = self._last = self._last + 1
                gate.under_way[place] = inf
            self._kept += gate.kept()
            self._drop_idle(now)
            return Admission(place)

    def leave(self, namespace: str, name: str, place: int, until: float) -> None:
        """End the call at `place`: it counts as under way until the time `until`."""
        with self._lock:
            gate = self._gates.get((namespace, name))
            if gate is not None and place in gate.under_way:
                gate.under_way[place] = until

    def uses(self, namespaces: list[str], now: float) -> dict[str, dict[str, GateUse]]:
        """Return how many calls each gate of `namespaces` counts at the time `now`."""
        found: dict[str, dict[str, GateUse]] = {namespace: {} for namespace in namespaces}
        with self._lock:
            for (owner, name), gate in self._gates.items():
                if owner in found:
                    found[owner][name] = gate.uses(now)
        return found

    def clear(self, namespace: str | None = None) -> None:
        """Forget the calls of `namespace`, or of all."""
        with self._lock:
            for key in [key for key in self._gates if namespace in (None, key[0])]:
                self._drop(key)

    def _gate(self, namespace: str, name: str, now: float) -> _Gate:
        key = namespace, name
        gate = self._gates.get(key)
        if gate is None or now < gate.last - 1:  # the clock was put back
            self._kept -= 0 if gate is None else gate.kept()
            gate = self._gates[key] = _Gate()
        self._gates.move_to_end(key)
        return gate

    def _drop_idle(self, now: float) -> None:
        """Drop gates that count nothing any longer, and above a bound those that were idle for the longest time."""
        while len(self._gates) > 1:
            key, gate = next(iter(self._gates.items()))
            if self._kept <= CALLS and len(self._gates) <= GATES:
                if now - gate.last < WINDOW_SECONDS:
                    return
                self._kept -= gate.prune(now)
                if gate.kept():
                    return
            self._drop(key)

    def _drop(self, key: tuple[str, str]) -> None:
        self._kept -= self._gates.pop(key).kept()

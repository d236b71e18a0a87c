"""The limits in the engine, and the calls that all replicas count against them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from emoji_mock.fake.accounting.accounts import NAMESPACES
from emoji_mock.fake.accounting.limiter import (
    BURST_SECONDS,
    CALLS,
    GATES,
    WINDOW_SECONDS,
    Admission,
    GateUse,
    LimitName,
)
from emoji_mock.fake.accounting.limits import Limits
from emoji_mock.fake.rules.active_rule import EVERYONE
from emoji_mock.stores.valkey.connections.lua_script import LuaScript
from emoji_mock.stores.valkey.epoch_cache import Cached, EpochCache

if TYPE_CHECKING:
    from emoji_mock.stores.valkey.engine import Engine

DECIDED_SECONDS = 60.0
"""How long a call may take to say when it ends (`leave`), which it does as soon as its answer is decided.

Of one that has not said it by then the replica was killed: it does not count as under way any longer."""

_READ = LuaScript("read_limits", only_reads=True)
_LIST = LuaScript("list_limits", only_reads=True)
_SET = LuaScript("set_limits", ("limits",))
_TOUCH = LuaScript("touch_limits", ("limits",))
_ADMIT = LuaScript("admit", ("gates",))
_LEAVE = LuaScript("leave", ("gates",))
_USES = LuaScript("gate_uses", ("gates",), only_reads=True)
_WINDOWS = WINDOW_SECONDS, BURST_SECONDS, DECIDED_SECONDS
_NAMES: dict[bytes, LimitName] = {b"rps": "rps", b"burst": "burst", b"concurrency": "concurrency"}
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Limits).decode


class ValkeyLimits:
    """Implement LimitsPort in an engine."""

    _engine: Engine

    @cached_property
    def _known_limits(self) -> EpochCache[Limits | None]:
        return EpochCache()

    @property
    def has_limits(self) -> bool:
        """Whether any namespace has limits."""
        return self._engine.state.has_limits

    def limits_for(self, namespace: str) -> Limits | None:
        """Return the limits of `namespace`, or else those of everyone."""
        epoch = self._engine.state.epoch
        own, everyones = (self._known_limits.get(owner, epoch) for owner in (namespace, EVERYONE))
        if own is None or everyones is None:
            own, everyones = self._read_limits(namespace, EVERYONE)
        if own.value is None:
            return everyones.value
        if own.is_due():
            self._engine.post(_TOUCH, namespace)
        return own.value

    def limits(self) -> dict[str, Limits]:
        """Return all limits by namespace."""
        found = self._engine.run(_LIST)
        return {name.decode(): _decode(kept) for name, kept in zip(found[::2], found[1::2], strict=True)}

    def set_limits(self, limits: Limits | None, namespace: str = EVERYONE) -> None:
        """Replace the limits of `namespace`, or remove them.

        Above NAMESPACES, those of the namespace that was idle for the longest time give way, but never everyone's.
        """
        self._engine.run(_SET, namespace, b"" if limits is None else _encode(limits), NAMESPACES)
        self._engine.read_state()

    def admit(self, namespace: str, gate: str, limits: Limits, now: float) -> Admission:
        """Count a call through `gate`, unless `limits` refuse it; a refused call is not counted."""
        most = limits.rps or 0, limits.burst or 0, limits.concurrency or 0
        at = repr(self._engine.common_time(now))
        place, refused_by, wait = self._engine.run(_ADMIT, namespace, gate, at, *most, *_WINDOWS, GATES, CALLS)
        return Admission(0, _NAMES[refused_by], float(wait)) if refused_by else Admission(place)

    def leave(self, namespace: str, gate: str, place: int, until: float) -> None:
        """End a call that was admitted to `place`: it counts as under way until the time `until`."""
        self._engine.post(_LEAVE, namespace, gate, place, repr(self._engine.common_time(until)))

    def gate_uses(self, namespaces: list[str], now: float) -> dict[str, dict[str, GateUse]]:
        """Return how many calls each gate of `namespaces` counts at the time `now`."""
        uses: dict[str, dict[str, GateUse]] = {namespace: {} for namespace in namespaces}
        for name, gate, *counts in self._engine.run(_USES, repr(self._engine.common_time(now)), *_WINDOWS, *namespaces):
            uses[name.decode()][gate.decode()] = GateUse(*counts)
        return uses

    def _read_limits(self, *namespaces: str) -> list[Cached[Limits | None]]:
        epoch, *found = self._engine.run(_READ, *namespaces)
        return [
            self._known_limits.put(namespace, epoch.decode(), None if kept is None else _decode(kept))
            for namespace, kept in zip(namespaces, found, strict=True)
        ]

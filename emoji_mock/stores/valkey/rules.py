"""The rules in the engine. Patterns are compared here, with rules that were read before; the engine counts the uses."""

from __future__ import annotations

import logging
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from emoji_mock.fake.rules.active_rule import EVERYONE, ActiveRule, bytes_of
from emoji_mock.fake.rules.pattern import forget_patterns
from emoji_mock.fake.rules.rule import RequestFacts, Rule
from emoji_mock.fake.store.rule_bounds import RULE_BYTES, RULES, require_room
from emoji_mock.stores.valkey.connections.lua_script import LuaScript
from emoji_mock.stores.valkey.epoch_cache import Cached, EpochCache

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from emoji_mock.stores.valkey.engine import Engine

_READ = LuaScript("read_rules", only_reads=True)
_SET = LuaScript("set_rules", ("shares", "rules"))
_REMOVE = LuaScript("remove_rule", ("shares", "rules"))
_CLEAR = LuaScript("clear_rules", ("shares", "rules"))
_TAKE = LuaScript("take_rules")
_TOUCH = LuaScript("touch_rules", ("shares",))
_ANY_ORDER = "*"
_encode = msgspec.msgpack.Encoder().encode
_decode_kept = msgspec.msgpack.Decoder(tuple[str, int, str]).decode
_encode_rule = msgspec.json.Encoder().encode
_decode_rule = msgspec.json.Decoder(Rule).decode  # as JSON: the engine's MessagePack knows texts, but no bytes
_log = logging.getLogger("emoji_mock")


class _Order(NamedTuple):
    """The rules of a namespace in the order in which they are tried, and this order as the engine keeps it."""

    packed: bytes
    active_rules: list[ActiveRule]


class ValkeyRules:
    """Implement RulesPort in an engine."""

    _engine: Engine

    @cached_property
    def _unspent(self) -> EpochCache[list[ActiveRule]]:
        return EpochCache()

    @property
    def has_rules(self) -> bool:
        """Whether there is any rule."""
        return self._engine.state.has_rules

    def take_rules(
        self, namespace: str, facts: RequestFacts, draw: float = 0.0, *, faults_only: bool = False
    ) -> tuple[Rule, ...]:
        """Count a use of each rule that applies to a request, and return these rules."""
        own, everyones = self._known_rules(namespace)
        while True:
            matching = {
                active.id: active.rule
                for active in (*own.value, *everyones.value)
                if not (faults_only and active.rule.outcome is not None) and active.rule.matches(facts)
            }
            if own.value and own.is_due():
                self._engine.post(_TOUCH, namespace)
            taken = _taken(matching, draw)
            if taken is not None and self._engine.note_uses(taken):
                return tuple(matching[number] for number in taken)
            reply = self._engine.run(_TAKE, own.epoch, repr(draw), _encode(_as_candidates(matching)))
            if reply is not None:
                break
            own, everyones = self._read_unspent(namespace, EVERYONE)
        numbers, spent = reply
        if spent:
            for cached in (own, everyones):
                cached.value = [active for active in cached.value if active.id not in spent]
        return tuple(matching[number] for number in numbers)

    def rules(self, namespace: str | None = None) -> list[ActiveRule]:
        """Return the rules of `namespace`, or all, in the order in which they are tried."""
        _, orders = self._read_orders(() if namespace is None else (namespace,))
        return [active for owner in sorted(orders) for active in orders[owner].active_rules]

    def known_rules(self, namespace: str) -> list[ActiveRule]:
        """Return the rules that are tried for `namespace`, as read before; none if one of them may be spent by now."""
        epoch = self._engine.state.epoch
        cached = [self._unspent.get(owner, epoch) for owner in (namespace, EVERYONE)]
        known = [active for read in cached if read is not None for active in read.value]
        return known if None not in cached and all(active.rule.times is None for active in known) else []

    def add_rule(self, rule: Rule, namespace: str = EVERYONE) -> ActiveRule:
        """Put `rule` before the others of its namespace. Raises StoreFullError."""
        while True:
            order = self._order_of(namespace)
            require_room([rule, *[active.rule for active in order.active_rules]])
            added = self._set_rules(namespace, order.packed, [rule, *order.active_rules])
            if added is not None:
                return added[0]

    def replace_rules(self, rules: list[Rule], namespace: str = EVERYONE) -> list[ActiveRule]:
        """Replace the rules of `namespace` by `rules`, in this order. Raises StoreFullError and then keeps the old."""
        require_room(rules)
        return self._set_rules(namespace, _ANY_ORDER, rules) or []

    def order_rules(self, first: list[int], namespace: str = EVERYONE) -> list[ActiveRule]:
        """Try the rules with these numbers first, in this order, and return all. Raises ValueError."""
        while True:
            order = self._order_of(namespace)
            rest = {active.id: active for active in order.active_rules}
            for number in first:
                if rest.pop(number, None) is None:
                    raise ValueError(f"{number} must be the number of a rule of {namespace!r}, and be given once")
            held = {active.id: active for active in order.active_rules}
            ordered = [*[held[number] for number in first], *rest.values()]
            if not first or self._set_rules(namespace, order.packed, ordered) is not None:
                return ordered

    def remove_rule(self, number: int) -> ActiveRule | None:
        """Remove the rule with this number and return it, or None if there is none."""
        found = self._engine.run(_REMOVE, number)
        if found is None:
            return None
        self._engine.read_state()
        return _active(number, *found)

    def clear_rules(self, namespace: str | None = None) -> int:
        """Remove the rules of `namespace`, or all, and return how many were removed."""
        removed: int = self._engine.run(_CLEAR, *(() if namespace is None else (namespace,)))
        self._engine.read_state()
        return removed

    def _set_rules(
        self, namespace: str, order: bytes | str, items: Sequence[Rule | ActiveRule]
    ) -> list[ActiveRule] | None:
        """Give `namespace` the rules `items`, and return the new ones; None if its order is not `order` any longer."""
        added = [rule for rule in items if isinstance(rule, Rule)]
        packed = _encode([_kept(namespace, rule) if isinstance(rule, Rule) else rule.id for rule in items])
        reply = self._engine.run(_SET, namespace, order, packed, RULES, RULE_BYTES)
        if reply is None:
            return None
        last, dropped = reply
        for account in dropped:
            _log.warning(
                "emoji-mock dropped a rule of %s, because all namespaces have too many together", account.decode()
            )
        self._engine.read_state()
        numbers = range(last - len(added) + 1, last + 1)
        return [ActiveRule(number, namespace, rule, used=0) for number, rule in zip(numbers, added, strict=True)]

    def _known_rules(self, namespace: str) -> tuple[Cached[list[ActiveRule]], Cached[list[ActiveRule]]]:
        """Return the rules of `namespace` and everyone's that are not spent, both as of one epoch."""
        epoch = self._engine.state.epoch
        own, everyones = (self._unspent.get(owner, epoch) for owner in (namespace, EVERYONE))
        if own is None and everyones is not None:
            (own,) = self._read_unspent(namespace)
        if own is None or everyones is None or own.epoch != everyones.epoch:
            own, everyones = self._read_unspent(namespace, EVERYONE)
        return own, everyones

    def _read_unspent(self, *namespaces: str) -> list[Cached[list[ActiveRule]]]:
        epoch, orders = self._read_orders(namespaces)
        forget_patterns(active.rule.image_url or "" for order in orders.values() for active in order.active_rules)
        return [
            self._unspent.put(
                namespace, epoch, [active for active in orders[namespace].active_rules if not active.spent]
            )
            for namespace in namespaces
        ]

    def _order_of(self, namespace: str) -> _Order:
        return self._read_orders((namespace,))[1][namespace]

    def _read_orders(self, namespaces: Iterable[str]) -> tuple[str, dict[str, _Order]]:
        """Return the epoch and the rules of `namespaces`, or of all without any."""
        epoch, *found = self._engine.run(_READ, *namespaces)
        orders = {namespace: _Order(b"", []) for namespace in namespaces}
        for name, packed, numbers, kept, used in found:
            orders[name.decode()] = _Order(packed, list(map(_active, numbers, kept, used)))
        return epoch.decode(), orders


def _taken(matching: dict[int, Rule], draw: float) -> list[int] | None:
    """Return which rules a call takes; None if that depends on how often one of them was used."""
    taken: list[int] = []
    for number, rule in matching.items():
        if rule.times is not None:
            return None
        applies, draw = rule.draw(draw)
        if applies:
            taken.append(number)
            if rule.decides:
                break
    return taken


def _as_candidates(matching: dict[int, Rule]) -> list[int | float]:
    """Return what the script of `take_rules` counts by: four values of each rule, until one is sure to decide."""
    candidates: list[int | float] = []
    for number, rule in matching.items():
        candidates += (number, 1.0 if rule.chance is None else rule.chance, rule.times or 0, rule.decides)
        if rule.decides and rule.chance is None and rule.times is None:
            break
    return candidates


def _kept(namespace: str, rule: Rule) -> tuple[str, int, str]:
    return namespace, bytes_of(rule), _encode_rule(rule).decode()


def _active(number: int, kept: bytes, used: bytes | int | None) -> ActiveRule:
    namespace, _, rule = _decode_kept(kept)
    return ActiveRule(number, namespace, _decode_rule(rule), int(used or 0))

"""Rules in memory."""

import logging

from msgspec import structs

from emoji_mock._support.fork_safety import Locked
from emoji_mock.fake.accounting.shares import Shares
from emoji_mock.fake.rules.active_rule import EVERYONE, ActiveRule, bytes_of
from emoji_mock.fake.rules.pattern import forget_patterns
from emoji_mock.fake.rules.rule import RequestFacts, Rule
from emoji_mock.fake.store.rule_bounds import RULE_BYTES, RULES, require_room

_log = logging.getLogger("emoji_mock")


class MemoryRules(Locked):
    """Implement RulesPort in memory."""

    def __init__(self) -> None:
        super().__init__()
        self._rules: dict[str, list[ActiveRule]] = {}
        self._next_rule = 1
        self._rule_shares = Shares(RULES, RULE_BYTES)

    @property
    def has_rules(self) -> bool:
        """Whether there is any rule."""
        return bool(self._rules)

    def take_rules(
        self, namespace: str, facts: RequestFacts, draw: float = 0.0, *, faults_only: bool = False
    ) -> tuple[Rule, ...]:
        """Count a use of each rule that applies to a request, and return these rules."""
        with self._lock:
            self._rule_shares.touch(namespace)
            tried = [active for owner in (namespace, EVERYONE) for active in self._rules.get(owner, ())]
        # Patterns are compared outside the lock, so that no other call waits for them.
        matching = {active.id for active in tried if not active.spent and active.rule.matches(facts)}
        taken: list[Rule] = []
        with self._lock:
            for owner in (namespace, EVERYONE):
                active_rules = self._rules.get(owner, [])
                for place, active in enumerate(active_rules):
                    rule = active.rule
                    if active.id not in matching or active.spent or (faults_only and rule.outcome is not None):
                        continue
                    applies, draw = rule.draw(draw)
                    if not applies:
                        continue
                    active_rules[place] = structs.replace(active, used=active.used + 1)
                    taken.append(rule)
                    if rule.decides:
                        return tuple(taken)
        return tuple(taken)

    def rules(self, namespace: str | None = None) -> list[ActiveRule]:
        """Return the rules of `namespace`, or all, in the order in which they are tried."""
        with self._lock:
            owners = [namespace] if namespace is not None else sorted(self._rules)
            return [active for owner in owners for active in self._rules.get(owner, ())]

    def known_rules(self, namespace: str) -> list[ActiveRule]:
        """Return the rules that are tried for `namespace`, in their order."""
        return [*self.rules(namespace), *self.rules(EVERYONE)]

    def add_rule(self, rule: Rule, namespace: str = EVERYONE) -> ActiveRule:
        """Put `rule` before the others of its namespace. Raises StoreFullError."""
        with self._lock:
            require_room([rule, *[active.rule for active in self._rules.get(namespace, ())]])
            active = self._activate(rule, namespace)
            self._rules.setdefault(namespace, []).insert(0, active)
            self._count(active)
            return active

    def replace_rules(self, rules: list[Rule], namespace: str = EVERYONE) -> list[ActiveRule]:
        """Replace the rules of `namespace` by `rules`, in this order. Raises StoreFullError and then keeps the old."""
        with self._lock:
            require_room(rules)
            self._remove_rules(namespace)
            active_rules = [self._activate(rule, namespace) for rule in rules]
            if active_rules:
                self._rules[namespace] = list(active_rules)
            for active in active_rules:
                self._count(active)
            return active_rules

    def order_rules(self, first: list[int], namespace: str = EVERYONE) -> list[ActiveRule]:
        """Try the rules with these numbers first, in this order, and return all. Raises ValueError."""
        with self._lock:
            rest = {active.id: active for active in self._rules.get(namespace, ())}
            ordered: list[ActiveRule] = []
            for number in first:
                if number not in rest:
                    raise ValueError(f"{number} must be the number of a rule of {namespace!r}, and be given once")
                ordered.append(rest.pop(number))
            if ordered:
                self._rules[namespace] = [*ordered, *rest.values()]
            return list(self._rules.get(namespace, ()))

    def remove_rule(self, number: int) -> ActiveRule | None:
        """Remove the rule with this number and return it, or None if there is none."""
        with self._lock:
            found = [active for rules in self._rules.values() for active in rules if active.id == number]
            for active in found:
                self._drop(active)
            self._forget_patterns()
            return found[0] if found else None

    def clear_rules(self, namespace: str | None = None) -> int:
        """Remove the rules of `namespace`, or all, and return how many were removed."""
        with self._lock:
            return self._remove_rules(namespace)

    def _activate(self, rule: Rule, namespace: str) -> ActiveRule:
        active = ActiveRule(self._next_rule, namespace, rule, used=0)
        self._next_rule += 1
        return active

    def _count(self, active: ActiveRule) -> None:
        """Count a rule, and drop rules of the namespaces that give way: the last ones, which are tried last."""
        if active.namespace == EVERYONE:
            return
        self._rule_shares.add(active.namespace, bytes_of(active.rule))
        while (namespace := self._rule_shares.giving_way()) is not None:
            self._drop(self._rules[namespace][-1])
            _log.warning("emoji-mock dropped a rule of %s, because all namespaces have too many together", namespace)

    def _drop(self, active: ActiveRule) -> None:
        rules = self._rules[active.namespace]
        rules.remove(active)
        if not rules:
            del self._rules[active.namespace]
        if active.namespace != EVERYONE:
            self._rule_shares.remove(active.namespace, bytes_of(active.rule))

    def _remove_rules(self, namespace: str | None) -> int:
        owners = list(self._rules) if namespace is None else [namespace]
        for owner in owners:
            self._rule_shares.clear(owner)
        removed = sum(len(self._rules.pop(owner, ())) for owner in owners)
        self._forget_patterns()
        return removed

    def _forget_patterns(self) -> None:
        forget_patterns(active.rule.image_url or "" for rules in self._rules.values() for active in rules)

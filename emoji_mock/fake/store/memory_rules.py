"""Rules in memory."""

from msgspec import structs

from emoji_mock._support.fork_safety import Locked
from emoji_mock.fake.rules.active_rule import EVERYONE, PATTERNS_OF_ONE, RULES_OF_ONE, ActiveRule
from emoji_mock.fake.rules.rule import RequestFacts, Rule
from emoji_mock.fake.store.ports import StoreFullError

RULES = 10_000
"""How many rules are kept for all namespaces together."""


class MemoryRules(Locked):
    """Implement RulesPort in memory."""

    def __init__(self) -> None:
        super().__init__()
        self._rules: dict[str, list[ActiveRule]] = {}
        self._next_rule = 1

    @property
    def has_rules(self) -> bool:
        """Whether there is any rule."""
        return bool(self._rules)

    def take_rules(
        self, namespace: str, facts: RequestFacts, draw: float = 0.0, *, faults_only: bool = False
    ) -> tuple[Rule, ...]:
        """Count a use of each rule that applies to a request, and return these rules."""
        taken: list[Rule] = []
        with self._lock:
            for owner in (namespace, EVERYONE):
                active_rules = self._rules.get(owner, ())
                for place, active in enumerate(active_rules):
                    rule = active.rule
                    if active.spent or not rule.matches(facts) or (faults_only and rule.outcome is not None):
                        continue
                    chance = 1.0 if rule.chance is None else rule.chance
                    applies = draw < chance
                    # The rest of the draw is as random as a new one, for the rules that follow.
                    draw = draw / chance if applies else (draw - chance) / (1 - chance)
                    if not applies:
                        continue
                    self._rules[owner][place] = structs.replace(active, used=active.used + 1)
                    taken.append(rule)
                    if rule.decides:
                        return tuple(taken)
        return tuple(taken)

    def rules(self, namespace: str | None = None) -> list[ActiveRule]:
        """Return the rules of `namespace`, or all, in the order in which they are tried."""
        with self._lock:
            owners = [namespace] if namespace is not None else sorted(self._rules)
            return [active for owner in owners for active in self._rules.get(owner, ())]

    def add_rule(self, rule: Rule, namespace: str = EVERYONE) -> ActiveRule:
        """Put `rule` before the others of its namespace. Raises StoreFullError."""
        with self._lock:
            self._require_room([rule, *[active.rule for active in self._rules.get(namespace, ())]], namespace)
            active = self._activate(rule, namespace)
            self._rules.setdefault(namespace, []).insert(0, active)
            return active

    def replace_rules(self, rules: list[Rule], namespace: str = EVERYONE) -> list[ActiveRule]:
        """Replace the rules of `namespace` by `rules`, in this order. Raises StoreFullError and then keeps the old."""
        with self._lock:
            self._require_room(rules, namespace)
            active_rules = [self._activate(rule, namespace) for rule in rules]
            self._rules[namespace] = active_rules
            if not active_rules:
                del self._rules[namespace]
            return list(active_rules)

    def clear_rules(self, namespace: str | None = None) -> int:
        """Remove the rules of `namespace`, or all, and return how many were removed."""
        with self._lock:
            return self._remove_rules(namespace)

    def _activate(self, rule: Rule, namespace: str) -> ActiveRule:
        active = ActiveRule(self._next_rule, namespace, rule, used=0)
        self._next_rule += 1
        return active

    def _require_room(self, wanted: list[Rule], namespace: str) -> None:
        others = sum(len(active_rules) for owner, active_rules in self._rules.items() if owner != namespace)
        bounds = ""
        if len(wanted) > RULES_OF_ONE or others + len(wanted) > RULES:
            bounds = f"a namespace holds at most {RULES_OF_ONE} rules, and the store {RULES}"
        elif sum(len(rule.image_url or "") for rule in wanted) > PATTERNS_OF_ONE:
            bounds = f"the image_url patterns of a namespace have at most {PATTERNS_OF_ONE} characters together"
        if bounds:
            raise StoreFullError(f"{bounds}; clear some first")

    def _remove_rules(self, namespace: str | None) -> int:
        owners = list(self._rules) if namespace is None else [namespace]
        return sum(len(self._rules.pop(owner, ())) for owner in owners)

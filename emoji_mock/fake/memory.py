"""The store that lives in the process: bounded, and safe from any thread."""

from collections import deque
from dataclasses import replace
from itertools import islice
from threading import Lock

from msgspec import structs

from emoji_mock.contract.row import Outcome
from emoji_mock.fake.journal import Entry, Page
from emoji_mock.fake.ledger import Ledger
from emoji_mock.fake.rules import Asked, Rule
from emoji_mock.fake.store import EVERYONE, Standing

NAMESPACES = 10_000
"""How many ledgers are kept; those of the first namespaces are then summed up under EARLIER."""
RULES = 10_000
"""How many rules are kept in all."""
RULES_OF_ONE = 1000
"""How many rules one namespace has."""
EARLIER = "(earlier)"


class TooManyRulesError(ValueError):
    """More rules than the store holds."""


class MemoryStore:
    """A Store in memory; `journal_size` is how many exchanges it keeps."""

    def __init__(self, journal_size: int = 10_000) -> None:
        self._lock = Lock()
        self._journal: deque[Entry] = deque(maxlen=journal_size)
        self._ledgers: dict[str, Ledger] = {}
        self._rules: dict[str, list[Standing]] = {}
        self._next_rule = 1
        self._last = 0

    def take_rule(self, namespace: str, asked: Asked) -> Rule | None:
        """Use and return the first rule that matches and is not spent."""
        if not self._rules:  # the common case, kept free of the lock
            return None
        with self._lock:
            for owner in (namespace, EVERYONE):
                standings = self._rules.get(owner, ())
                for place, standing in enumerate(standings):
                    if not standing.spent and standing.rule.matches(asked):
                        self._rules[owner][place] = structs.replace(standing, used=standing.used + 1)
                        return standing.rule
        return None

    def rules(self, namespace: str | None = None) -> list[Standing]:
        """List the rules of `namespace`, or all, in the order in which they are tried."""
        with self._lock:
            owners = [namespace] if namespace is not None else sorted(self._rules)
            return [standing for owner in owners for standing in self._rules.get(owner, ())]

    def add_rule(self, rule: Rule, namespace: str = EVERYONE) -> Standing:
        """Put `rule` before the others of its namespace."""
        with self._lock:
            self._make_room(1 + len(self._rules.get(namespace, ())), namespace)
            standing = self._number(rule, namespace)
            self._rules.setdefault(namespace, []).insert(0, standing)
            return standing

    def replace_rules(self, rules: list[Rule], namespace: str = EVERYONE) -> list[Standing]:
        """Let `rules` stand instead of the namespace's, in this order."""
        with self._lock:
            self._make_room(len(rules), namespace)
            standings = [self._number(rule, namespace) for rule in rules]
            self._rules[namespace] = standings
            if not standings:
                del self._rules[namespace]
            return list(standings)

    def clear_rules(self, namespace: str | None = None) -> int:
        """Drop the rules of `namespace`, or all, and return how many there were."""
        with self._lock:
            return self._clear_rules(namespace)

    def record(self, entry: Entry) -> None:
        """Write an exchange into the journal and onto the ledger."""
        with self._lock:
            self._last += 1
            structs.force_setattr(entry, "number", self._last)  # here, so that order and numbers agree
            self._journal.append(entry)
            ledger = self._ledgers.get(entry.namespace)
            if ledger is None:
                ledger = self._open_ledger(entry.namespace)
            ledger.enter(entry.outcome)

    def journal(
        self,
        *,
        namespace: str | None = None,
        outcome: Outcome | None = None,
        code: str | None = None,
        after: int = 0,
        limit: int = 100,
    ) -> Page:
        """Return the first `limit` exchanges numbered above `after` that fit, oldest first."""
        with self._lock:
            entries = list(self._journal)
        fitting = [
            entry
            for entry in entries
            if (namespace is None or entry.namespace == namespace)
            and (outcome is None or entry.outcome == outcome)
            and (code is None or code in (entry.code, entry.row))
        ]
        page = list(islice((entry for entry in fitting if entry.number > after), limit))
        more = bool(page) and page[-1].number < fitting[-1].number
        return Page(total=len(fitting), entries=page, next=page[-1].number if more else None)

    def ledgers(self) -> dict[str, Ledger]:
        """Return a copy of every namespace's ledger."""
        with self._lock:
            return {namespace: replace(ledger) for namespace, ledger in self._ledgers.items()}

    def reset(self, namespace: str | None = None) -> None:
        """Forget rules, journal and ledger of `namespace`, or everything."""
        with self._lock:
            self._clear_rules(namespace)
            if namespace is None:
                self._journal.clear()
                self._ledgers.clear()
                return
            kept = [entry for entry in self._journal if entry.namespace != namespace]
            self._journal.clear()
            self._journal.extend(kept)
            self._ledgers.pop(namespace, None)

    def _number(self, rule: Rule, namespace: str) -> Standing:
        standing = Standing(self._next_rule, namespace, rule, used=0)
        self._next_rule += 1
        return standing

    def _make_room(self, wanted: int, namespace: str) -> None:
        others = sum(len(standings) for owner, standings in self._rules.items() if owner != namespace)
        if wanted > RULES_OF_ONE or others + wanted > RULES:
            bounds = f"a namespace holds {RULES_OF_ONE} rules at the most, and the store {RULES}"
            raise TooManyRulesError(f"{bounds}; clear some first")

    def _clear_rules(self, namespace: str | None) -> int:
        gone = list(self._rules.values()) if namespace is None else [self._rules.get(namespace, [])]
        if namespace is None:
            self._rules.clear()
        else:
            self._rules.pop(namespace, None)
        return sum(map(len, gone))

    def _open_ledger(self, namespace: str) -> Ledger:
        if len(self._ledgers) > NAMESPACES:
            first = next(name for name in self._ledgers if name != EARLIER)
            self._ledgers.setdefault(EARLIER, Ledger()).add(self._ledgers.pop(first))
        return self._ledgers.setdefault(namespace, Ledger())

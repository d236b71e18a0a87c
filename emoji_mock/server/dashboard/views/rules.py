"""The rules in force, in the order in which they are tried, and the forms that add one."""

from __future__ import annotations

from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from emoji_mock.contract.catalogue import ROWS
from emoji_mock.contract.endpoint import EndpointName
from emoji_mock.contract.models import MODELS
from emoji_mock.contract.row import Origin, Outcome
from emoji_mock.fake.accounting.api_keys import redact
from emoji_mock.fake.network.faults import FaultKind
from emoji_mock.fake.network.latency import Latency
from emoji_mock.fake.rules.active_rule import EVERYONE, ActiveRule

if TYPE_CHECKING:
    from emoji_mock.fake.rules.rule import Rule
    from emoji_mock.server.control.steered import SteeredFake

SHOWN = 30
"""How many rules of an account are listed; the page says how many more there are."""
ACCOUNTS = 10
"""Of how many accounts rules are listed; everyone's are always among them."""


class RuleRow(NamedTuple):
    """One rule: what it answers, and to which calls, in the words that the journal has for it."""

    active: ActiveRule
    answer: str
    scope: str


class RulesOf(NamedTuple):
    """The rules of one account; of them `left_out` are not shown."""

    namespace: str
    rows: list[RuleRow]
    left_out: int


class RulesView(NamedTuple):
    """What the region shows: the rules by account, and what the form for a new rule offers."""

    accounts: list[RulesOf]
    others: int
    """How many accounts with rules are left out."""
    codes: dict[str, tuple[str, ...]]
    """The codes by outcome."""
    faults: tuple[str, ...]
    models: tuple[str, ...]
    endpoints: tuple[str, ...]


def view(fake: SteeredFake) -> RulesView:
    """Return the rules by account, everyone's last, as they are tried last."""
    active = sorted(fake.store.rules(), key=lambda one: (one.namespace == EVERYONE, one.namespace))
    accounts = [(namespace, list(rules)) for namespace, rules in groupby(active, key=lambda one: one.namespace)]
    shown = [_of(namespace, rules) for namespace, rules in accounts[-ACCOUNTS:]]
    return RulesView(shown, len(accounts) - len(shown), codes(), tuple(FaultKind), tuple(MODELS), tuple(EndpointName))


def _of(namespace: str, rules: list[ActiveRule]) -> RulesOf:
    rows = [RuleRow(one, answer_of(one.rule), redact(one.rule.scope_text)) for one in rules[:SHOWN]]
    return RulesOf(namespace, rows, len(rules) - len(rows))


@cache
def codes() -> dict[str, tuple[str, ...]]:
    """Return the names of the answers that a rule may give where pictures are inspected, by outcome."""
    rows = [row for row in ROWS if row.origin is not Origin.STORAGE]
    return {
        str(outcome): tuple(row.name for row in rows if row.outcome is outcome)
        for outcome in (Outcome.FAILED, Outcome.ERROR)
    }


def answer_of(rule: Rule) -> str:
    """Return what a rule does with a request, in words."""
    parts = [
        str(rule.outcome or ""),
        rule.code or "",
        f"fault {rule.fault}" if rule.fault is not None else "",
        f"for {rule.seconds:g} s" if rule.seconds is not None else "",
        f"Retry-After {rule.retry_after} s" if rule.retry_after is not None else "",
        f"face {list(rule.face)}" if rule.face is not None else "",
        f"picture of {rule.image_size[0]} × {rule.image_size[1]}" if rule.image_size is not None else "",
        _latency(rule.latency),
    ]
    return ", ".join(filter(None, parts))


def _latency(latency: float | Latency | None) -> str:
    if isinstance(latency, Latency):
        return "late by a distribution"
    return "" if latency is None else f"{latency:g} s late"

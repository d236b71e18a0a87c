"""The rules in force, in the order in which they are tried, and the forms that add one."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from emoji_mock.fake.accounting.api_keys import redact
from emoji_mock.fake.network.latency import Latency
from emoji_mock.fake.rules.active_rule import EVERYONE, ActiveRule

if TYPE_CHECKING:
    from emoji_mock.fake.rules.rule import Rule
    from emoji_mock.server.control.steered import SteeredFake

SHOWN = 200
"""How many rules of an account are listed; the page says how many more there are."""


class RuleRow(NamedTuple):
    """One rule: what it answers, and to which requests."""

    active: ActiveRule
    answer: str
    criteria: tuple[str, ...]
    order: str
    """The numbers of the account's rules if this one goes up a place; empty if it is the first."""


class RulesOf(NamedTuple):
    """The rules of one account; of them `left_out` are not shown."""

    namespace: str
    rows: list[RuleRow]
    left_out: int


def view(fake: SteeredFake) -> list[RulesOf]:
    """Return the rules by account, everyone's last, as they are tried last."""
    active = sorted(fake.store.rules(), key=lambda one: (one.namespace == EVERYONE, one.namespace))
    return [_of(namespace, list(rules)) for namespace, rules in groupby(active, key=lambda one: one.namespace)]


def _of(namespace: str, rules: list[ActiveRule]) -> RulesOf:
    rows = [
        RuleRow(one, answer_of(one.rule), criteria_of(one.rule), f"{one.id},{rules[place - 1].id}" if place else "")
        for place, one in enumerate(rules[:SHOWN])
    ]
    return RulesOf(namespace, rows, len(rules) - len(rows))


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


def criteria_of(rule: Rule) -> tuple[str, ...]:
    """Return to which requests a rule applies, in words; nothing means all."""
    given = (
        ("endpoint", rule.endpoint),
        ("model", rule.model),
        ("picture", rule.image_url and redact(rule.image_url)),
        ("key", rule.key),
        ("chance", None if rule.chance is None else f"{rule.chance:.0%}"),
    )
    return tuple(f"{name} {value}" for name, value in given if value is not None)

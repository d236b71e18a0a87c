"""Explain a rule that was never used: the calls that came nearest to it, criterion by criterion."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from emoji_mock.contract.models import MODELS, row_at
from emoji_mock.contract.row import Outcome
from emoji_mock.fake.rules.active_rule import EVERYONE
from emoji_mock.fake.rules.fit import CriterionFit, compare, describe_refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emoji_mock.fake.accounting.journal import Entry
    from emoji_mock.fake.rules.rule import Rule
    from emoji_mock.testing.rule_registry import RegisteredRule

CRITERIA = ("endpoint", "image_url", "model", "key")
"""What a rule compares, in the order in which a line shows it."""
_COMPARED = 1000  # calls, the newest
_ANALYSED = 10  # of those that meet all criteria
_TAKING = 20  # rules that may have taken a call
_GROUPS = 3  # of calls with the same mismatches
_NUMBERS = 3  # of calls in a group


def rule_line(registered: RegisteredRule) -> str:
    """Return one rule as a line: what it matches and does, how often it was used, and where it was added."""
    active, rule = registered.active, registered.active.rule
    criteria = ", ".join(f"{name}={str(value)!r}" for name in CRITERIA if (value := getattr(rule, name)) is not None)
    used = f"used {active.used} of {rule.times}" if rule.times else f"used {active.used} time{'s' * (active.used != 1)}"
    return f"{criteria or 'any call'} -> {_ending(rule)}, {used}  ({registered.place})"


def _ending(rule: Rule) -> str:
    latency = "" if rule.latency is None else f"latency {rule.latency}"
    answer = f"fault {rule.fault}" if rule.fault else f"{rule.outcome or ''} {rule.code or ''}".strip()
    chance = "" if rule.chance is None else f"with chance {rule.chance:g}"
    return ", ".join(filter(None, (answer, latency, chance)))


def nearest_calls(unused: RegisteredRule, rules: Sequence[RegisteredRule], calls: Sequence[Entry]) -> list[str]:
    """Return lines about the calls that came nearest to the rule `unused`: what they met, and what they did not.

    `rules` are all rules in the order in which they are tried. Calls with the same mismatches are one group.
    """
    compared = calls[-_COMPARED:]
    groups: dict[tuple[CriterionFit, ...], list[tuple[Entry, list[CriterionFit]]]] = {}
    for entry in compared:
        comparisons = list(compare(unused.active.rule, entry))
        mismatches = tuple([_without_url(one) for one in comparisons if one.problem])
        groups.setdefault(mismatches, []).append((entry, comparisons))
    if fitting := groups.get(()):
        groups = {}
        for entry, comparisons in fitting[:_ANALYSED]:
            hindrance = _hindrance(entry, unused, rules, compared)
            groups.setdefault((hindrance,), []).append((entry, [*comparisons, hindrance]))
    fewest = min(map(len, groups), default=0)
    nearest = [group for mismatches, group in groups.items() if len(mismatches) == fewest][:_GROUPS]
    lines = [line for group in nearest for line in _group_lines(group)]
    if others := len(calls) - sum(map(len, nearest)):
        what = "1 other call came" if others == 1 else f"{others} other calls came"
        lines += [f"      {what} no nearer."] if nearest else []
    return lines


def _without_url(comparison: CriterionFit) -> CriterionFit:
    """Return the comparison without a picture's URL, which may differ from call to call."""
    return comparison._replace(problem="") if comparison.name == "image_url" else comparison


def _group_lines(group: list[tuple[Entry, list[CriterionFit]]]) -> list[str]:
    numbers = ", ".join(f"#{entry.number}" for entry, _ in group[:_NUMBERS])
    more = f" and {len(group) - _NUMBERS} more" if len(group) > _NUMBERS else ""
    comparisons = group[0][1]
    width = max(len(one.name) for one in comparisons)
    lines = [f"        {one.name:<{width}}  {f'no: {one.problem}' if one.problem else 'yes'}" for one in comparisons]
    return [f"      nearest: {numbers}{more}", *lines]


def _hindrance(
    entry: Entry, unused: RegisteredRule, rules: Sequence[RegisteredRule], calls: Sequence[Entry]
) -> CriterionFit:
    """Return why a call that meets every criterion did not use the rule."""
    late = CriterionFit("time", "the call came before the rule was added")
    if entry.real < unused.added:
        return late
    in_order = [one for owner in (entry.namespace, EVERYONE) for one in rules if one.active.namespace == owner]
    before = takewhile(lambda one: one.active.id != unused.active.id, in_order)
    taking = [one for one in before if entry.real >= one.added and _may_have_taken(one.active.rule, entry)]
    if taker := _taker(entry, taking[:_TAKING], calls):
        return CriterionFit("order", f"a rule that is tried before took the call: {rule_line(taker)}")
    if entry.outcome == "error":
        return CriterionFit("reached", f"the call was refused before any rule applies: {describe_refusal(entry)}")
    if entry.real == unused.added:  # a coarse clock
        return late
    return CriterionFit("order", "another rule took the call, which has been removed since")


def _taker(entry: Entry, taking: Sequence[RegisteredRule], calls: Sequence[Entry]) -> RegisteredRule | None:
    """Return the first rule of `taking` that the calls before had not used up."""
    if not taking or taking[0].active.rule.times is None:
        return taking[0] if taking else None
    used = [0] * len(taking)
    for call in takewhile(lambda one: one.number <= entry.number, calls):
        for place, one in enumerate(taking):
            rule = one.active.rule
            left = rule.times is None or used[place] < rule.times
            if left and call.real >= one.added and _may_have_taken(rule, call):
                used[place] += 1
                if call.number == entry.number:
                    return one
                break
    return taking[-1]


def _may_have_taken(rule: Rule, entry: Entry) -> bool:
    """Return whether `rule` matches a call that ended as the rule says."""
    if not rule.decides or any(one.problem for one in compare(rule, entry)):
        return False
    if rule.fault is not None:
        return entry.fault == rule.fault
    if rule.row is None:
        return entry.outcome in ("passed", "done")
    if rule.outcome is Outcome.FAILED and entry.outcome == "done":  # a task that will fail
        return True
    own = row_at(rule.row, MODELS.get(entry.model))
    return entry.row in {str(row.name) for row in (rule.row, own) if row is not None}

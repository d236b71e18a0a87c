"""What makes a rule of a call: the answers that such a call can get, and what of the call the rule compares."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from emoji_mock.contract.catalogue import ROWS
from emoji_mock.contract.endpoint import EndpointName
from emoji_mock.contract.row import Outcome
from emoji_mock.fake.network.faults import FaultKind
from emoji_mock.fake.rules.rule import RequestFacts, Rule

if TYPE_CHECKING:
    from emoji_mock.fake.accounting.journal import Entry


class RuleAnswer(NamedTuple):
    """An answer that a rule can give: its name, and its part of the rule as JSON."""

    name: str
    document: str


class RuleForm(NamedTuple):
    """A rule for such calls as this one: `criteria` are what it compares, `chosen` is the answer that the call got."""

    endpoint: str
    criteria: list[tuple[str, str]]
    groups: dict[str, list[RuleAnswer]]
    chosen: str


def rule_form(entry: Entry) -> RuleForm | None:
    """Return what makes a rule of a call, or None if no rule applies where it went."""
    if not entry.endpoint:
        return None
    endpoint = EndpointName(entry.endpoint)
    given = [("model", entry.model), ("image_url", entry.image_url)]
    criteria = [(name, value) for name, value in given if value and _selects(entry, endpoint, name, value)]
    groups = answers_at(endpoint, entry.model)
    names = {choice.name for choices in groups.values() for choice in choices}
    own = entry.fault or entry.row or "passed"
    return RuleForm(endpoint, criteria, groups, own if own in names else "")


def _selects(entry: Entry, endpoint: EndpointName, name: str, value: str) -> bool:
    """Return whether a rule with this criterion applies to the call: the journal may have cut or redacted a text."""
    try:
        rule = _rule({"latency": 0, "endpoint": endpoint, name: value})
    except ValueError:
        return False
    return rule.matches(RequestFacts(entry.model, entry.image_url, entry.key, endpoint)) and "key:" not in value


@lru_cache(maxsize=64)
def answers_at(endpoint: EndpointName, model: str) -> dict[str, list[RuleAnswer]]:
    """Return the answers that a rule can give to a call of `model` at `endpoint`, by their kind."""
    found: dict[str, list[RuleAnswer]] = {}
    given: list[tuple[str, str, dict[str, Any]]] = [("passed", "passed", {"outcome": Outcome.PASSED})]
    given += [(row.outcome, str(row.name), {"outcome": row.outcome, "code": row.name}) for row in ROWS]
    given += [("fault", kind, {"fault": kind}) for kind in FaultKind]
    for group, name, answer in given:
        try:
            _rule({"endpoint": endpoint, "model": model or None, **answer})
        except ValueError:
            continue
        choices = found.setdefault(str(group), [])
        if all(choice.name != name for choice in choices):
            choices.append(RuleAnswer(str(name), msgspec.json.encode({"endpoint": endpoint, **answer}).decode()))
    return found


def _rule(document: dict[str, Any]) -> Rule:
    return msgspec.convert(document, Rule)  # also checks lengths

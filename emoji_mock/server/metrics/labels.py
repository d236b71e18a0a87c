"""The values of labels: names that the catalogue has, and `other` for all else, so that no caller can add series."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from emoji_mock.contract.catalogue import ROWS
from emoji_mock.contract.endpoint import EndpointName
from emoji_mock.contract.row import Outcome
from emoji_mock.fake.network.faults import FaultKind

if TYPE_CHECKING:
    from collections.abc import Collection

    from emoji_mock.fake.accounting.journal import Entry
    from emoji_mock.fake.rules.rule import Rule

OTHER = "other"
"""The label of what is in no list."""
_ENDPOINTS = frozenset(map(str, EndpointName))
_OUTCOMES = frozenset(map(str, Outcome))
_FAULTS = frozenset(map(str, FaultKind))
_CODES = frozenset(str(row.code) for row in ROWS if row.code is not None)


class CallLabels(NamedTuple):
    """The labels of a call; empty where it has none."""

    endpoint: str
    model: str
    outcome: str
    code: str
    fault: str


class RuleLabels(NamedTuple):
    """The labels of a rule: all are empty if it only makes calls late."""

    outcome: str
    code: str
    fault: str


def labels_of_call(call: Entry, models: Collection[str]) -> CallLabels:
    """Return the labels of a call; `models` are those that are known."""
    return CallLabels(
        endpoint_label(call.endpoint),
        model_label(call.model, models),
        _among(_OUTCOMES, call.outcome),
        _among(_CODES, call.code),
        _among(_FAULTS, call.fault),
    )


def labels_of_rule(rule: Rule) -> RuleLabels:
    """Return the labels of a rule."""
    row = rule.row
    code = "" if row is None else str(row.code or "")
    return RuleLabels(rule.outcome or "", _among(_CODES, code), rule.fault or "")


def endpoint_label(name: str | None) -> str:
    """Return the label of an endpoint; a path that is unknown has none."""
    return name if name in _ENDPOINTS else OTHER


def model_label(name: str, models: Collection[str]) -> str:
    """Return the label of a model, of which `models` are known."""
    return _among(models, name)


def _among(known: Collection[str], value: str) -> str:
    return value if not value or value in known else OTHER

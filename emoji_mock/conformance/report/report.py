"""The report of a run: its results, what it spent, and both as plain values for JSON."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from emoji_mock.conformance.judge.difference import DifferenceKind
from emoji_mock.conformance.judge.result import Assessment

if TYPE_CHECKING:
    from emoji_mock.conformance.judge.result import CaseResult, Comparison

_WORST_FIRST = (Assessment.DRIFTED, Assessment.NOT_SERVED, Assessment.UNDECIDED)
_SINGULAR = frozenset(
    {DifferenceKind.NEW_FIELD, DifferenceKind.BOXES, DifferenceKind.GEOMETRY, DifferenceKind.REQUEST_ID}
)
"""Kinds of differences in which each answer has another value."""
EXIT_STATUS = {Assessment.CONFORMS: 0, Assessment.DRIFTED: 1, Assessment.UNDECIDED: 3, Assessment.NOT_SERVED: 4}
"""The exit status of a command by the assessment of the target; 2 is a usage error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The results of a run, in the order of the calls, and what it spent.

    `reserved` images were counted before the calls, `billed` images are those in the answers, `cost` is their price in
    CNY. `stopped` means that the run was interrupted. `strays` are the recordings without a case.
    """

    target: str
    live: bool
    results: tuple[CaseResult, ...]
    calls: int
    budget: int | None
    reserved: int
    billed: int
    cost: Decimal = Decimal()
    stopped: bool = False
    strays: tuple[str, ...] = ()

    @property
    def models(self) -> dict[str, Report]:
        """The report of each model's cases, by the model."""
        parts: dict[str, list[CaseResult]] = {}
        for one in self.results:
            parts.setdefault(one.case.model, []).append(one)
        return {model: replace(self, results=tuple(results)) for model, results in parts.items()}

    @property
    def assessment(self) -> Assessment:
        """The assessment of the target as a whole: the worst of its cases."""
        found = {result.assessment for result in self.results}
        for worst in _WORST_FIRST:
            if worst in found:
                return worst
        judged = found & {Assessment.CONFORMS, Assessment.CAN_TIGHTEN}
        return Assessment.CONFORMS if judged else Assessment.UNDECIDED


def to_document(report: Report) -> dict[str, Any]:
    """Return `report` as plain values for JSON."""
    return {
        "target": report.target,
        "live": report.live,
        "verdict": str(report.assessment),
        "stopped": report.stopped,
        "counts": count_by_assessment(report),
        "calls": report.calls,
        "spent": {
            "budget": report.budget,
            "reserved": report.reserved,
            "billed": report.billed if report.live else 0,
            "cost": str(report.cost if report.live else 0),
        },
        "strays": list(report.strays),
        "models": {
            model: {"verdict": str(part.assessment), "counts": count_by_assessment(part)}
            for model, part in report.models.items()
        },
        "results": [_result_document(result) for result in report.results],
    }


def _result_document(result: CaseResult) -> dict[str, Any]:
    provenance = result.case.provenance
    return {
        "case": result.case.name,
        "model": result.case.model,
        "verdict": str(result.assessment),
        "reason": result.reason,
        "known": [str(mark) for mark in provenance.known],
        "sources": list(provenance.sources),
        "note": provenance.note,
        "differences": [
            {
                "kind": str(one.kind),
                "severity": str(one.severity),
                "where": one.where,
                "guess": one.guess,
                "contract": one.contract,
                "fake": one.fake,
                "target": one.target,
            }
            for one in result.comparisons
        ],
    }


def count_by_assessment(report: Report) -> dict[str, int]:
    """Return the number of cases for each assessment that occurs."""
    numbers = {str(each): sum(one.assessment is each for one in report.results) for each in Assessment}
    return {assessment: number for assessment, number in numbers.items() if number}


def in_words(name: str, number: int) -> str:
    """Return how many cases have the assessment `name`."""
    if name == Assessment.CONFORMS:
        return "1 case conforms" if number == 1 else f"{number} cases conform"
    return f"{number} {name}"


def group_alike(report: Report, assessment: Assessment) -> list[list[CaseResult]]:
    """Return the results with `assessment`, grouped by equal reason and differences; the most severe group first."""
    groups: dict[object, list[CaseResult]] = {}
    for one in report.results:
        if one.assessment is assessment:
            groups.setdefault((one.reason, tuple(map(_without_example, one.comparisons))), []).append(one)
    return sorted(groups.values(), key=_weight, reverse=True)


def merge_comparisons(results: list[CaseResult]) -> tuple[Comparison, ...]:
    """Return the comparisons of a group. A target's value that varies within the group becomes an example."""
    return tuple(
        comparison
        if len({one.comparisons[place].target for one in results}) == 1
        else replace(comparison, target=f"as {comparison.target}")
        for place, comparison in enumerate(results[0].comparisons)
    )


def _without_example(comparison: Comparison) -> Comparison:
    return replace(comparison, target="") if comparison.kind in _SINGULAR else comparison


def _weight(results: list[CaseResult]) -> tuple[int, int]:
    return max((one.severity.weight for one in results[0].comparisons), default=0), len(results)


def describe_spending(report: Report) -> str:
    """Return a sentence with the number of calls and their cost in CNY."""
    calls = f"{report.calls} call{'s' * (report.calls != 1)}"
    if report.stopped:
        calls = f"Stopped before the end: {calls}"
    if not report.live:
        return f"{calls}, nothing spent."
    return f"{calls}; {report.reserved} of {report.budget} images counted, {report.billed} billed ({report.cost} CNY)."

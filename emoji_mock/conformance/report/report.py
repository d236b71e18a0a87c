"""A report for programs: plain values, ready for JSON, and what the exit status of a command says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from emoji_mock.conformance.judge.difference import Kind
from emoji_mock.conformance.judge.result import Verdict
from emoji_mock.contract.endpoint import PRICE

if TYPE_CHECKING:
    from emoji_mock.conformance.judge.result import Finding, Result
    from emoji_mock.conformance.runner import Report

_SINGULAR = frozenset({Kind.NEW_FIELD, Kind.BOXES, Kind.GEOMETRY, Kind.REQUEST_ID})
EXIT = {Verdict.CONFORMS: 0, Verdict.DRIFTED: 1, Verdict.UNDECIDED: 3, Verdict.NOT_SERVED: 4}
"""The exit status for what is said of a target as a whole; 2 is a wrong command line."""


def as_document(report: Report) -> dict[str, Any]:
    """Return everything in `report` as plain values."""
    return {
        "target": report.target,
        "live": report.live,
        "verdict": str(report.verdict),
        "stopped": report.stopped,
        "counts": counts(report),
        "calls": report.calls,
        "spent": {
            "budget": report.budget,
            "reserved": report.reserved,
            "billed": report.billed if report.live else 0,
            "cost": str(report.billed * PRICE if report.live else 0),
        },
        "strays": list(report.strays),
        "results": [_result(result) for result in report.results],
    }


def counts(report: Report) -> dict[str, int]:
    """Return how many cases got each verdict, those left out that nobody got."""
    numbers = {str(verdict): sum(one.verdict is verdict for one in report.results) for verdict in Verdict}
    return {verdict: number for verdict, number in numbers.items() if number}


def alike(report: Report, verdict: Verdict) -> list[list[Result]]:
    """Return the results with `verdict`, those together in which the same was found; the gravest first."""
    groups: dict[object, list[Result]] = {}
    for one in report.results:
        if one.verdict is verdict:
            groups.setdefault((one.reason, tuple(map(_likeness, one.findings))), []).append(one)
    return sorted(groups.values(), key=_gravity, reverse=True)


def common(results: list[Result]) -> tuple[Finding, ...]:
    """Return what was found in all of these alike results; a value that differs among them is an example."""
    return tuple(
        found
        if len({one.findings[place].target for one in results}) == 1
        else replace(found, target=f"as {found.target}")
        for place, found in enumerate(results[0].findings)
    )


def _likeness(found: Finding) -> Finding:
    """Return what two findings share though each picture has other boxes, and each answer another id."""
    return replace(found, target="") if found.kind in _SINGULAR else found


def _gravity(results: list[Result]) -> tuple[int, int]:
    return max((one.severity.weight for one in results[0].findings), default=0), len(results)


def spent(report: Report) -> str:
    """Return in a sentence what the run has cost."""
    calls = f"{report.calls} call{'s' * (report.calls != 1)}"
    if report.stopped:
        calls = f"Stopped before the end: {calls}"
    if not report.live:
        return f"{calls}, nothing spent."
    cost = report.billed * PRICE
    return f"{calls}; {report.reserved} of {report.budget} images counted, {report.billed} billed ({cost} CNY)."


def _result(result: Result) -> dict[str, Any]:
    told = result.case.provenance
    return {
        "case": result.case.name,
        "verdict": str(result.verdict),
        "reason": result.reason,
        "known": [str(mark) for mark in told.known],
        "sources": list(told.sources),
        "note": told.note,
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
            for one in result.findings
        ],
    }

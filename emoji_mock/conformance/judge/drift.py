"""Drift: a case's answer judged, set beside what the contract and the fake say, and what follows from all answers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from emoji_mock.conformance.judge.difference import Kind
from emoji_mock.conformance.judge.result import AGREES, Finding, Result, Verdict
from emoji_mock.contract.endpoint import API_PREFIX, FACE_DETECT, VIDEO_SYNTHESIS
from emoji_mock.contract.row import Origin, Outcome, Row
from emoji_mock.contract.rows import gateway, service

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emoji_mock.conformance.cases.case import Case, Ending
    from emoji_mock.conformance.judge.difference import Difference
    from emoji_mock.conformance.judge.judge import Judgement
    from emoji_mock.conformance.judge.reading import Reading

_DENIALS = (
    gateway.ACCESS_DENIED, gateway.UNKNOWN_MODEL, gateway.UNPURCHASED, gateway.MODEL_DENIED, gateway.WORKSPACE_DENIED,
    gateway.ARREARS, gateway.EXHAUSTED, gateway.INVALID_KEY,
)  # fmt: skip

_PASSING = ("Throttling", "InternalError", "SystemError", "RequestTimeOut", "ModelServingError", "ModelUnavailable")
"""How the codes begin of what may be over in a moment."""


def compare(target: Sequence[Difference], fake: Sequence[Difference]) -> tuple[Finding, ...]:
    """Return every place where the target or the fake differs from the contract, the target's first."""
    of_fake = {(one.kind, one.where): one for one in fake}
    found = [
        Finding(
            one.kind, one.where, one.contract, _other(of_fake.pop((one.kind, one.where), None)), one.found, one.guess
        )
        for one in target
    ]
    found += [Finding(one.kind, one.where, one.contract, one.found, AGREES, one.guess) for one in of_fake.values()]
    return tuple(found)


def _other(difference: Difference | None) -> str:
    return difference.found if difference else AGREES


def conclude(case: Case, judged: Judgement, of_fake: Judgement, reading: Reading, *, live: bool) -> Result:
    """Return what is to be said of one answer alone."""
    findings = compare(judged.differences, of_fake.differences)
    differs = bool(judged.differences)
    denial = denial_of(case, reading) if differs else None
    verdict, reason = Verdict.CONFORMS, ""
    if any(not one.guess for one in judged.differences):
        verdict = Verdict.DRIFTED
    elif differs:
        verdict = Verdict.TEACHES
    elif judged.ending is not of_fake.ending:
        verdict = Verdict.TEACHES
        reason = f"of what the contract allows, this is {_name(judged.ending)}; the fake says {_name(of_fake.ending)}"
    elif live and case.inferred:
        verdict, reason = Verdict.TEACHES, "a guess was confirmed: the row or case can be marked as observed"
    if _is_throttled(judged, reading) or (live and differs and _is_passing_trouble(reading)):
        verdict, reason = Verdict.UNDECIDED, f"{reading.code}: run it again"
    return Result(
        case=case,
        verdict=verdict,
        reason=reason,
        findings=findings,
        ending=_name(judged.ending) if not differs else "",
        outcome=reading.outcome,
        images=reading.images,
        denial=denial,
    )


def denial_of(case: Case, reading: Reading) -> Row | None:
    """Return the row that says that the account or the model is not served, if the answer does."""
    return next((row for row in _DENIALS if row not in case.expected and reading.tells(row)), None)


def _name(ending: Ending) -> str:
    return str(ending) if isinstance(ending, Outcome) else ending.name


def _is_throttled(judged: Judgement, reading: Reading) -> bool:
    """Say whether this is a 429 that the case did not ask for: a server that is used by others may give it any time."""
    unasked = any(one.kind is Kind.STATUS and one.found == "429" for one in judged.differences)
    return unasked and reading.code.startswith("Throttling")


def _is_passing_trouble(reading: Reading) -> bool:
    return reading.code.startswith(_PASSING)


def settle(results: Sequence[Result]) -> list[Result]:
    """Tell a model or account that is not served from drift: nothing that needs them gets its answer.

    Who asked for a detection knows best. Which mistakes are told before the account is looked at is only inferred.
    """
    judged = [one for one in results if one.verdict not in (Verdict.SKIPPED, Verdict.UNDECIDED)]
    behind = [one for one in judged if _is_detection(one.case)] or [
        one for one in judged if _is_behind_account(one.case)
    ]
    if not behind or any(one.denial is None for one in behind):
        return list(results)
    return [_unserved(one) if one.denial else one for one in results]


def _is_detection(case: Case) -> bool:
    first = case.expected[0]
    return first is Outcome.PASSED or (isinstance(first, Row) and first.outcome is Outcome.FAILED)


def _is_behind_account(case: Case) -> bool:
    if case.path.removeprefix(API_PREFIX).rstrip("/") not in (FACE_DETECT, VIDEO_SYNTHESIS):
        return False  # tasks and the storage answer whoever has some; which account checks come first is not known
    first = case.expected[0]
    if not isinstance(first, Row):
        return True
    return first.origin is Origin.SERVICE and first is not service.BODY_INVALID and first not in _DENIALS


def _unserved(result: Result) -> Result:
    row = result.denial
    assert row is not None  # noqa: S101 - for the type checkers
    reason = f"this account or model is not served: {row.status} {row.code}, {row.text()}"
    return replace(result, verdict=Verdict.NOT_SERVED, reason=reason)

"""Assess an answer: set its differences beside the fake's, and decide whether the target has drifted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from emoji_mock.conformance.judge.difference import DifferenceKind
from emoji_mock.conformance.judge.result import AGREES, Assessment, CaseResult, Comparison
from emoji_mock.contract.endpoint import API_PREFIX
from emoji_mock.contract.models import MODELS
from emoji_mock.contract.row import Origin, Outcome, Row
from emoji_mock.contract.rows import gateway, service

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emoji_mock.conformance.cases.case import Case, ExpectedAnswer
    from emoji_mock.conformance.judge.difference import Difference
    from emoji_mock.conformance.judge.judge import Judgement
    from emoji_mock.conformance.judge.summary import ResponseSummary

_DENIALS = (
    gateway.ACCESS_DENIED, gateway.UNKNOWN_MODEL, gateway.UNPURCHASED, gateway.MODEL_DENIED, gateway.WORKSPACE_DENIED,
    gateway.ARREARS, gateway.EXHAUSTED, gateway.INVALID_KEY,
)  # fmt: skip

_PATHS = frozenset(model.route.path for model in MODELS.values())
"""The paths where a model is asked for something, without the prefix."""
_TRANSIENT = ("Throttling", "InternalError", "SystemError", "RequestTimeOut", "ModelServingError", "ModelUnavailable")
"""The first part of codes that may be gone with the next call."""


def compare(target: Sequence[Difference], fake: Sequence[Difference]) -> tuple[Comparison, ...]:
    """Return every place where the target or the fake differs from the contract, the target's first."""
    of_fake = {(one.kind, one.where): one for one in fake}
    both: list[tuple[Difference, str, str]] = [
        (one, _found(of_fake.pop((one.kind, one.where), None)), one.found) for one in target
    ]
    both += [(one, one.found, AGREES) for one in of_fake.values()]
    return tuple(
        Comparison(one.kind, one.where, one.contract, in_fake, in_target, one.guess) for one, in_fake, in_target in both
    )


def _found(difference: Difference | None) -> str:
    return difference.found if difference else AGREES


def assess(case: Case, judged: Judgement, of_fake: Judgement, summary: ResponseSummary, *, live: bool) -> CaseResult:
    """Return the result of one answer; `of_fake` is the judgement of the fake's own answer to the same case."""
    differs = bool(judged.differences)
    if _is_unrequested_throttling(judged, summary) or (live and differs and summary.code.startswith(_TRANSIENT)):
        assessment, reason = Assessment.UNDECIDED, f"{summary.code}: run it again"
    else:
        assessment, reason = _assess_differences(case, judged, of_fake, live=live)
    return CaseResult(
        case=case,
        assessment=assessment,
        reason=reason,
        comparisons=compare(judged.differences, of_fake.differences),
        denial=find_denial(case, summary) if differs else None,
    )


def _assess_differences(case: Case, judged: Judgement, of_fake: Judgement, *, live: bool) -> tuple[Assessment, str]:
    if any(not one.guess for one in judged.differences):
        return Assessment.DRIFTED, ""
    if judged.differences:
        return Assessment.CAN_TIGHTEN, ""
    if judged.expected is not of_fake.expected:
        names = _name(judged.expected), _name(of_fake.expected)
        return Assessment.CAN_TIGHTEN, "the target gives {}, the fake {}: the contract allows both".format(*names)
    if live and case.inferred:
        return Assessment.CAN_TIGHTEN, "a guess was confirmed: the row or case can be marked as observed"
    return Assessment.CONFORMS, ""


def find_denial(case: Case, summary: ResponseSummary) -> Row | None:
    """Return the row with which the answer denies the account or the model, unless the case expects that row."""
    return next((row for row in _DENIALS if row not in case.expected and summary.matches(row)), None)


def _name(expected: ExpectedAnswer) -> str:
    return str(expected) if isinstance(expected, Outcome) else expected.name


def _is_unrequested_throttling(judged: Judgement, summary: ResponseSummary) -> bool:
    """Whether this is a 429 that the case does not expect: a server with other callers may give it at any time."""
    unexpected = any(one.kind is DifferenceKind.STATUS and one.found == "429" for one in judged.differences)
    return unexpected and summary.code.startswith("Throttling")


def mark_unserved(results: Sequence[CaseResult]) -> list[CaseResult]:
    """Mark denials as "not served" rather than drift, if every case that needs the model or account was denied.

    Each model is looked at by itself: of the models on a path, some may be retired. Cases that expect a detection
    decide; without them, all cases that are checked after the account. Which mistakes the vendor reports before it
    checks the account is only inferred.
    """
    unserved = {model for model in {one.case.model for one in results} if _is_unserved(results, model)}
    return [
        _unserved(one, one.denial) if one.denial is not None and one.case.model in unserved else one for one in results
    ]


def _is_unserved(results: Sequence[CaseResult], model: str) -> bool:
    unknown = (Assessment.SKIPPED, Assessment.UNDECIDED)
    judged = [one for one in results if one.case.model == model and one.assessment not in unknown]
    deciding = [one for one in judged if _expects_detection(one.case)] or [
        one for one in judged if _needs_account(one.case)
    ]
    return bool(deciding) and all(one.denial is not None for one in deciding)


def _expects_detection(case: Case) -> bool:
    first = case.expected[0]
    return first is Outcome.PASSED or (isinstance(first, Row) and first.outcome is Outcome.FAILED)


def _needs_account(case: Case) -> bool:
    if case.path.removeprefix(API_PREFIX).rstrip("/") not in _PATHS:
        return False  # tasks and uploads need no access to a model; in which order they are checked is unknown
    first = case.expected[0]
    if not isinstance(first, Row):
        return True
    return first.origin is Origin.SERVICE and first is not service.BODY_INVALID and first not in _DENIALS


def _unserved(result: CaseResult, denial: Row) -> CaseResult:
    reason = f"this account or model is not served: {denial.status} {denial.code}, {denial.text()}"
    return replace(result, assessment=Assessment.NOT_SERVED, reason=reason)

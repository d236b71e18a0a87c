"""Compare the JSON document that answers a detection, or refuses any request, with what the contract promises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from emoji_mock.conformance.cases.case import Responder
from emoji_mock.conformance.cases.documents import REQUEST_ID
from emoji_mock.conformance.judge.boxes import compare_boxes
from emoji_mock.conformance.judge.difference import SHOWN_LENGTH, Difference, DifferenceKind, shown
from emoji_mock.conformance.judge.verdicts import Promise, compare_flag, compare_verdict, is_optional
from emoji_mock.contract.row import Origin, Outcome, Row
from emoji_mock.contract.rows import service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emoji_mock.conformance.cases.case import Case
    from emoji_mock.conformance.judge.summary import ResponseSummary
    from emoji_mock.contract.geometry import Size

_GATEWAY_KEYS, _SERVICE_KEYS = ("code", "message", "request_id"), ("request_id", "code", "message")
_ANSWER_KEYS = ("output", "usage", "request_id")


def compare_detection(
    case: Case, summary: ResponseSummary, expected: Row | Outcome, promise: Promise, size: Size | None
) -> Iterator[Difference]:
    """Yield where a JSON document differs from the `expected` answer; `size` is the picture's, in pixels, if known."""
    document, outcome, guess = summary.document or {}, promise.outcome, case.inferred
    if summary.outcome is not outcome:
        yield from _compare_other_outcome(document, summary.code, promise, guess=guess)
        yield from _compare_usage(document, outcome, guess=guess)
        return
    # The paths of tasks are the same for all models.
    id_first = case.contract.request_id_first or case.responder is Responder.TASKS
    # Which errors come from the gateway is inferred, apart from the one error in the vendor's documentation. It decides
    # the order of keys there only: the pages of all other models show one order.
    is_guess = not outcome.billed and id_first and expected is not service.BODY_INVALID
    yield from _compare_keys(document, _keys(expected, outcome, id_first=id_first), "", guess=is_guess)
    yield from _compare_usage(document, outcome, guess=False)
    yield from _compare_request_id(document)
    if not outcome.billed:
        yield from _compare_texts(document, "")
        return
    output = document["output"]
    if not isinstance(output, dict):
        yield Difference(DifferenceKind.TYPE, "output", "an object", shown(output))
        return
    output = cast("dict[str, Any]", output)
    yield from _compare_keys(output, tuple(promise.output), "output.", guess=False)
    yield from _compare_texts(output, "output.")
    yield from compare_verdict(output, promise)
    if outcome is Outcome.PASSED:
        yield from compare_boxes(output, size, case)


def _compare_other_outcome(
    document: dict[str, Any], code: str, promise: Promise, *, guess: bool
) -> Iterator[Difference]:
    """Yield where an answer of another outcome differs, unless its status or code says so already."""
    if not promise.outcome.billed:
        return
    if "output" not in document:
        yield Difference(DifferenceKind.MISSING_FIELD, "output", "present", "missing", guess)
        return
    output = document["output"]
    if not isinstance(output, dict):
        yield Difference(DifferenceKind.TYPE, "output", "an object", shown(output))
        return
    output = cast("dict[str, Any]", output)
    flags = [*compare_flag(output, promise)]
    yield from flags
    if not flags and code == promise.code:  # nothing but its fields tells the answer from the promised one
        yield from _compare_keys(output, tuple(promise.output), "output.", guess=False)


def _keys(expected: Row | Outcome, outcome: Outcome, *, id_first: bool) -> tuple[str, ...]:
    if outcome.billed:
        return _ANSWER_KEYS
    by_service = isinstance(expected, Row) and expected.origin is Origin.SERVICE
    return _SERVICE_KEYS if by_service and id_first else _GATEWAY_KEYS


def _compare_texts(fields: dict[str, Any], place: str) -> Iterator[Difference]:
    for name in ("code", "message"):
        if name in fields and not isinstance(fields[name], str):
            yield Difference(DifferenceKind.TYPE, place + name, "a string", shown(fields[name]))


def _compare_keys(document: dict[str, Any], order: tuple[str, ...], place: str, *, guess: bool) -> Iterator[Difference]:
    for name in order:
        if name not in document and name != "usage":
            yield Difference(DifferenceKind.MISSING_FIELD, place + name, "present", "missing")
    for name, value in document.items():
        if name not in order and name != "usage" and not is_optional(name, value):
            yield Difference(DifferenceKind.NEW_FIELD, f"{place}{name}"[:SHOWN_LENGTH], "absent", shown(value))
    known = [name for name in document if name in order]
    wanted = [name for name in order if name in document]
    if known != wanted:
        where = place.rstrip(".") or "body"
        yield Difference(DifferenceKind.KEY_ORDER, where, ", ".join(wanted), ", ".join(known), guess)


def _compare_usage(document: dict[str, Any], outcome: Outcome, *, guess: bool) -> Iterator[Difference]:
    usage = document.get("usage")
    if not outcome.billed:
        if "usage" in document:
            yield Difference(DifferenceKind.BILLING, "usage", "absent: an error is not billed", shown(usage), guess)
        return
    count = cast("dict[str, Any]", usage).get("image_count") if isinstance(usage, dict) else None
    if count is None:
        yield Difference(DifferenceKind.BILLING, "usage.image_count", "1", "missing", guess)
    elif type(count) is not int:
        yield Difference(DifferenceKind.TYPE, "usage.image_count", "an integer", shown(count), guess)
    elif count != 1:
        yield Difference(DifferenceKind.BILLING, "usage.image_count", "1", str(count), guess)
    if isinstance(usage, dict):
        for name in cast("dict[str, Any]", usage):
            if name != "image_count":
                yield Difference(DifferenceKind.NEW_FIELD, f"usage.{name}"[:SHOWN_LENGTH], "absent", "present")


def _compare_request_id(document: dict[str, Any]) -> Iterator[Difference]:
    found = document.get("request_id")
    if found is not None and not (isinstance(found, str) and REQUEST_ID.fullmatch(found)):
        wanted = "a lower-case UUID of version 9 or 4"
        yield Difference(DifferenceKind.REQUEST_ID, "request_id", wanted, shown(found))

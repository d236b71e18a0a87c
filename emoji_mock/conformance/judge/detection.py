"""Compare the JSON document that answers a detection, or refuses any request, with what the contract promises."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from emoji_mock.conformance.cases.documents import REQUEST_ID
from emoji_mock.conformance.judge.boxes import compare_boxes
from emoji_mock.conformance.judge.difference import SHOWN_LENGTH, Difference, DifferenceKind
from emoji_mock.contract.row import Origin, Outcome, Row
from emoji_mock.contract.rows import service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emoji_mock.conformance.judge.summary import ResponseSummary
    from emoji_mock.contract.geometry import Size

_GATEWAY_KEYS, _SERVICE_KEYS = ("code", "message", "request_id"), ("request_id", "code", "message")
_ANSWER_KEYS = ("output", "usage", "request_id")
_OUTPUT_KEYS = {Outcome.PASSED: ("bbox_face", "ext_bbox_face"), Outcome.FAILED: ("code", "message")}


def compare_detection(
    summary: ResponseSummary, document: dict[str, Any], expected: Row | Outcome, size: Size | None, *, guess: bool
) -> Iterator[Difference]:
    """Yield where `document` differs from the `expected` answer; `size` is the picture's, in pixels, if known."""
    outcome = expected.outcome if isinstance(expected, Row) else expected
    if summary.outcome is not outcome:
        # The other fields of another outcome need no mention: status and code differ already. What is billed does.
        if outcome.billed and "output" not in document:
            yield Difference(DifferenceKind.MISSING_FIELD, "output", "present", "missing", guess)
        yield from _compare_usage(document, outcome, guess=guess)
        return
    yield from _compare_keys(document, _keys(expected, outcome), "", guess=_is_guessed_order(expected, outcome))
    yield from _compare_usage(document, outcome, guess=False)
    yield from _compare_request_id(document)
    if not outcome.billed:
        yield from _compare_texts(document, "")
        return
    output = document["output"]
    if not isinstance(output, dict):
        yield Difference(DifferenceKind.TYPE, "output", "an object", _shown(output))
        return
    output = cast("dict[str, Any]", output)
    yield from _compare_keys(output, _OUTPUT_KEYS[outcome], "output.", guess=False)
    yield from _compare_texts(output, "output.")
    if outcome is Outcome.PASSED:
        yield from compare_boxes(output, size)


def _keys(expected: Row | Outcome, outcome: Outcome) -> tuple[str, ...]:
    if outcome.billed:
        return _ANSWER_KEYS
    return _SERVICE_KEYS if isinstance(expected, Row) and expected.origin is Origin.SERVICE else _GATEWAY_KEYS


def _is_guessed_order(expected: Row | Outcome, outcome: Outcome) -> bool:
    # Which errors come from the gateway is inferred, apart from the one error in the vendor's documentation.
    return not outcome.billed and expected is not service.BODY_INVALID


def _compare_texts(fields: dict[str, Any], place: str) -> Iterator[Difference]:
    for name in ("code", "message"):
        if name in fields and not isinstance(fields[name], str):
            yield Difference(DifferenceKind.TYPE, place + name, "a string", _shown(fields[name]))


def _compare_keys(document: dict[str, Any], order: tuple[str, ...], place: str, *, guess: bool) -> Iterator[Difference]:
    for name in order:
        if name not in document and name != "usage":
            yield Difference(DifferenceKind.MISSING_FIELD, place + name, "present", "missing")
    for name, value in document.items():
        if name not in order and name != "usage":
            yield Difference(DifferenceKind.NEW_FIELD, f"{place}{name}"[:SHOWN_LENGTH], "absent", _shown(value))
    known = [name for name in document if name in order]
    wanted = [name for name in order if name in document]
    if known != wanted:
        where = place.rstrip(".") or "body"
        yield Difference(DifferenceKind.KEY_ORDER, where, ", ".join(wanted), ", ".join(known), guess)


def _compare_usage(document: dict[str, Any], outcome: Outcome, *, guess: bool) -> Iterator[Difference]:
    usage = document.get("usage")
    if not outcome.billed:
        if "usage" in document:
            yield Difference(DifferenceKind.BILLING, "usage", "absent: an error is not billed", _shown(usage), guess)
        return
    count = cast("dict[str, Any]", usage).get("image_count") if isinstance(usage, dict) else None
    if count is None:
        yield Difference(DifferenceKind.BILLING, "usage.image_count", "1", "missing", guess)
    elif type(count) is not int:
        yield Difference(DifferenceKind.TYPE, "usage.image_count", "an integer", _shown(count), guess)
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
        yield Difference(DifferenceKind.REQUEST_ID, "request_id", wanted, _shown(found))


def _shown(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)[:SHOWN_LENGTH]

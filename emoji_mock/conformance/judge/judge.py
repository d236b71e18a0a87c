"""Judge an answer: find where it differs from what its case promises. Pure functions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from emoji_mock.conformance.cases.case import Responder
from emoji_mock.conformance.cases.documents import Shape
from emoji_mock.conformance.judge.detection import compare_detection
from emoji_mock.conformance.judge.difference import SHOWN_LENGTH, Difference, DifferenceKind
from emoji_mock.conformance.judge.documents import compare_fields, compare_submit_time, compare_xml_error
from emoji_mock.conformance.judge.headers import compare_headers
from emoji_mock.conformance.judge.summary import ResponseSummary, message_variants, summarize
from emoji_mock.conformance.judge.verdicts import promise_of
from emoji_mock.contract.row import Outcome, Row

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from emoji_mock.conformance.cases.case import Case, ExpectedAnswer
    from emoji_mock.conformance.cases.placeholders import Bindings
    from emoji_mock.contract.exchange import Response


class Judgement(NamedTuple):
    """The expected answer that a response is nearest to, and the differences from it."""

    expected: ExpectedAnswer
    differences: tuple[Difference, ...]


def judge(case: Case, bindings: Bindings, response: Response) -> Judgement:
    """Compare `response` with each answer that `case` allows, and return the judgement with the least differences."""
    judgements = [Judgement(one, tuple(_compare(case, one, bindings, response))) for one in case.expected]
    return min(judgements, key=lambda one: sum(difference.severity.weight for difference in one.differences))


def _compare(case: Case, expected: ExpectedAnswer, bindings: Bindings, response: Response) -> Iterator[Difference]:
    summary = summarize(response)
    status = 200 if isinstance(expected, Outcome) else expected.status
    if response.status != status:
        yield Difference(DifferenceKind.STATUS, "status", str(status), str(response.status), case.inferred)
    if isinstance(expected, Shape):
        yield from _compare_shape(case, expected, bindings, response, summary)
    else:
        yield from _compare_code(case, expected, bindings, summary)
        yield from _compare_body(case, expected, bindings, response, summary)
    yield from compare_headers(case.responder, response, summary.document)


def _compare_body(
    case: Case, expected: Row | Outcome, bindings: Bindings, response: Response, summary: ResponseSummary
) -> Iterator[Difference]:
    if case.responder in (Responder.STORAGE, Responder.FILMS):
        yield from compare_xml_error(response.body, guess=case.inferred)
    elif isinstance(expected, Row) and expected.code is None and not expected.billed:
        yield from _compare_empty(response.body, guess=case.inferred)
    elif summary.document is None:
        yield _other_body("a JSON object", response.body, guess=case.inferred)
    else:
        # The size of a live picture is unknown: only the magic URL's is.
        size = case.size if bindings.picture == case.picture else None
        yield from compare_detection(case, summary, expected, promise_of(expected, case.contract), size)
        yield from _compare_form(response.body, summary.document)


def _compare_shape(
    case: Case, shape: Shape, bindings: Bindings, response: Response, summary: ResponseSummary
) -> Iterator[Difference]:
    if shape.pattern is not None:
        if shape.pattern.fullmatch(response.body) is None:
            yield _other_body(shape.name, response.body, guess=case.inferred)
    elif not shape.fields:
        yield from _compare_empty(response.body, guess=case.inferred)
    elif summary.document is None:
        yield _other_body("a JSON object", response.body, guess=case.inferred)
    else:
        date = next((value for name, value in response.headers if name.lower() == "date"), "")
        yield from compare_fields(summary.document, shape, bindings.captured, guess=case.inferred)
        yield from compare_submit_time(summary.document, date, case.wait_seconds)
        yield from _compare_form(response.body, summary.document)


def _compare_code(
    case: Case, expected: Row | Outcome, bindings: Bindings, summary: ResponseSummary
) -> Iterator[Difference]:
    code = promise_of(expected, case.contract).code
    if summary.code != code:
        yield Difference(DifferenceKind.CODE, "code", code or "none", summary.code or "none", case.inferred)
    if isinstance(expected, Row) and (summary.code == code or not summary.message):
        values = {name: bindings.text(value) for name, value in case.message_fields}
        wanted = message_variants(expected, method=case.method, **_picture_fields(case, bindings) | values)
        if summary.message not in wanted and (summary.document is not None or summary.message):
            found = summary.message[:SHOWN_LENGTH] or "none"
            yield Difference(DifferenceKind.MESSAGE, "message", wanted[0], found, case.inferred)


def _picture_fields(case: Case, bindings: Bindings) -> dict[str, str]:
    """Return the values that a message about the picture's URL contains."""
    try:
        given: dict[str, Any] = {} if case.picture_name else json.loads(case.body)["input"]
        url = bindings.picture if case.picture_name else str(given.get("image_url") or given["video_url"])
        return {"url": url, "host": urlsplit(url).netloc}
    except (ValueError, TypeError, KeyError, AttributeError):
        return {}


def _compare_empty(body: bytes, *, guess: bool) -> Iterator[Difference]:
    if body:
        yield _other_body("empty", body, guess=guess)


def _compare_form(body: bytes, document: dict[str, Any]) -> Iterator[Difference]:
    compact = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
    if len(body) > len(compact):
        yield Difference(DifferenceKind.FORM, "body", "compact JSON in UTF-8", _shown(body))


def _other_body(wanted: str, body: bytes, *, guess: bool) -> Difference:
    return Difference(DifferenceKind.BODY, "body", wanted, _shown(body), guess)


def _shown(body: bytes) -> str:
    return body.decode(errors="replace")[:SHOWN_LENGTH] or "nothing"

"""The judge: a case and the answer to it, and in what the answer differs from the contract. Pure functions."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple, cast
from urllib.parse import urlsplit

from emoji_mock.conformance.cases.case import Speaker
from emoji_mock.conformance.judge.boxes import judge_boxes
from emoji_mock.conformance.judge.difference import Difference, Kind
from emoji_mock.conformance.judge.headers import judge_headers
from emoji_mock.conformance.judge.reading import Reading, read, texts
from emoji_mock.conformance.judge.shape import Shape
from emoji_mock.conformance.judge.storage import judge_xml
from emoji_mock.conformance.judge.times import judge_times
from emoji_mock.contract.row import Origin, Outcome, Row
from emoji_mock.contract.rows import service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emoji_mock.conformance.cases.case import Case, Ending, Filled
    from emoji_mock.contract.exchange import Response

# Observed: lower case, the version digit mostly 9 and sometimes 4.
_REQUEST_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[49][0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
_GATEWAY, _SERVICE = ("code", "message", "request_id"), ("request_id", "code", "message")
_OUTER = ("output", "usage", "request_id")
_INNER = {Outcome.PASSED: ("bbox_face", "ext_bbox_face"), Outcome.FAILED: ("code", "message")}
_SHOWN = 200


class Judgement(NamedTuple):
    """The ending that an answer comes nearest to, and in what it differs from that."""

    ending: Ending
    differences: tuple[Difference, ...]


def judge(case: Case, filled: Filled, response: Response) -> Judgement:
    """Return in what `response` differs from what `case` promises to the request that was `filled`."""
    judgements = [Judgement(ending, tuple(_differences(case, ending, filled, response))) for ending in case.expected]
    return min(judgements, key=lambda one: sum(found.severity.weight for found in one.differences))


def _differences(case: Case, ending: Ending, filled: Filled, response: Response) -> Iterator[Difference]:
    reading = read(response)
    status = 200 if isinstance(ending, Outcome) else ending.status
    if response.status != status:
        yield Difference(Kind.STATUS, "status", str(status), str(response.status), case.inferred)
    if isinstance(ending, Shape):
        yield from _judge_shape(case, ending, filled, response, reading)
    else:
        yield from _judge_code(case, ending, filled, reading)
        yield from _judge_body(case, ending, filled, response, reading)
    yield from judge_headers(case.speaker, response, reading.document)


def _judge_body(
    case: Case, ending: Row | Outcome, filled: Filled, response: Response, reading: Reading
) -> Iterator[Difference]:
    if case.speaker in (Speaker.STORAGE, Speaker.FILMS):
        yield from judge_xml(response.body, guess=case.inferred)
    elif isinstance(ending, Row) and ending.code is None:
        if response.body:
            yield Difference(Kind.BODY, "body", "empty", _shown(response.body), case.inferred)
    elif reading.document is None:
        yield Difference(Kind.BODY, "body", "a JSON object", _shown(response.body), case.inferred)
    else:
        yield from _judge_document(case, ending, filled, reading)
        yield from _judge_form(response.body, reading.document)


def _judge_shape(
    case: Case, shape: Shape, filled: Filled, response: Response, reading: Reading
) -> Iterator[Difference]:
    if shape.holds is not None:
        if shape.holds.fullmatch(response.body) is None:
            yield Difference(Kind.BODY, "body", shape.name, _shown(response.body), case.inferred)
    elif not shape.keys:
        if response.body:
            yield Difference(Kind.BODY, "body", "empty", _shown(response.body), case.inferred)
    elif reading.document is None:
        yield Difference(Kind.BODY, "body", "a JSON object", _shown(response.body), case.inferred)
    else:
        date = next((value for name, value in response.headers if name.lower() == "date"), "")
        yield from shape.differences(reading.document, filled.learned, guess=case.inferred)
        yield from judge_times(reading.document, date, case.waits)
        yield from _judge_form(response.body, reading.document)


def _judge_code(case: Case, ending: Row | Outcome, filled: Filled, reading: Reading) -> Iterator[Difference]:
    code = str(ending.code or "") if isinstance(ending, Row) else ""
    if reading.code != code:
        yield Difference(Kind.CODE, "code", code or "none", reading.code or "none", case.inferred)
    if isinstance(ending, Row) and (reading.code == code or not reading.message):
        said = {name: filled.text(value) for name, value in case.says}
        wanted = texts(ending, method=case.method, **_picture(case, filled) | said)
        if reading.message not in wanted and (reading.document is not None or reading.message):
            yield Difference(Kind.MESSAGE, "message", wanted[0], reading.message[:_SHOWN] or "none", case.inferred)


def _picture(case: Case, filled: Filled) -> dict[str, str]:
    try:
        url = filled.picture if case.shows else str(json.loads(case.body)["input"]["image_url"])
        return {"url": url, "host": urlsplit(url).netloc}
    except (ValueError, TypeError, KeyError):
        return {}


def _judge_document(case: Case, ending: Row | Outcome, filled: Filled, reading: Reading) -> Iterator[Difference]:
    document = cast("dict[str, Any]", reading.document)
    outcome = ending.outcome if isinstance(ending, Row) else ending
    if reading.outcome is not outcome:
        # What else an answer of another kind holds is no news; what it bills is.
        if outcome.billed and "output" not in document:
            yield Difference(Kind.MISSING_FIELD, "output", "present", "missing", case.inferred)
        yield from _judge_usage(document, outcome, guess=case.inferred)
        return
    order = _OUTER if outcome.billed else _GATEWAY
    if isinstance(ending, Row) and not outcome.billed and ending.origin is Origin.SERVICE:
        order = _SERVICE
    # Which error is whose is inferred, but for the vendor's one sample.
    yield from _judge_keys(document, order, "", guess=not outcome.billed and ending is not service.BODY_INVALID)
    yield from _judge_usage(document, outcome, guess=False)
    yield from _judge_request_id(document)
    if not outcome.billed:
        yield from _judge_texts(document, "")
        return
    output = document["output"]
    if not isinstance(output, dict):
        yield Difference(Kind.TYPE, "output", "an object", _shown(output))
        return
    output = cast("dict[str, Any]", output)
    yield from _judge_keys(output, _INNER[outcome], "output.", guess=False)
    yield from _judge_texts(output, "output.")
    if outcome is Outcome.PASSED:
        yield from judge_boxes(output, case.size if filled.picture == case.picture else None)


def _judge_texts(fields: dict[str, Any], place: str) -> Iterator[Difference]:
    for name in ("code", "message"):
        if name in fields and not isinstance(fields[name], str):
            yield Difference(Kind.TYPE, place + name, "a string", _shown(fields[name]))


def _judge_keys(document: dict[str, Any], order: tuple[str, ...], place: str, *, guess: bool) -> Iterator[Difference]:
    for name in order:
        if name not in document and name != "usage":
            yield Difference(Kind.MISSING_FIELD, place + name, "present", "missing")
    for name, value in document.items():
        if name not in order and name != "usage":
            yield Difference(Kind.NEW_FIELD, f"{place}{name}"[:_SHOWN], "absent", _shown(value))
    known = [name for name in document if name in order]
    wanted = [name for name in order if name in document]
    if known != wanted:
        yield Difference(Kind.KEY_ORDER, place.rstrip(".") or "body", ", ".join(wanted), ", ".join(known), guess)


def _judge_usage(document: dict[str, Any], outcome: Outcome, *, guess: bool) -> Iterator[Difference]:
    usage = document.get("usage")
    if not outcome.billed:
        if "usage" in document:
            yield Difference(Kind.BILLING, "usage", "absent: an error is not billed", _shown(usage), guess)
        return
    count = cast("dict[str, Any]", usage).get("image_count") if isinstance(usage, dict) else None
    if count is None:
        yield Difference(Kind.BILLING, "usage.image_count", "1", "missing", guess)
    elif type(count) is not int:
        yield Difference(Kind.TYPE, "usage.image_count", "an integer", _shown(count), guess)
    elif count != 1:
        yield Difference(Kind.BILLING, "usage.image_count", "1", str(count), guess)
    if isinstance(usage, dict):
        for name in cast("dict[str, Any]", usage):
            if name != "image_count":
                yield Difference(Kind.NEW_FIELD, f"usage.{name}"[:_SHOWN], "absent", "present")


def _judge_request_id(document: dict[str, Any]) -> Iterator[Difference]:
    found = document.get("request_id")
    if found is not None and not (isinstance(found, str) and _REQUEST_ID.fullmatch(found)):
        yield Difference(Kind.REQUEST_ID, "request_id", "a lower-case UUID of version 9 or 4", _shown(found))


def _judge_form(body: bytes, document: dict[str, Any]) -> Iterator[Difference]:
    compact = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
    if len(body) > len(compact):
        yield Difference(Kind.FORM, "body", "compact JSON in UTF-8", _shown(body))


def _shown(value: object) -> str:
    text = value.decode(errors="replace") if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False)
    return text[:_SHOWN] or "nothing"

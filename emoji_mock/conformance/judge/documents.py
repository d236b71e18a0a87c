"""Compare a body with what is promised of it: the fields of a JSON document, a task's times, the storage's XML."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, cast

from emoji_mock.conformance.judge.difference import SHOWN_LENGTH, Difference, DifferenceKind, shown
from emoji_mock.contract.model import CHINA

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from emoji_mock.conformance.cases.documents import Expectation, Shape

_TIME_TOLERANCE = timedelta(minutes=10)  # for the duration of the setup requests, and for clocks that differ
_XML_ERROR = re.compile(rb'<\?xml version="1\.0" encoding="UTF-8"\?>\s*<Error>(.*)</Error>\s*', re.DOTALL)
_XML_ELEMENT = re.compile(rb"<(\w+)>[^<]*</\1>")
_XML_NAMES = ["Code", "Message", "RequestId", "HostId"]


def compare_fields(
    document: dict[str, Any], shape: Shape, captured: Mapping[str, Any], *, guess: bool
) -> Iterator[Difference]:
    """Yield where `document` differs from `shape`; with `guess` the whole shape is only inferred."""
    for one in _compare_object(document, shape.fields, "", shape, captured):
        yield Difference(one.kind, one.where, one.contract, one.found, guess or one.where in shape.guesses)


def _compare_object(
    found: dict[str, Any], wanted: Mapping[str, Expectation], place: str, shape: Shape, captured: Mapping[str, Any]
) -> Iterator[Difference]:
    for name, expectation in wanted.items():
        if name in found:
            yield from _compare_value(found[name], expectation, place + name, shape, captured)
        elif place + name not in shape.optional:
            yield Difference(DifferenceKind.MISSING_FIELD, place + name, "present", "missing")
    for name, value in found.items():
        if name not in wanted:
            yield Difference(DifferenceKind.NEW_FIELD, f"{place}{name}"[:SHOWN_LENGTH], "absent", shown(value))
    order, expected = [name for name in found if name in wanted], [name for name in wanted if name in found]
    if order != expected:
        where = place.rstrip(".") or "body"
        yield Difference(DifferenceKind.KEY_ORDER, where, ", ".join(expected), ", ".join(order))


def _compare_value(
    found: object, expectation: Expectation, place: str, shape: Shape, captured: Mapping[str, Any]
) -> Iterator[Difference]:
    if isinstance(expectation, dict) and isinstance(found, dict):
        yield from _compare_object(cast("dict[str, Any]", found), expectation, f"{place}.", shape, captured)
    elif isinstance(expectation, list) and isinstance(found, list):
        for one in cast("list[object]", found):
            yield from _compare_value(one, expectation[0], place, shape, captured)
    elif isinstance(expectation, str | int):
        value = captured.get(expectation, expectation) if isinstance(expectation, str) else expectation
        if type(found) is not type(value) or found != value:
            yield Difference(DifferenceKind.VALUE, place, shown(value), shown(found))
    elif not _fits(found, expectation):
        yield Difference(DifferenceKind.TYPE, place, _described(expectation), shown(found))


def _fits(found: object, expectation: Expectation) -> bool:
    if isinstance(expectation, re.Pattern):
        return isinstance(found, str) and expectation.fullmatch(found) is not None
    return type(found) is expectation or (expectation is float and type(found) is int)


def _described(expectation: Expectation) -> str:
    if isinstance(expectation, re.Pattern):
        return f"text like {expectation.pattern}"
    if isinstance(expectation, type):
        return "a number" if expectation is float else f"a value of type {expectation.__name__}"
    return "an object" if isinstance(expectation, dict) else "a list"


def compare_submit_time(document: dict[str, Any], date: str, waited: float) -> Iterator[Difference]:
    """Yield a difference if a task's `submit_time`, in UTC+8, is not `waited` seconds before the `date` header."""
    output = document.get("output")
    text = cast("dict[str, Any]", output).get("submit_time") if isinstance(output, dict) else None
    try:
        submitted = datetime.strptime(str(text), "%Y-%m-%d %H:%M:%S.%f").replace(tzinfo=CHINA)
        expected = parsedate_to_datetime(date).astimezone(UTC) - timedelta(seconds=waited)
    except ValueError:
        return  # a malformed time is a difference of its own
    if abs(submitted - expected) > _TIME_TOLERANCE:
        wanted = f"about {expected.astimezone(CHINA):%Y-%m-%d %H:%M}, in UTC+8"
        yield Difference(DifferenceKind.TIME, "output.submit_time", wanted, str(text))


def compare_xml_error(body: bytes, *, guess: bool) -> Iterator[Difference]:
    """Yield where `body` differs from an error of OSS: XML, with these elements in this order; others are allowed."""
    error = _XML_ERROR.fullmatch(body)
    if error is None:
        found = body.decode(errors="replace")[:SHOWN_LENGTH] or "nothing"
        yield Difference(DifferenceKind.BODY, "body", "an XML error", found, guess)
        return
    names = [name.decode() for name in _XML_ELEMENT.findall(error[1])]
    for name in _XML_NAMES:
        if name not in names:
            yield Difference(DifferenceKind.MISSING_FIELD, f"Error.{name}", "present", "missing", guess)
    order = [name for name in names if name in _XML_NAMES]
    if order != [name for name in _XML_NAMES if name in order]:
        yield Difference(DifferenceKind.KEY_ORDER, "Error", ", ".join(_XML_NAMES), ", ".join(order), guess)

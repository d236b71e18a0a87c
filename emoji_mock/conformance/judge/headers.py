"""Compare the headers of an answer with those of its responder: the service, its tasks, or the storage."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from emoji_mock.conformance.cases.case import Responder
from emoji_mock.conformance.cases.documents import REQUEST_ID
from emoji_mock.conformance.judge.difference import Difference, DifferenceKind
from emoji_mock.contract.endpoint import MEDIA_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emoji_mock.contract.exchange import Response

_PARTIAL, _FIRST_ERROR, _UNAUTHORIZED, _TOO_MANY = 206, 400, 401, 429
_TASKS_KIND = f"{MEDIA_TYPE};charset=UTF-8"
_XML, _MP4 = "application/xml", "video/mp4"
_EVERYWHERE = ("date", "server", "vary", "x-envoy-upstream-service-time")
_TIMES = ("req-cost-time", "req-arrive-time", "resp-start-time")
_SERVER = "istio-envoy"
_NUMBER, _MOMENT = re.compile(r"\d{1,19}"), re.compile(r"1\d{12}")
HEADER_FORMS: dict[str, re.Pattern[str]] = {
    "x-request-id": REQUEST_ID,
    "req-cost-time": _NUMBER,
    "req-arrive-time": _MOMENT,
    "resp-start-time": _MOMENT,
    "x-envoy-upstream-service-time": _NUMBER,
    "x-oss-request-id": re.compile("[0-9A-F]{24}"),
    "date": re.compile(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT"),
}
"""The form of each header whose value differs in every answer."""
_DESCRIBED = {
    "date": "a date as in RFC 9110",
    "x-envoy-upstream-service-time": "milliseconds",
    "req-cost-time": "milliseconds",
    "req-arrive-time": "milliseconds since 1970",
    "resp-start-time": "milliseconds since 1970",
}


def compare_headers(responder: Responder, response: Response, document: dict[str, Any] | None) -> Iterator[Difference]:
    """Yield where the headers of `response` differ from those of `responder`; `document` is the parsed body."""
    headers: dict[str, str] = {}
    for name, value in response.headers:
        headers.setdefault(name.lower(), value)
    if response.status == _UNAUTHORIZED and responder not in (Responder.STORAGE, Responder.FILMS):
        responder = Responder.SERVICE  # the gateway checks the key before it routes the request
    yield from _COMPARE[responder](response, headers, document)


def _compare_service(
    response: Response, headers: dict[str, str], document: dict[str, Any] | None
) -> Iterator[Difference]:
    if response.body:
        yield from _compare_media_type(headers.get("content-type", ""))
    if "x-request-id" not in headers:
        yield _missing("x-request-id")
    elif document is not None and headers["x-request-id"] != document.get("request_id"):
        yield Difference(DifferenceKind.HEADER, "x-request-id", "the body's request_id", headers["x-request-id"])
    yield from _compare_gateway_mark(response.status, headers.get("x-dashscope-call-gateway"))
    yield from _compare_common(headers)
    for name, value in headers.items():
        if name == "retry-after" or name.startswith("x-ratelimit-"):
            # Observed on a 429 only; that other answers lack these headers as well is inferred.
            guess = response.status != _TOO_MANY
            yield Difference(DifferenceKind.HEADER, name, f"not on a {response.status}", value, guess)


def _compare_policy(
    response: Response, headers: dict[str, str], document: dict[str, Any] | None
) -> Iterator[Difference]:
    # The only recording has neither header, and is older than others that have them: both are allowed to be missing.
    for difference in _compare_service(response, headers, document):
        optional = response.status < _FIRST_ERROR and difference.where in ("x-request-id", "x-dashscope-call-gateway")
        if not optional or difference.found != "missing":
            yield difference


def _compare_tasks(response: Response, headers: dict[str, str], _: dict[str, Any] | None) -> Iterator[Difference]:
    guess = response.status >= _FIRST_ERROR  # only successful answers were observed
    found = headers.get("content-type", "")
    if found != _TASKS_KIND:
        same = found.partition(";")[0].strip().lower() == MEDIA_TYPE
        yield Difference(
            DifferenceKind.HEADER if same else DifferenceKind.MEDIA_TYPE,
            "content-type",
            _TASKS_KIND,
            found or "missing",
            guess,
        )
    for name, value in headers.items():
        if name == "x-request-id" or name.startswith("x-dashscope-"):
            yield Difference(DifferenceKind.HEADER, name, "not on an answer about tasks", value, guess)
    yield from _compare_common(headers)


def _compare_storage(response: Response, headers: dict[str, str], _: dict[str, Any] | None) -> Iterator[Difference]:
    if response.body and headers.get("content-type", "").partition(";")[0].strip().lower() != _XML:
        found = headers.get("content-type", "missing")
        yield Difference(DifferenceKind.MEDIA_TYPE, "content-type", _XML, found, guess=True)
    for name in ("x-oss-request-id", "access-control-allow-origin"):
        if name not in headers:
            yield Difference(DifferenceKind.HEADER, name, "present", "missing", guess=True)


def _compare_films(response: Response, headers: dict[str, str], _: dict[str, Any] | None) -> Iterator[Difference]:
    wanted = _XML if response.status >= _FIRST_ERROR else _MP4
    found = headers.get("content-type", "missing")
    if found.partition(";")[0].strip().lower() != wanted:
        yield Difference(DifferenceKind.MEDIA_TYPE, "content-type", wanted, found, guess=True)
    named = ("x-oss-request-id", *(("content-range",) if response.status == _PARTIAL else ()))
    for name in named:
        if name not in headers:
            yield Difference(DifferenceKind.HEADER, name, "present", "missing", guess=True)


def _compare_common(headers: dict[str, str]) -> Iterator[Difference]:
    yield from (_missing(name) for name in _EVERYWHERE if name not in headers)
    if headers.get("server", _SERVER) != _SERVER:
        yield Difference(DifferenceKind.HEADER, "server", _SERVER, headers["server"])
    if "set-cookie" in headers:  # a client would store the cookie and send it back
        yield Difference(DifferenceKind.HEADER, "set-cookie", "absent", "present")
    yield from _compare_times(headers)


def _compare_gateway_mark(status: int, found: str | None) -> Iterator[Difference]:
    if status == _UNAUTHORIZED and found is not None:
        yield Difference(DifferenceKind.HEADER, "x-dashscope-call-gateway", "not on a 401", found)
    elif status != _UNAUTHORIZED and found != "true":
        yield Difference(DifferenceKind.HEADER, "x-dashscope-call-gateway", "true", found or "missing")


def _compare_media_type(found: str) -> Iterator[Difference]:
    if found.partition(";")[0].strip().lower() != MEDIA_TYPE:
        yield Difference(DifferenceKind.MEDIA_TYPE, "content-type", MEDIA_TYPE, found or "missing")
    elif found != MEDIA_TYPE:
        yield Difference(DifferenceKind.HEADER, "content-type", MEDIA_TYPE, found)


def _compare_times(headers: dict[str, str]) -> Iterator[Difference]:
    yield from (_missing(name) for name in _TIMES if name not in headers)
    wrong = [name for name in _DESCRIBED if name in headers and not HEADER_FORMS[name].fullmatch(headers[name])]
    yield from (Difference(DifferenceKind.HEADER, name, _DESCRIBED[name], headers[name]) for name in wrong)
    if set(wrong).isdisjoint(_TIMES) and headers.keys() >= set(_TIMES):
        cost, arrived, started = (int(headers[name]) for name in _TIMES)
        # The service rounds each of them: in some published recordings they are a millisecond apart.
        if abs(started - arrived - cost) > 1:
            wanted = f"req-arrive-time + req-cost-time = {arrived + cost}"
            yield Difference(DifferenceKind.HEADER, "resp-start-time", wanted, str(started))


def _missing(name: str) -> Difference:
    return Difference(DifferenceKind.HEADER, name, "present", "missing")


_COMPARE = {
    Responder.SERVICE: _compare_service,
    Responder.POLICY: _compare_policy,
    Responder.TASKS: _compare_tasks,
    Responder.STORAGE: _compare_storage,
    Responder.FILMS: _compare_films,
}

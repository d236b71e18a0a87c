"""Whether the headers of an answer are those of whoever gives it: the vendor's service, its tasks, the storage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emoji_mock.conformance.cases.case import Speaker
from emoji_mock.conformance.judge.difference import Difference, Kind
from emoji_mock.conformance.recordings.volatile import HEADERS
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
_FORMS = {
    "date": "a date as RFC 9110 has it",
    "x-envoy-upstream-service-time": "milliseconds",
    "req-cost-time": "milliseconds",
    "req-arrive-time": "milliseconds since 1970",
    "resp-start-time": "milliseconds since 1970",
}
"""What the values of headers look like; their forms stand in `volatile`."""


def judge_headers(speaker: Speaker, response: Response, document: dict[str, Any] | None) -> Iterator[Difference]:
    """Yield in what the headers of a `speaker`'s response differ; `document` is its body."""
    headers: dict[str, str] = {}
    for name, value in response.headers:
        headers.setdefault(name.lower(), value)
    if response.status == _UNAUTHORIZED and speaker not in (Speaker.STORAGE, Speaker.FILMS):
        speaker = Speaker.SERVICE  # who looks at the key does not know the path yet
    yield from _JUDGES[speaker](response, headers, document)


def _judge_service(
    response: Response, headers: dict[str, str], document: dict[str, Any] | None
) -> Iterator[Difference]:
    if response.body:
        yield from _judge_media_type(headers.get("content-type", ""))
    if "x-request-id" not in headers:
        yield _missing("x-request-id")
    elif document is not None and headers["x-request-id"] != document.get("request_id"):
        yield Difference(Kind.HEADER, "x-request-id", "the body's request_id", headers["x-request-id"])
    yield from _judge_gateway_mark(response.status, headers.get("x-dashscope-call-gateway"))
    yield from _judge_common(headers)
    for name, value in headers.items():
        if name == "retry-after" or name.startswith("x-ratelimit-"):
            # Observed of a 429 alone; of other answers it is a guess that they say no more.
            guess = response.status != _TOO_MANY
            yield Difference(Kind.HEADER, name, f"not on a {response.status}", value, guess)


def _judge_policy(response: Response, headers: dict[str, str], document: dict[str, Any] | None) -> Iterator[Difference]:
    # One recording has neither of the two, and is older than others that have them: whichever comes is no drift.
    for difference in _judge_service(response, headers, document):
        seldom = response.status < _FIRST_ERROR and difference.where in ("x-request-id", "x-dashscope-call-gateway")
        if not seldom or difference.found != "missing":
            yield difference


def _judge_tasks(response: Response, headers: dict[str, str], _: dict[str, Any] | None) -> Iterator[Difference]:
    guess = response.status >= _FIRST_ERROR  # only answers that tell something were observed
    found = headers.get("content-type", "")
    if found != _TASKS_KIND:
        same = found.partition(";")[0].strip().lower() == MEDIA_TYPE
        yield Difference(
            Kind.HEADER if same else Kind.MEDIA_TYPE, "content-type", _TASKS_KIND, found or "missing", guess
        )
    for name, value in headers.items():
        if name == "x-request-id" or name.startswith("x-dashscope-"):
            yield Difference(Kind.HEADER, name, "not on an answer about tasks", value, guess)
    yield from _judge_common(headers)


def _judge_storage(response: Response, headers: dict[str, str], _: dict[str, Any] | None) -> Iterator[Difference]:
    if response.body and headers.get("content-type", "").partition(";")[0].strip().lower() != _XML:
        found = headers.get("content-type", "missing")
        yield Difference(Kind.MEDIA_TYPE, "content-type", _XML, found, guess=True)
    for name in ("x-oss-request-id", "access-control-allow-origin"):
        if name not in headers:
            yield Difference(Kind.HEADER, name, "present", "missing", guess=True)


def _judge_films(response: Response, headers: dict[str, str], _: dict[str, Any] | None) -> Iterator[Difference]:
    wanted = _XML if response.status >= _FIRST_ERROR else _MP4
    found = headers.get("content-type", "missing")
    if found.partition(";")[0].strip().lower() != wanted:
        yield Difference(Kind.MEDIA_TYPE, "content-type", wanted, found, guess=True)
    named = ("x-oss-request-id", *(("content-range",) if response.status == _PARTIAL else ()))
    for name in named:
        if name not in headers:
            yield Difference(Kind.HEADER, name, "present", "missing", guess=True)


def _judge_common(headers: dict[str, str]) -> Iterator[Difference]:
    yield from (_missing(name) for name in _EVERYWHERE if name not in headers)
    if headers.get("server", _SERVER) != _SERVER:
        yield Difference(Kind.HEADER, "server", _SERVER, headers["server"])
    if "set-cookie" in headers:  # a caller's client would keep it, and send it back
        yield Difference(Kind.HEADER, "set-cookie", "absent", "present")
    yield from _judge_times(headers)


def _judge_gateway_mark(status: int, found: str | None) -> Iterator[Difference]:
    if status == _UNAUTHORIZED and found is not None:
        yield Difference(Kind.HEADER, "x-dashscope-call-gateway", "not on a 401", found)
    elif status != _UNAUTHORIZED and found != "true":
        yield Difference(Kind.HEADER, "x-dashscope-call-gateway", "true", found or "missing")


def _judge_media_type(found: str) -> Iterator[Difference]:
    if found.partition(";")[0].strip().lower() != MEDIA_TYPE:
        yield Difference(Kind.MEDIA_TYPE, "content-type", MEDIA_TYPE, found or "missing")
    elif found != MEDIA_TYPE:
        yield Difference(Kind.HEADER, "content-type", MEDIA_TYPE, found)


def _judge_times(headers: dict[str, str]) -> Iterator[Difference]:
    yield from (_missing(name) for name in _TIMES if name not in headers)
    wrong = [name for name in _FORMS if name in headers and not HEADERS[name][0].fullmatch(headers[name])]
    yield from (Difference(Kind.HEADER, name, _FORMS[name], headers[name]) for name in wrong)
    if set(wrong).isdisjoint(_TIMES) and headers.keys() >= set(_TIMES):
        cost, arrived, started = (int(headers[name]) for name in _TIMES)
        # Each is rounded by itself: published recordings are a millisecond apart now and then.
        if abs(started - arrived - cost) > 1:
            wanted = f"req-arrive-time + req-cost-time = {arrived + cost}"
            yield Difference(Kind.HEADER, "resp-start-time", wanted, str(started))


def _missing(name: str) -> Difference:
    return Difference(Kind.HEADER, name, "present", "missing")


_JUDGES = {
    Speaker.SERVICE: _judge_service,
    Speaker.POLICY: _judge_policy,
    Speaker.TASKS: _judge_tasks,
    Speaker.STORAGE: _judge_storage,
    Speaker.FILMS: _judge_films,
}

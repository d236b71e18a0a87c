"""Cases of a video task: reading its state, cancelling it, listing tasks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from emoji_mock.conformance.cases.case import VIDEO_PATH, Case, SetupRequest
from emoji_mock.conformance.cases.documents import (
    CANCELED,
    CANCELLED,
    LIST,
    LIST_ROW,
    PENDING,
    RUNNING,
    SUCCEEDED,
    UNKNOWN,
    failed_with,
)
from emoji_mock.conformance.cases.payloads import AUTHORIZATION, VIDEO_HEADERS, video_body
from emoji_mock.conformance.cases.placeholders import FIRST_TASK_ID, OTHER_KEY, SAMPLE_TASK, TASK_ID
from emoji_mock.contract.endpoint import API_PREFIX, MODEL, TASK_SECONDS, TASKS, VIDEO_MODEL, VIDEO_SECONDS
from emoji_mock.contract.rows import failed, gateway, service
from emoji_mock.contract.rows.table import known
from emoji_mock.fake.rules.magic_urls import url_for

if TYPE_CHECKING:
    from emoji_mock.conformance.cases.documents import Expectation, Shape
    from emoji_mock.contract.exchange import Headers
    from emoji_mock.contract.provenance import Provenance
    from emoji_mock.contract.row import Row

_DOCUMENTED = known("D", "video tasks")
_OBSERVED = known("DO", "tasks cnblogs")
_GUESS = known("I", "emoji-mock")
KEY_ONLY: Headers = (AUTHORIZATION,)
_OTHER: Headers = (("authorization", f"Bearer {OTHER_KEY}"),)
_ALL = API_PREFIX + TASKS
TASK_PATH = f"{_ALL}/{TASK_ID}"
_CANCEL, _UNKNOWN_PATH = f"{TASK_PATH}/cancel", f"{_ALL}/{SAMPLE_TASK}"
FINISHED = VIDEO_SECONDS[1] + 1
"""The seconds after which a task has certainly finished."""
_PICTURE = "https://example.com/me.png"


def create(image_url: str = _PICTURE, *, wait: float = 0.0, captures: str = TASK_ID) -> SetupRequest:
    """Return the request that creates a task, and captures its id."""
    return SetupRequest(
        path=VIDEO_PATH,
        headers=VIDEO_HEADERS,
        body=video_body(image_url=image_url),
        captures={captures: "output.task_id"},
        wait=wait,
    )


_FIRST = create(captures=FIRST_TASK_ID)
_CANCELLATION = SetupRequest(path=_CANCEL, headers=KEY_ONLY)


def _case(
    name: str,
    expected: tuple[Row | Shape, ...],
    provenance: Provenance,
    *setup: SetupRequest,
    method: str = "GET",
    path: str = TASK_PATH,
    headers: Headers = KEY_ONLY,
) -> Case:
    return Case(
        name=name,
        expected=expected,
        provenance=provenance,
        method=method,
        path=path,
        headers=headers,
        body=b"",
        live=not setup,
        setup=setup,
        model=VIDEO_MODEL,
    )


# The answer repeats the id of the request.
_UNKNOWN = replace(UNKNOWN, fields={**UNKNOWN.fields, "output": {"task_id": SAMPLE_TASK, "task_status": "UNKNOWN"}})

_STATES = (
    # The other allowed states come from a service that is faster, or busy with other callers.
    _case("task/pending", (PENDING, RUNNING, SUCCEEDED), _GUESS, _FIRST, create()),
    _case("task/running", (RUNNING, PENDING, SUCCEEDED), _OBSERVED, create()),
    _case("task/succeeded", (SUCCEEDED,), _DOCUMENTED, create(wait=FINISHED)),
    _case(
        "task/failed", (failed_with(failed.FACE_POSE),), _DOCUMENTED, create(url_for(failed.FACE_POSE), wait=FINISHED)
    ),
    _case("task/canceled", (CANCELED,), _GUESS, _FIRST, create(), _CANCELLATION),
    _case("task/unknown", (_UNKNOWN,), _OBSERVED, path=_UNKNOWN_PATH),
    _case("task/of-another-account", (UNKNOWN,), _OBSERVED, create(), headers=_OTHER),
    _case("task/after-a-day", (UNKNOWN,), _OBSERVED, create(wait=TASK_SECONDS)),
    _case("task/with-a-slash", (RUNNING, PENDING, SUCCEEDED), _GUESS, create(), path=f"{TASK_PATH}/"),
    _case("task/no-key", (gateway.NO_KEY,), gateway.NO_KEY.provenance, path=_UNKNOWN_PATH, headers=()),
    _case("task/post", (gateway.WRONG_METHOD,), _GUESS, path=_UNKNOWN_PATH, method="POST"),
)

_CANCELLATIONS = (
    _case("cancel/pending", (CANCELLED, service.NOT_PENDING), _OBSERVED, _FIRST, create(), method="POST", path=_CANCEL),
    _case("cancel/running", (service.NOT_PENDING, CANCELLED), _OBSERVED, create(), method="POST", path=_CANCEL),
    _case("cancel/succeeded", (service.NOT_PENDING,), _OBSERVED, create(wait=FINISHED), method="POST", path=_CANCEL),
    _case("cancel/twice", (service.NOT_PENDING,), _GUESS, _FIRST, create(), _CANCELLATION, method="POST", path=_CANCEL),
    _case(
        "cancel/of-another-account",
        (service.NOT_PENDING,),
        _GUESS,
        _FIRST,
        create(),
        method="POST",
        path=_CANCEL,
        headers=_OTHER,
    ),
    _case("cancel/unknown", (service.NOT_PENDING,), _GUESS, method="POST", path=f"{_UNKNOWN_PATH}/cancel"),
    _case("cancel/get", (gateway.WRONG_METHOD,), _GUESS, path=f"{_UNKNOWN_PATH}/cancel"),
)


def _list(name: str, query: str, *setup: SetupRequest, provenance: Provenance = _GUESS, **changes: Expectation) -> Case:
    page = replace(LIST, fields={**LIST.fields, **changes})
    return _case(f"list/{name}", (page,), provenance, *setup, path=f"{_ALL}?{query}" if query else _ALL)


_TWO = (_FIRST, create())
_PAGE = "page_no=1&page_size=10"
_LISTS = (
    _list("page", _PAGE, provenance=_OBSERVED),
    _list("without-a-query", ""),
    _list("of-two", _PAGE, *_TWO, provenance=_OBSERVED, total=2),
    _list("of-one-made", _PAGE, create(wait=FINISHED), provenance=_OBSERVED, total=1),
    _list("second-page", "page_no=2&page_size=1", *_TWO, total=2, total_page=2, page_no=2, page_size=1),
    _list("by-status", f"status=PENDING&{_PAGE}", *_TWO, data=[{**LIST_ROW, "status": "PENDING"}]),
    _list("by-model", f"model_name={VIDEO_MODEL}&{_PAGE}", *_TWO, total=2),
    _list("of-another-model", f"model_name={MODEL}&{_PAGE}", *_TWO, total=0),
    _list("of-another-day", f"start_time=20240301000000&end_time=20240301235959&{_PAGE}", *_TWO, total=0),
    _case("list/page-none", (service.PARAMETER_INVALID,), _GUESS, path=f"{_ALL}?page_no=0"),
    _case("list/time-none", (service.PARAMETER_INVALID,), _GUESS, path=f"{_ALL}?start_time=2024-03-01"),
    _case("list/no-key", (gateway.NO_KEY,), gateway.NO_KEY.provenance, path=_ALL, headers=()),
)

TASK_CASES: tuple[Case, ...] = (*_STATES, *_CANCELLATIONS, *_LISTS)
"""Reading, cancelling and listing tasks."""

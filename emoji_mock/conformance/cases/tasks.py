"""Cases of a task's life: told, cancelled, listed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from emoji_mock.conformance.cases.case import KEY, VIDEO, Case
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
from emoji_mock.conformance.cases.videos import VIDEO_HEADERS, video_body
from emoji_mock.conformance.recordings.volatile import SAMPLE_TASK
from emoji_mock.conformance.targets.sending import Step
from emoji_mock.contract.endpoint import API_PREFIX, MODEL, TASK_SECONDS, TASKS, VIDEO_MODEL, VIDEO_SECONDS
from emoji_mock.contract.rows import failed, gateway, service
from emoji_mock.contract.rows.table import known
from emoji_mock.fake.rules.magic_urls import url_for

if TYPE_CHECKING:
    from emoji_mock.conformance.judge.shape import Shape, Want
    from emoji_mock.contract.exchange import Headers
    from emoji_mock.contract.provenance import Provenance
    from emoji_mock.contract.row import Row

_DOCUMENTED = known("D", "video tasks")
_SEEN = known("DO", "tasks cnblogs")
_GUESS = known("I", "emoji-mock")
AUTHORIZED: Headers = (("authorization", f"Bearer {KEY}"),)
_OTHER: Headers = (("authorization", "Bearer <other key>"),)
_ALL = API_PREFIX + TASKS
ITS, _CANCEL = f"{_ALL}/<task id>", f"{_ALL}/<task id>/cancel"
_NOBODYS = SAMPLE_TASK
MADE = VIDEO_SECONDS[1] + 1
_PICTURE = "https://example.com/me.png"


def create(image_url: str = _PICTURE, *, wait: float = 0.0, learns: str = "<task id>") -> Step:
    """Return the request for a video, which leads to its task."""
    body = video_body(image_url=image_url)
    return Step(path=VIDEO, headers=VIDEO_HEADERS, body=body, learns={learns: "output.task_id"}, wait=wait)


_FIRST = create(learns="<first task id>")
_CANCELLED = Step(path=_CANCEL, headers=AUTHORIZED)


def _case(
    name: str,
    expected: tuple[Row | Shape, ...],
    provenance: Provenance,
    *before: Step,
    method: str = "GET",
    path: str = ITS,
    headers: Headers = AUTHORIZED,
) -> Case:
    return Case(
        name=name,
        expected=expected,
        provenance=provenance,
        method=method,
        path=path,
        headers=headers,
        body=b"",
        live=not before,
        before=before,
    )


# The id that is echoed is the one that was asked for.
_UNKNOWN = replace(UNKNOWN, keys={**UNKNOWN.keys, "output": {"task_id": _NOBODYS, "task_status": "UNKNOWN"}})

_TOLD = (
    # What else is allowed comes of a service that is quicker, or that others keep busy.
    _case("task/pending", (PENDING, RUNNING, SUCCEEDED), _GUESS, _FIRST, create()),
    _case("task/running", (RUNNING, PENDING, SUCCEEDED), _SEEN, create()),
    _case("task/succeeded", (SUCCEEDED,), _DOCUMENTED, create(wait=MADE)),
    _case("task/failed", (failed_with(failed.FACE_POSE),), _DOCUMENTED, create(url_for(failed.FACE_POSE), wait=MADE)),
    _case("task/canceled", (CANCELED,), _GUESS, _FIRST, create(), _CANCELLED),
    _case("task/unknown", (_UNKNOWN,), _SEEN, path=f"{_ALL}/{_NOBODYS}"),
    _case("task/of-another-account", (UNKNOWN,), _SEEN, create(), headers=_OTHER),
    _case("task/after-a-day", (UNKNOWN,), _SEEN, create(wait=TASK_SECONDS)),
    _case("task/with-a-slash", (RUNNING, PENDING, SUCCEEDED), _GUESS, create(), path=f"{ITS}/"),
    _case("task/no-key", (gateway.NO_KEY,), gateway.NO_KEY.provenance, path=f"{_ALL}/{_NOBODYS}", headers=()),
    _case("task/post", (gateway.WRONG_METHOD,), _GUESS, path=f"{_ALL}/{_NOBODYS}", method="POST"),
)

_STOPPED = (
    _case("cancel/pending", (CANCELLED, service.NOT_PENDING), _SEEN, _FIRST, create(), method="POST", path=_CANCEL),
    _case("cancel/running", (service.NOT_PENDING, CANCELLED), _SEEN, create(), method="POST", path=_CANCEL),
    _case("cancel/succeeded", (service.NOT_PENDING,), _SEEN, create(wait=MADE), method="POST", path=_CANCEL),
    _case("cancel/twice", (service.NOT_PENDING,), _GUESS, _FIRST, create(), _CANCELLED, method="POST", path=_CANCEL),
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
    _case("cancel/unknown", (service.NOT_PENDING,), _GUESS, method="POST", path=f"{_ALL}/{_NOBODYS}/cancel"),
    _case("cancel/get", (gateway.WRONG_METHOD,), _GUESS, path=f"{_ALL}/{_NOBODYS}/cancel"),
)


def _list(name: str, query: str, *before: Step, provenance: Provenance = _GUESS, **changes: Want) -> Case:
    page = replace(LIST, keys={**LIST.keys, **changes})
    return _case(f"list/{name}", (page,), provenance, *before, path=f"{_ALL}?{query}" if query else _ALL)


_TWO = (_FIRST, create())
_PAGE = "page_no=1&page_size=10"
_LISTED = (
    _list("page", _PAGE, provenance=_SEEN),
    _list("without-a-query", ""),
    _list("of-two", _PAGE, *_TWO, provenance=_SEEN, total=2),
    _list("of-one-made", _PAGE, create(wait=MADE), provenance=_SEEN, total=1),
    _list("second-page", "page_no=2&page_size=1", *_TWO, total=2, total_page=2, page_no=2, page_size=1),
    _list("by-status", f"status=PENDING&{_PAGE}", *_TWO, data=[{**LIST_ROW, "status": "PENDING"}]),
    _list("by-model", f"model_name={VIDEO_MODEL}&{_PAGE}", *_TWO, total=2),
    _list("of-another-model", f"model_name={MODEL}&{_PAGE}", *_TWO, total=0),
    _list("of-another-day", f"start_time=20240301000000&end_time=20240301235959&{_PAGE}", *_TWO, total=0),
    _case("list/page-none", (service.PARAMETER_INVALID,), _GUESS, path=f"{_ALL}?page_no=0"),
    _case("list/time-none", (service.PARAMETER_INVALID,), _GUESS, path=f"{_ALL}?start_time=2024-03-01"),
    _case("list/no-key", (gateway.NO_KEY,), gateway.NO_KEY.provenance, path=_ALL, headers=()),
)

TASK_CASES: tuple[Case, ...] = (*_TOLD, *_STOPPED, *_LISTED)
"""What asking after, cancelling and listing tasks is answered with."""

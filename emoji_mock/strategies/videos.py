"""Valid requests for a video, invalid ones with the promised answer, and the documents of tasks."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
from hypothesis import strategies as st

from emoji_mock.conformance.cases.payloads import VIDEO_HEADERS
from emoji_mock.conformance.cases.placeholders import Bindings
from emoji_mock.conformance.cases.videos.creation import VIDEO_CASES
from emoji_mock.conformance.cases.videos.siblings import SIBLING_CASES, VALUES
from emoji_mock.contract.catalogue import TASK_FAILURES
from emoji_mock.contract.documents.motions import DRIVEN_IDS, FRAMING, Status
from emoji_mock.contract.endpoint import VIDEO_MODEL, VIDEO_SECONDS
from emoji_mock.contract.exchange import Request
from emoji_mock.contract.geometry import Size
from emoji_mock.contract.model import Result, TaskModel
from emoji_mock.contract.models import find_task_model
from emoji_mock.fake.rules.magic_urls import HOST
from emoji_mock.strategies.boxes import boxes
from emoji_mock.strategies.requests import Mistake, expected_error, promised_answer
from emoji_mock.strategies.spelling import respelled
from emoji_mock.strategies.values import image_urls, keys, request_ids

_FIRST = datetime(2024, 3, 1, 17, 38, 24, 817000)  # noqa: DTZ001 - UTC+8, written without a zone as the vendor does
_MISTAKES = tuple(
    case
    for case in (*VIDEO_CASES, *SIBLING_CASES)
    if expected_error(case) and f"//{HOST}/error/".encode() not in case.body
)
_STATES = tuple(state for state in Status if state not in FRAMING)
_STARTED, _ENDED = (
    (*FRAMING, Status.RUNNING, Status.SUCCEEDED, Status.FAILED),
    (Status.SUCCEEDED, Status.FAILED, Status.CANCELED),
)


def driven_ids() -> st.SearchStrategy[str]:
    """Draw the `driven_id` of any motion."""
    return st.sampled_from(DRIVEN_IDS)


@st.composite
def valid_video_requests(
    draw: st.DrawFn,
    image_urls: st.SearchStrategy[str] = image_urls().filter(lambda url: not url.startswith("data:")),  # noqa: B008 - a strategy is a value
    keys: st.SearchStrategy[str] = keys(),  # noqa: B008
    *,
    model: str = VIDEO_MODEL,
    absolute_form: bool = True,
) -> Request:
    """Draw valid requests for a task of `model` in every valid spelling; the boxes fit into some picture.

    A template of animate-anyone's is drawn as its id alone: a server may ask for one that the account has made.
    """
    pair, maker = draw(boxes()), find_task_model(model)
    values = {
        **VALUES,
        "image_url": draw(image_urls),
        "driven_id": draw(driven_ids()),
        "face_bbox": pair.bbox_face,
        "ext_bbox": pair.ext_bbox_face,
    }
    given = {name: values[name] for name in maker.fields}
    headers = (("authorization", f"Bearer {draw(keys)}"), *VIDEO_HEADERS[1:])
    body = msgspec.json.encode({"model": model, "input": given})
    return draw(respelled(Request("POST", maker.route.full_path, headers, body), absolute_form=absolute_form))


@st.composite
def invalid_video_requests(
    draw: st.DrawFn, *, model: str = VIDEO_MODEL, inferred: bool = True, absolute_form: bool = True
) -> Mistake:
    """Draw invalid requests for a task of `model`, each with its answer.

    `inferred` allows those whose answer is only inferred.
    """
    of_model = [case for case in _MISTAKES if case.model == find_task_model(model).name]
    case = draw(st.sampled_from([case for case in of_model if inferred or not case.inferred]))
    bindings = Bindings(key=draw(keys()), bad_key="sk-mock-invalid", picture="")
    return Mistake(
        draw(respelled(case.request(bindings), absolute_form=absolute_form)), promised_answer(case, bindings)
    )


@st.composite
def task_documents(draw: st.DrawFn, status: str | None = None, *, model: str = VIDEO_MODEL) -> dict[str, Any]:
    """Draw documents of a task of `model` in the state `status`, or in any state, in the vendor's key order."""
    maker = find_task_model(model)
    state = Status(status) if status else draw(st.sampled_from((*_STATES, *(FRAMING if maker.framed else ()))))
    output: dict[str, Any] = {"task_id": str(draw(st.uuids(version=4))), "task_status": str(state)}
    document: dict[str, Any] = {"request_id": draw(request_ids()), "output": output}
    moment = _FIRST + timedelta(milliseconds=draw(st.integers(0, 10**11)))
    if state is not Status.UNKNOWN:
        output["submit_time"] = _vendor_time(moment)
    moment += timedelta(milliseconds=draw(st.integers(0, 60_000)))
    if state in _STARTED:
        output["scheduled_time"] = _vendor_time(moment)
    if state in _ENDED:
        output["end_time"] = _vendor_time(moment + timedelta(seconds=draw(st.integers(*VIDEO_SECONDS))))
    if state is Status.SUCCEEDED:
        _add_result(draw, document, output, maker)
    if state is Status.FAILED:
        row = maker.task_failure(draw(st.sampled_from(TASK_FAILURES)))
        output |= {"code": str(row.code), "message": row.text()}
    return document


def _add_result(draw: st.DrawFn, document: dict[str, Any], output: dict[str, Any], maker: TaskModel) -> None:
    """Add result and usage, each where and as the model has it."""
    container, _, name = maker.result.rpartition(".")
    task_id = output["task_id"]
    result = {name: f"AACT.{task_id}" if name == "template_id" else f"https://{HOST}/videos/{task_id}.mp4"}
    output |= {container: result} if container else result
    seconds = draw(st.integers(1, 5)) if maker.name == VIDEO_MODEL else draw(st.integers(200, 999)) / 100
    tier = draw(st.sampled_from(list(maker.prices)))
    document["usage"] = msgspec.to_builtins(maker.usage(Result(seconds, tier, Size(512, 512))))
    if maker.request_id_last:
        document["request_id"] = document.pop("request_id")


@st.composite
def task_lists(draw: st.DrawFn) -> dict[str, Any]:
    """Draw pages of the task list, newest task first, in the vendor's key order."""
    size, pages = draw(st.integers(1, 100)), draw(st.integers(0, 3))
    number = draw(st.integers(1, max(1, pages)))
    rows = draw(st.lists(_rows(), min_size=min(1, pages), max_size=min(size, 5)))
    if number < pages:
        size = len(rows)
    total = (pages - 1) * size + (len(rows) if number == pages else draw(st.integers(1, size))) if pages else 0
    return {
        "total": total,
        "data": sorted(rows, key=lambda row: -row["gmt_create"]) if pages else [],
        "total_page": pages,
        "page_no": number,
        "request_id": draw(request_ids()),
        "page_size": size,
    }


@st.composite
def _rows(draw: st.DrawFn) -> dict[str, Any]:
    state = draw(st.sampled_from([state for state in _STATES if state is not Status.UNKNOWN]))
    created = 1_709_285_904_817 + draw(st.integers(0, 10**11))
    started, seconds = created + draw(st.integers(0, 60_000)), draw(st.integers(*VIDEO_SECONDS))
    row: dict[str, Any] = {
        "api_key_id": draw(st.from_regex(r"[0-9]{1,12}", fullmatch=True)),
        "caller_parent_id": "1000000000000000",
        "caller_uid": "1000000000000000",
        "end_time": started + 1000 * seconds if state in _ENDED else None,
        "gmt_create": created,
        "model_name": VIDEO_MODEL,
        "region": "cn-beijing",
        "request_id": draw(request_ids()),
        "start_time": started if state in _STARTED else None,
        "status": str(state),
        "task_id": str(draw(st.uuids(version=4))),
        "user_api_unique_key": f"apikey:v1:aigc:image2video:video-synthesis:{VIDEO_MODEL}",
    }
    return {name: value for name, value in row.items() if value is not None}


def _vendor_time(moment: datetime) -> str:
    return moment.isoformat(" ", "milliseconds")

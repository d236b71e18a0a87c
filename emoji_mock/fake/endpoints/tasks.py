"""Tasks: how one stands, calling one off, and the list of them."""

from __future__ import annotations

from datetime import datetime
from math import inf
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from msgspec import UNSET

from emoji_mock.contract.detection import fate
from emoji_mock.contract.endpoint import EndpointName
from emoji_mock.contract.models.video import TaskCancelled, TaskList, TaskListed, TaskOutput, TaskTold, VideoUsage
from emoji_mock.contract.motions import Status
from emoji_mock.contract.rows import service
from emoji_mock.fake import responses
from emoji_mock.fake.checks import body as request
from emoji_mock.fake.checks import limits as account
from emoji_mock.fake.context import CHINA, RequestContext
from emoji_mock.fake.endpoints import video_file
from emoji_mock.fake.endpoints.endpoint import Endpoint
from emoji_mock.fake.refusal import Refused, said_of

if TYPE_CHECKING:
    from emoji_mock.fake.store.values import VideoTask

_PARAMETERS = 100
_LARGEST_PAGE = 100
_LARGEST_NUMBER = 9  # digits


def _id(call: RequestContext) -> str:
    return call.path.split("/")[2]


def known(call: RequestContext) -> None:
    """Know the task, if it is one of the account's and not too old."""
    task = call.store.task(_id(call))
    if task is not None and task.namespace == call.caller.namespace and task.status(call.at) is not Status.UNKNOWN:
        call.task, call.model = task, task.model


def _told(call: RequestContext, request_id: str) -> bytes:
    task = call.task
    if task is None:
        return responses.encode(TaskTold(request_id, TaskOutput(_id(call), Status.UNKNOWN)))
    status = task.status(call.at)
    usage = VideoUsage(task.video_seconds) if status is Status.SUCCEEDED else UNSET
    return responses.encode(TaskTold(request_id, _output(call, task, status), usage))


def _output(call: RequestContext, task: VideoTask, status: Status) -> TaskOutput:
    output: dict[str, Any] = {"submit_time": _time(task.created)}
    if status not in (Status.PENDING, Status.CANCELED):
        output["scheduled_time"] = _time(task.begins)
    if status not in (Status.PENDING, Status.RUNNING):
        output["end_time"] = _time(task.ends)
    if status is Status.SUCCEEDED:
        output["video_url"] = video_file.link(call, task)
    if status is Status.FAILED:
        row = fate(task.failure)
        output |= {"code": row.code, "message": row.text(**said_of(task.image_url))}
    return TaskOutput(task.id, status, **output)


def _time(seconds: float) -> str:
    whole, rest = divmod(responses.milliseconds(seconds), 1000)
    return f"{datetime.fromtimestamp(whole, CHINA):%Y-%m-%d %H:%M:%S}.{rest:03}"


def _cancelled(call: RequestContext, request_id: str) -> bytes:
    if not call.lost and not call.store.cancel_task(_id(call), call.caller.namespace, call.at):
        raise Refused(service.NOT_PENDING)
    return responses.encode(TaskCancelled(request_id))


def _listed(call: RequestContext, request_id: str) -> bytes:
    query = _query(call)
    number, size = _count(query, "page_no", 1), _count(query, "page_size", 10, _LARGEST_PAGE)
    span = _moment(query, "start_time", -inf), _moment(query, "end_time", inf)
    fitting = [task for task in reversed(call.store.tasks(call.caller.namespace)) if _fits(task, query, span, call.at)]
    shown = fitting[(number - 1) * size : number * size]
    pages = -(-len(fitting) // size)
    return responses.encode(
        TaskList(len(fitting), [_row(task, call.at) for task in shown], pages, number, request_id, size)
    )


def _query(call: RequestContext) -> dict[str, str]:
    try:
        query = parse_qsl(call.request.target.partition("?")[2], keep_blank_values=True, max_num_fields=_PARAMETERS)
    except ValueError:
        raise Refused(service.PARAMETER_INVALID) from None
    return dict(query)


def _count(query: dict[str, str], name: str, default: int, largest: int = 10**_LARGEST_NUMBER) -> int:
    given = query.get(name, str(default))
    if not (given.isascii() and given.isdecimal() and len(given) <= _LARGEST_NUMBER and 1 <= int(given) <= largest):
        raise Refused(service.PARAMETER_INVALID)
    return int(given)


def _fits(task: VideoTask, query: dict[str, str], span: tuple[float, float], now: float) -> bool:
    status = task.status(now)
    return (
        status is not Status.UNKNOWN
        and query.get("status", status) == status
        and query.get("model_name", task.model) == task.model
        and span[0] <= task.created < span[1] + 1  # the last second counts, whole
    )


def _moment(query: dict[str, str], name: str, default: float) -> float:
    if name not in query:
        return default
    try:
        moment = datetime.strptime(query[name], "%Y%m%d%H%M%S").replace(tzinfo=CHINA)
    except ValueError:
        raise Refused(service.PARAMETER_INVALID) from None
    if f"{moment:%Y%m%d%H%M%S}" != query[name]:  # strptime takes single digits, too
        raise Refused(service.PARAMETER_INVALID)
    return moment.timestamp()


def _row(task: VideoTask, now: float) -> TaskListed:
    status = task.status(now)
    begun = status not in (Status.PENDING, Status.CANCELED)
    over = status not in (Status.PENDING, Status.RUNNING)
    return TaskListed(
        api_key_id=task.key.removeprefix("key:"),
        caller_parent_id="1000000000000000",
        caller_uid="1000000000000000",
        end_time=responses.milliseconds(task.ends) if over else UNSET,
        gmt_create=responses.milliseconds(task.created),
        model_name=task.model,
        region="cn-beijing",
        request_id=task.request_id,
        start_time=responses.milliseconds(task.begins) if begun else UNSET,
        status=status,
        task_id=task.id,
        user_api_unique_key=f"apikey:v1:aigc:image2video:video-synthesis:{task.model}",
    )


GET_TASK = Endpoint(
    name=EndpointName.TASK,
    checks=(request.authenticate, request.fetched, account.paced("query"), known, request.rule),
    body=_told,
    headers=responses.task_headers,
)
CANCEL_TASK = Endpoint(
    name=EndpointName.CANCEL_TASK,
    checks=(request.authenticate, request.posted, account.paced("cancel"), request.rule),
    body=_cancelled,
    headers=responses.task_headers,
)
LIST_TASKS = Endpoint(
    name=EndpointName.TASKS,
    checks=(request.authenticate, request.fetched, account.paced("list"), request.rule),
    body=_listed,
    headers=responses.task_headers,
)

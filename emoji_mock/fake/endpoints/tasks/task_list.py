"""The list of an account's tasks."""

from __future__ import annotations

from datetime import datetime
from math import inf
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from msgspec import UNSET

from emoji_mock.contract import routes
from emoji_mock.contract.documents.motions import Status
from emoji_mock.contract.documents.video import TaskList, TaskListed
from emoji_mock.contract.endpoint import TASKS
from emoji_mock.contract.model import CHINA
from emoji_mock.contract.models import MODELS
from emoji_mock.contract.rows import service
from emoji_mock.fake import responses
from emoji_mock.fake.checks import account, image, request
from emoji_mock.fake.checks.refusal import Refused
from emoji_mock.fake.context import Decision, RequestContext
from emoji_mock.fake.endpoints.documentation import Documentation, ExampleCaller, Parameter
from emoji_mock.fake.endpoints.endpoint import Endpoint
from emoji_mock.fake.endpoints.tasks.task import ERROR_STATUSES, example_states

if TYPE_CHECKING:
    from emoji_mock.fake.store.values import VideoTask

_PARAMETERS = 100
_LARGEST_PAGE = 100
_LARGEST_NUMBER = 9  # digits


def _list(context: RequestContext, decision: Decision, request_id: str) -> bytes:
    query, now = _query(context), context.at
    number, size = _count(query, "page_no", 1), _count(query, "page_size", 10, _LARGEST_PAGE)
    span = _moment(query, "start_time", -inf), _moment(query, "end_time", inf)
    fitting = [
        task for task in reversed(context.store.tasks(decision.caller.namespace)) if _fits(task, query, span, now)
    ]
    shown = fitting[(number - 1) * size : number * size]
    pages = -(-len(fitting) // size)
    return responses.encode(
        TaskList(len(fitting), [_row(task, now) for task in shown], pages, number, request_id, size)
    )


def _query(context: RequestContext) -> dict[str, str]:
    try:
        return dict(parse_qsl(context.head.query, keep_blank_values=True, max_num_fields=_PARAMETERS))
    except ValueError:
        raise Refused(service.PARAMETER_INVALID) from None


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
    function = MODELS[task.model].route.path.rpartition("/")[2]
    return TaskListed(
        api_key_id=task.key.removeprefix("key:"),
        caller_parent_id="1000000000000000",
        caller_uid="1000000000000000",
        end_time=responses.milliseconds(task.ends) if status.is_over else UNSET,
        gmt_create=responses.milliseconds(task.created),
        model_name=task.model,
        region="cn-beijing",
        request_id=task.request_id,
        start_time=responses.milliseconds(task.begins) if begun else UNSET,
        status=status,
        task_id=task.id,
        user_api_unique_key=f"apikey:v1:aigc:image2video:{function}:{task.model}",
    )


def _optional(name: str, **schema: Any) -> Parameter:  # noqa: ANN401 - any JSON
    return Parameter(name=name, where="query", required=False, schema=schema)


def _example_page(caller: ExampleCaller) -> dict[str, Any]:
    example_states(caller)
    return {"a page": caller.get(TASKS)}


LIST_TASKS = Endpoint(
    route=routes.TASKS,
    decision=Decision,
    checks=(request.authenticate, request.require_get, account.limit_task_rate("list"), image.apply_rule),
    body=_list,
    headers=responses.task_headers,
    documentation=Documentation(
        summary="List the tasks of the account",
        description="List the tasks of the last 24 hours; times are `YYYYMMDDhhmmss` in China.",
        parameters=(
            _optional("page_no", type="integer", minimum=1, maximum=10**8),
            _optional("page_size", type="integer", minimum=1, maximum=_LARGEST_PAGE),
            _optional("start_time", type="string", format="YYYYMMDDhhmmss", examples=["20261122000000"]),
            _optional("end_time", type="string", format="YYYYMMDDhhmmss", examples=["20261123000000"]),
            _optional("model_name", type="string"),
            _optional("status", type="string", examples=list(Status)),  # any other finds nothing
        ),
        response=TaskList,
        success={200: "A page of tasks, the newest first."},
        examples=_example_page,
        statuses=ERROR_STATUSES,
    ),
)

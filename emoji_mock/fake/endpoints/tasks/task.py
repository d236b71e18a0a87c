"""One task: get its state, and cancel it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from msgspec import structs

from emoji_mock.contract import routes
from emoji_mock.contract.catalogue import find
from emoji_mock.contract.documents.motions import Status
from emoji_mock.contract.documents.video import FinishedTask, TaskCancelled, TaskOutput, TaskResults, TaskState
from emoji_mock.contract.endpoint import TASKS, VIDEO_SECONDS, VIDEO_SYNTHESIS
from emoji_mock.contract.model import CHINA, Result
from emoji_mock.contract.rows import failed, service
from emoji_mock.fake import responses
from emoji_mock.fake.checks import account, image, request
from emoji_mock.fake.checks.refusal import Refused, message_values
from emoji_mock.fake.context import Decision, RequestContext
from emoji_mock.fake.endpoints.documentation import Documentation, ExampleCaller, Parameter
from emoji_mock.fake.endpoints.endpoint import Endpoint
from emoji_mock.fake.endpoints.tasks import video_file
from emoji_mock.fake.endpoints.videos.decision import charge_of, limit_values, model_of
from emoji_mock.fake.endpoints.videos.emoji import example_request
from emoji_mock.fake.rules import magic_urls

if TYPE_CHECKING:
    from emoji_mock.contract.model import TaskModel
    from emoji_mock.fake.store.values import VideoTask


class TaskDecision(Decision):
    """What is decided about a call for one task."""

    task: VideoTask | None = None
    """The task asked for, if it is the caller's."""


def _id(context: RequestContext) -> str:
    return context.head.path.split("/")[2]


def load_task(context: RequestContext, decision: TaskDecision) -> None:
    """Find the task, if it is one of the account's and not too old."""
    task = context.store.task(_id(context))
    if task is None or task.namespace != decision.caller.namespace:
        return
    if task.status(context.at) is not Status.UNKNOWN:
        decision.task, decision.model = task, task.model


def _state(context: RequestContext, decision: TaskDecision, request_id: str) -> bytes:
    task = decision.task
    if task is None:
        return responses.encode(TaskState(request_id, TaskOutput(_id(context), Status.UNKNOWN)))
    model, status = model_of(task.model), task.status(context.at)
    output = _output(task, status)
    if status is not Status.SUCCEEDED:
        return responses.encode(TaskState(request_id, output))
    output, usage = _with_result(context, task, model, output), model.usage(Result(task.seconds, task.tier, task.size))
    state = FinishedTask(output, usage, request_id) if model.request_id_last else TaskState(request_id, output, usage)
    return responses.encode(state)


def _with_result(context: RequestContext, task: VideoTask, model: TaskModel, output: TaskOutput) -> TaskOutput:
    if model.result == "template_id":
        return structs.replace(output, template_id=task.template_id)
    url = video_file.link(context, task)
    if model.result == "results.video_url":
        return structs.replace(output, results=TaskResults(url))
    return structs.replace(output, video_url=url)


def _output(task: VideoTask, status: Status) -> TaskOutput:
    output: dict[str, Any] = {"submit_time": _time(task.created)}
    if status not in (Status.PENDING, Status.CANCELED):
        output["scheduled_time"] = _time(task.begins)
    if status.is_over:
        output["end_time"] = _time(task.ends)
    if status is Status.FAILED:
        row = find(task.failure)
        values = limit_values(model_of(task.model)) | message_values(task.image_url)
        output |= {"code": row.code, "message": row.text(**values)}
    return TaskOutput(task.id, status, **output)


def _time(seconds: float) -> str:
    whole, rest = divmod(responses.milliseconds(seconds), 1000)
    return f"{datetime.fromtimestamp(whole, CHINA):%Y-%m-%d %H:%M:%S}.{rest:03}"


def _cancel(context: RequestContext, decision: Decision, request_id: str) -> bytes:
    task = context.store.task(_id(context))
    if not decision.lost and not context.store.cancel_task(_id(context), decision.caller.namespace, context.at):
        raise Refused(service.NOT_PENDING)
    if task is not None and task.namespace == decision.caller.namespace:
        decision.model, decision.charge = task.model, charge_of(task, cancelled=True)
    return responses.encode(TaskCancelled(request_id))


_TASK_ID = Parameter(name="task_id", where="path", schema={"type": "string"})
ERROR_STATUSES = (400, 401, 403, 429)
"""The statuses of errors about tasks."""


def _new_task(caller: ExampleCaller, image_url: str = f"https://{magic_urls.HOST}/passed/640x800.png") -> str:
    created: str = caller.post(VIDEO_SYNTHESIS, example_request(image_url))["output"]["task_id"]
    return created


def example_states(caller: ExampleCaller) -> dict[str, Any]:
    """Return a task of emoji-v1 in each state."""
    runs, fails, waits = _new_task(caller), _new_task(caller, magic_urls.url_for(failed.FACE_POSE)), _new_task(caller)
    caller.advance(1)
    states = {Status.PENDING: caller.get(f"{TASKS}/{waits}"), Status.RUNNING: caller.get(f"{TASKS}/{runs}")}
    caller.post(f"{TASKS}/{waits}/cancel")
    caller.advance(2 * VIDEO_SECONDS[1])
    over = {Status.SUCCEEDED: runs, Status.FAILED: fails, Status.CANCELED: waits, Status.UNKNOWN: "unknown"}
    states |= {status: caller.get(f"{TASKS}/{task_id}") for status, task_id in over.items()}
    return {str(status): state for status, state in states.items()}


def _examples(caller: ExampleCaller) -> dict[str, Any]:
    others = caller.create_tasks()
    caller.advance(2 * VIDEO_SECONDS[1])
    made = {f"{model}: {Status.SUCCEEDED}": caller.get(f"{TASKS}/{task_id}") for model, task_id in others.items()}
    return example_states(caller) | made


def _example_cancellation(caller: ExampleCaller) -> dict[str, Any]:
    _new_task(caller)  # which runs, so that the next one waits
    return {"cancelled": caller.post(f"{TASKS}/{_new_task(caller)}/cancel")}


GET_TASK = Endpoint(
    route=routes.TASK,
    decision=TaskDecision,
    checks=(request.authenticate, request.require_get, account.limit_task_rate("query"), load_task, image.apply_rule),
    body=_state,
    headers=responses.task_headers,
    documentation=Documentation(
        summary="Get the state of a task",
        description="One task of an account and model runs at a time; asking about every 15 s is enough.",
        parameters=(_TASK_ID,),
        response=TaskState | FinishedTask,
        success={200: "The state; UNKNOWN if the task is another account's, or older than 24 hours."},
        examples=_examples,
        statuses=ERROR_STATUSES,
    ),
)
CANCEL_TASK = Endpoint(
    route=routes.CANCEL_TASK,
    decision=Decision,
    checks=(request.authenticate, request.require_post, account.limit_task_rate("cancel"), image.apply_rule),
    body=_cancel,
    headers=responses.task_headers,
    provokes={service.NOT_PENDING: "cancel a task that runs already"},
    documentation=Documentation(
        summary="Cancel a task that waits",
        description="Cancel a task, as long as it is PENDING.",
        parameters=(_TASK_ID,),
        response=TaskCancelled,
        success={200: "The task will not run."},
        examples=_example_cancellation,
        statuses=ERROR_STATUSES,
    ),
)

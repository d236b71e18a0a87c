"""The plan of a video: create a task, poll it until it ends, download its file. Pure; the adapters do the I/O."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from emoji_mock.client.base_url import is_loopback
from emoji_mock.client.errors import NoVideoError, RequestError, UnreadableAnswerError
from emoji_mock.client.parse.tasks import (
    TASK_ID,
    check_cancelled,
    parse_created,
    parse_task,
    parse_video,
    raise_without_video,
)
from emoji_mock.client.plan.detection import plan_url
from emoji_mock.client.plan.steps import USER_AGENT, Pause, RequestStep, json_headers
from emoji_mock.client.tasks import Task, Video
from emoji_mock.contract.documents.motions import Status
from emoji_mock.contract.endpoint import ASYNC_HEADER, MEDIA_TYPE, TASKS
from emoji_mock.contract.exchange import Request

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from emoji_mock.client.plan.orders import TaskOrder
    from emoji_mock.client.plan.steps import Flow

_MEGABYTE = 1024 * 1024
_VIDEO_MEGABYTES = (64, 256)
"""The most that a video may have: at least, and at most; in between a megabyte for each of its seconds."""

_STORAGE_DOMAIN = ".aliyuncs.com"
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 15.0
"""Seconds between two polls of a task. They double, up to the interval that the vendor recommends."""


def require_task_id(task: Task | str) -> str:
    """Return the id of a task, safe in a path. Raises RequestError."""
    task_id = task.id if isinstance(task, Task) else str(task)
    if not TASK_ID.fullmatch(task_id):
        raise RequestError(f"the task id must be like 33da8e6b-1309-4a44-be83-352165959608, not {task_id[:100]!r}")
    return task_id


def plan_creation(base_url: str, order: TaskOrder) -> Flow[Task]:
    """Create a task. Its files are uploaded first, for its model, because an upload is valid for one model."""
    urls: dict[str, str] = {}
    for field, file in order.files.items():
        urls[field] = yield from plan_url(base_url, file, order.model.name)
    task: Task = yield creation_step(base_url, order, urls)
    return task


def plan_waiting(base_url: str, task_id: str, progress: Callable[[Task], None] | None) -> Flow[Video]:
    """Poll a task until it ends, and call `progress` with each state. Raises NoVideoError if it has no video."""
    task = yield from _plan_end(base_url, task_id, progress)
    if task.video is None:
        hint = "Pass it to `animate` as template_id; `wait_for_template` returns it."
        raise NoVideoError(f"task {task_id} made the template {task.template_id}, and no video", task, hint=hint)
    return task.video


def plan_waiting_for_template(base_url: str, task_id: str, progress: Callable[[Task], None] | None) -> Flow[str]:
    """Poll a task as `plan_waiting` does, and return the template that it made. Raises NoVideoError or RequestError."""
    task = yield from _plan_end(base_url, task_id, progress)
    if not task.template_id:
        raise RequestError(f"task {task_id} made a video, and no template; use `wait`", status=200)
    return task.template_id


def _plan_end(base_url: str, task_id: str, progress: Callable[[Task], None] | None) -> Flow[Task]:
    """Poll a task until it succeeds. Raises NoVideoError if it ends in another way."""
    pause = _FIRST_PAUSE
    while True:
        task: Task = yield status_step(base_url, task_id)
        if progress is not None:
            progress(task)
        if task.status is Status.SUCCEEDED:
            return task
        if task.is_over:
            raise_without_video(task)
        yield Pause(pause, f"Task {task_id} is still running: wait for it again.")
        pause = min(2 * pause, _LONGEST_PAUSE)


def creation_step(base_url: str, order: TaskOrder, urls: Mapping[str, str]) -> RequestStep[Task]:
    """Return the step that creates a task of the files at `urls`."""
    model, given = order.model, {**urls, **order.values}
    inputs = {field: given[field] for field in (*model.fields, *model.optional) if field in given}
    document: dict[str, object] = {"model": model.name, "input": inputs}
    if order.parameters:
        document["parameters"] = order.parameters
    headers = (*json_headers(*urls.values()), (ASYNC_HEADER, "enable"))
    request = Request("POST", base_url + model.route.path, headers, msgspec.json.encode(document))
    return RequestStep(request, partial(parse_created, model.name), billable=True)


# https://help.aliyun.com/zh/model-studio/manage-asynchronous-tasks
def status_step(base_url: str, task_id: str) -> RequestStep[Task]:
    """Return the step that asks for the state of a task."""
    request = Request("GET", f"{base_url}{TASKS}/{task_id}", (("accept", MEDIA_TYPE), USER_AGENT))
    return RequestStep(request, partial(parse_task, task_id))


def cancel_step(base_url: str, task_id: str) -> RequestStep[None]:
    """Return the step that cancels a pending task."""
    headers = (("accept", MEDIA_TYPE), USER_AGENT)
    return RequestStep(Request("POST", f"{base_url}{TASKS}/{task_id}/cancel", headers), check_cancelled)


def download_step(base_url: str, video: object) -> RequestStep[bytes]:
    """Return the step that downloads a video from the vendor's storage or a fake, without the API key."""
    if not isinstance(video, Video):
        raise RequestError(f"download: must be given the Video that `wait` returned, not {type(video).__name__}")
    request = Request("GET", _require_trusted(base_url, video.url), (USER_AGENT,))
    least, most = _VIDEO_MEGABYTES
    longest = int(min(max(least, video.seconds), most)) * _MEGABYTE
    return RequestStep(request, parse_video, with_key=False, max_bytes=longest)


def _require_trusted(base_url: str, url: str) -> str:
    home = urlsplit(base_url)
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        parts, host = urlsplit(""), ""
    if parts[:2] == home[:2]:
        return url
    if parts.scheme in {"http", "https"} and host.endswith(_STORAGE_DOMAIN) and not is_loopback(base_url):
        return f"https://{host}{parts.path}?{parts.query}"  # OSS serves both, and a signed link is a secret
    raise UnreadableAnswerError(
        f"the video is at {host or 'no valid address'}, which is neither {home.netloc} nor the vendor's storage",
        hint="It is not downloaded.",
    )

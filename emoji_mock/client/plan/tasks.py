"""The plan of a video: create a task, poll it until it ends, download its file. Pure; the adapters do the I/O."""

from __future__ import annotations

from difflib import get_close_matches
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from emoji_mock.client.base_url import is_loopback
from emoji_mock.client.errors import DetectionFailedError, RequestError, UnreadableAnswerError
from emoji_mock.client.parse.tasks import (
    TASK_ID,
    check_cancelled,
    parse_created,
    parse_task,
    parse_video,
    raise_without_video,
)
from emoji_mock.client.plan.detection import plan_image_url
from emoji_mock.client.plan.steps import USER_AGENT, Pause, RequestStep, image_headers
from emoji_mock.client.results import Failed, Passed
from emoji_mock.client.tasks import Task, Video
from emoji_mock.contract.documents.video import VideoInput, VideoRequest
from emoji_mock.contract.endpoint import ASYNC_HEADER, MEDIA_TYPE, TASKS, VIDEO_MODEL, VIDEO_SYNTHESIS
from emoji_mock.contract.exchange import Request
from emoji_mock.contract.motions import DRIVEN_IDS, DrivenId

if TYPE_CHECKING:
    from collections.abc import Callable

    from emoji_mock.client.image_ref import ImageFile
    from emoji_mock.client.plan.steps import Flow

MAX_VIDEO_BYTES = 64 * 1024 * 1024
"""Maximum size of a video; the vendor's have 512 x 512 pixels and at most five seconds."""

_STORAGE_DOMAIN = ".aliyuncs.com"
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 15.0
"""Seconds between two polls of a task. They double, up to the interval that the vendor recommends."""


def require_animatable(passed: object, driven_id: str) -> DrivenId:
    """Return the motion if a video can be made of `passed`. Raises DetectionFailedError or RequestError."""
    if isinstance(passed, Failed):
        hint = "A failed detection has no boxes, so no video can be made: use another picture."
        raise DetectionFailedError(passed, hint=hint)
    if not isinstance(passed, Passed):
        raise RequestError(f"animate: expected the Passed that `detect` returned, got {type(passed).__name__}")
    return require_driven_id(driven_id)


def require_driven_id(driven_id: str) -> DrivenId:
    """Return `driven_id` if the vendor has this motion. Raises RequestError, which names similar ones."""
    for known in DRIVEN_IDS:
        if known == driven_id:
            return known
    similar = get_close_matches(str(driven_id), DRIVEN_IDS, n=2)
    advice = f"did you mean {' or '.join(similar)}?" if similar else f"choose from {', '.join(DRIVEN_IDS)}"
    raise RequestError(f"driven_id: unknown motion {driven_id!r}; {advice}")


def require_task_id(task: Task | str) -> str:
    """Return the id of a task, safe in a path. Raises RequestError."""
    task_id = task.id if isinstance(task, Task) else str(task)
    if not TASK_ID.fullmatch(task_id):
        raise RequestError(f"invalid task id {task_id[:100]!r}; use one such as 33da8e6b-1309-4a44-be83-352165959608")
    return task_id


def plan_animation(base_url: str, image: str | ImageFile, passed: Passed, driven_id: DrivenId) -> Flow[Task]:
    """Create a video task for `image`, which is uploaded first if it is a file: an upload is valid for one model."""
    image_url = yield from plan_image_url(base_url, image, VIDEO_MODEL)
    task: Task = yield creation_step(base_url, image_url, passed, driven_id)
    return task


def plan_waiting(base_url: str, task_id: str, progress: Callable[[Task], None] | None) -> Flow[Video]:
    """Poll a task until it ends, and call `progress` with each state. Raises NoVideoError if it has no video."""
    pause = _FIRST_PAUSE
    while True:
        task: Task = yield status_step(base_url, task_id)
        if progress is not None:
            progress(task)
        if task.video is not None:
            return task.video
        if task.is_over:
            raise_without_video(task)
        yield Pause(pause, f"Task {task_id} is still running: wait for it again.")
        pause = min(2 * pause, _LONGEST_PAUSE)


# https://help.aliyun.com/zh/model-studio/emoji-api
def creation_step(base_url: str, image_url: str, passed: Passed, driven_id: DrivenId) -> RequestStep[Task]:
    """Return the step that creates a task."""
    boxes = passed.face.as_tuple(), passed.ext.as_tuple()
    body = msgspec.json.encode(VideoRequest(VIDEO_MODEL, VideoInput(image_url, driven_id, *boxes)))
    headers = (*image_headers(image_url), (ASYNC_HEADER, "enable"))
    return RequestStep(Request("POST", base_url + VIDEO_SYNTHESIS, headers, body), parse_created, billable=True)


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
        raise RequestError(f"download: expected the Video that `wait` returned, got {type(video).__name__}")
    request = Request("GET", _require_trusted(base_url, video.url), (USER_AGENT,))
    return RequestStep(request, parse_video, with_key=False, max_bytes=MAX_VIDEO_BYTES)


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

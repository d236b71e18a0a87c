"""What is sent for a video: the task is created, looked at again and again, and its file is fetched. Pure."""

from __future__ import annotations

from difflib import get_close_matches
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from emoji_mock.client.api_keys import is_loopback
from emoji_mock.client.errors import DetectionFailedError, RequestError, UnreadableAnswerError
from emoji_mock.client.parse import tasks
from emoji_mock.client.plan.detection import USER_AGENT, Pause, Step, headers_for, upload
from emoji_mock.client.results import Failed, Passed
from emoji_mock.client.tasks import Task, Video
from emoji_mock.contract.endpoint import ASYNC_HEADER, MEDIA_TYPE, TASKS, VIDEO_MODEL, VIDEO_SYNTHESIS
from emoji_mock.contract.exchange import Request
from emoji_mock.contract.models.video import VideoInput, VideoRequest
from emoji_mock.contract.motions import DRIVEN_IDS, DrivenId

if TYPE_CHECKING:
    from collections.abc import Callable

    from emoji_mock.client.plan.detection import Flow
    from emoji_mock.client.plan.images import File

VIDEO_BYTES = 64 * 1024 * 1024
"""How long a video may be; the vendor's have 512 x 512 pixels and five seconds at the most."""

_STORAGE = ".aliyuncs.com"
_FIRST, _EVERY = 1.0, 15.0
"""Seconds between two looks at a task: at first, and from then on ever more, up to what the vendor recommends."""


def check(passed: object, driven_id: str) -> DrivenId:
    """Make sure that `passed` can be animated, and return the motion. Raises DetectionFailedError or RequestError."""
    if isinstance(passed, Failed):
        raise DetectionFailedError(passed, hint="There are no boxes, so there can be no video: take another picture.")
    if not isinstance(passed, Passed):
        raise RequestError(f"animate takes the Passed that `detect` returned, not {type(passed).__name__}")
    return require_driven_id(driven_id)


def require_driven_id(driven_id: str) -> DrivenId:
    """Return `driven_id` if the vendor has it. Raises RequestError, which names the nearest."""
    for known in DRIVEN_IDS:
        if known == driven_id:
            return known
    near = get_close_matches(str(driven_id), DRIVEN_IDS, n=2)
    told = f"do you mean {' or '.join(near)}?" if near else f"there are {', '.join(DRIVEN_IDS)}."
    raise RequestError(f"driven_id: the vendor has no {driven_id!r}; {told}")


def id_of(task: Task | str) -> str:
    """Return the id of a task, fit to stand in a path. Raises RequestError."""
    task_id = task.id if isinstance(task, Task) else str(task)
    if not tasks.TASK_ID.fullmatch(task_id):
        raise RequestError(f"{task_id[:100]!r} is no task id such as 33da8e6b-1309-4a44-be83-352165959608")
    return task_id


def animation(base_url: str, picture: str | File, passed: Passed, driven_id: DrivenId) -> Flow[Task]:
    """Ask for a video of `picture`, which is uploaded first if it is a file: an upload is good for one model."""
    image_url = picture if isinstance(picture, str) else (yield from upload(base_url, picture, VIDEO_MODEL))
    task: Task = yield create(base_url, image_url, passed, driven_id)
    return task


def waiting(base_url: str, task_id: str, progress: Callable[[Task], None] | None) -> Flow[Video]:
    """Look at a task until it is over."""
    pause = _FIRST
    while True:
        task: Task = yield look(base_url, task_id)
        if progress is not None:
            progress(task)
        if task.video is not None:
            return task.video
        if task.is_over:
            tasks.complain(task)
        yield Pause(pause, f"The task {task_id} goes on: wait for it again.")
        pause = min(2 * pause, _EVERY)


# https://help.aliyun.com/zh/model-studio/emoji-api
def create(base_url: str, image_url: str, passed: Passed, driven_id: DrivenId) -> Step[Task]:
    """Return the step that creates a task."""
    corners = passed.face.as_tuple(), passed.ext.as_tuple()
    body = msgspec.json.encode(VideoRequest(VIDEO_MODEL, VideoInput(image_url, driven_id, *corners)))
    headers = (*headers_for(image_url), (ASYNC_HEADER, "enable"))
    return Step(Request("POST", base_url + VIDEO_SYNTHESIS, headers, body), tasks.created, counts=True)


# https://help.aliyun.com/zh/model-studio/manage-asynchronous-tasks
def look(base_url: str, task_id: str) -> Step[Task]:
    """Return the step that asks how a task stands."""
    request = Request("GET", f"{base_url}{TASKS}/{task_id}", (("accept", MEDIA_TYPE), USER_AGENT))
    return Step(request, partial(tasks.told_of, task_id))


def cancel(base_url: str, task_id: str) -> Step[None]:
    """Return the step that cancels a task which waits."""
    headers = (("accept", MEDIA_TYPE), USER_AGENT)
    return Step(Request("POST", f"{base_url}{TASKS}/{task_id}/cancel", headers), tasks.cancelled)


def fetch(base_url: str, video: object) -> Step[bytes]:
    """Return the step that fetches a video's file from the vendor's storage or from a fake, without the key."""
    if not isinstance(video, Video):
        raise RequestError(f"download takes the Video that `wait` returned, not {type(video).__name__}")
    request = Request("GET", _location(base_url, video.url), (USER_AGENT,))
    return Step(request, tasks.film, keyed=False, most=VIDEO_BYTES)


def _location(base_url: str, url: str) -> str:
    home = urlsplit(base_url)
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        parts, host = urlsplit(""), ""
    if parts[:2] == home[:2]:
        return url
    if parts.scheme in {"http", "https"} and host.endswith(_STORAGE) and not is_loopback(base_url):
        return f"https://{host}{parts.path}?{parts.query}"  # OSS serves both, and a signed link is a secret
    raise UnreadableAnswerError(
        f"the video lies at {host or 'no address'}, which is neither {home.hostname} nor the vendor's storage",
        hint="It is not fetched.",
    )

"""What an answer says of a task and of its video: the pure half after the I/O."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, NoReturn

import msgspec

from emoji_mock.client.errors import NoVideoError, TaskFailedError
from emoji_mock.client.parse.answer import Answer, short
from emoji_mock.client.tasks import Task, Video
from emoji_mock.contract.motions import Status

if TYPE_CHECKING:
    from emoji_mock.contract.exchange import Response

TASK_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")
"""What may stand in a path; the vendor's are UUIDs."""

_CHINA = timezone(timedelta(hours=8))
_LONGEST_URL = 8192
_MEDIA_TYPES = ("video/mp4", "application/octet-stream", "binary/octet-stream")


class _Output(msgspec.Struct):
    task_id: str
    task_status: str
    video_url: str | None = None
    code: str | int | None = None
    message: str | None = None
    submit_time: str | None = None
    scheduled_time: str | None = None
    end_time: str | None = None


class _Usage(msgspec.Struct):
    video_duration: int = 0


class _Told(msgspec.Struct):
    output: _Output
    usage: _Usage | None = None


def created(response: Response, now: float) -> Task:
    """Return the task that was created. Raises EmojiError."""
    answer = Answer(response, now)
    told = answer.decode(_Told) if answer.is_ok else None
    if told is None:
        # Errors are free; what looks like a success may have made a task (RFC 9110: 2xx).
        raise answer.refusal(billed=None if 200 <= response.status < 300 else False)  # noqa: PLR2004
    task = _task(answer, told)
    if task is None:
        raise answer.unreadable("no task that can be asked for")
    return task


def told_of(task_id: str, response: Response, now: float) -> Task:
    """Return how the task stands that was asked for. Raises EmojiError."""
    answer = Answer(response, now)
    if not answer.is_ok:
        raise answer.refusal(billed=False)
    told = answer.decode(_Told)
    task = _task(answer, told) if told else None
    if task is None or task.id != task_id:
        raise answer.unreadable("not how this task stands", billed=False, retryable=True)
    return task


def cancelled(response: Response, now: float) -> None:
    """Make sure that a task was cancelled. Raises EmojiError."""
    answer = Answer(response, now)
    if not answer.is_ok or answer.words().code:
        raise answer.refusal(billed=False)


def film(response: Response, now: float) -> bytes:
    """Return the bytes of a video. Raises EmojiError."""
    answer = Answer(response, now)
    if not answer.is_ok:
        raise answer.refusal_in_xml("the video could not be fetched", "A link to a video is good for 24 hours.")
    media_type = answer.header("content-type").partition(";")[0].strip().lower()
    # ISO/IEC 14496-12: a file begins with a box that names its type.
    if media_type not in _MEDIA_TYPES or response.body[4:8] != b"ftyp":
        raise answer.unreadable(f"{media_type or 'no media type'}, and no MP4", billed=False)
    return response.body


def complain(task: Task) -> NoReturn:
    """Say why a task that is over has no video. Raises NoVideoError."""
    if task.status is Status.FAILED:
        raise TaskFailedError(task.message or f"the task {task.id} failed", task)
    if task.status is Status.CANCELED:
        raise NoVideoError(f"the task {task.id} was cancelled", task)
    raise NoVideoError(
        f"no such task: {task.id}", task, hint="A task is known for 24 hours, and to its own account only."
    )


def _task(answer: Answer, told: _Told) -> Task | None:
    output = told.output
    status = next((each for each in Status if each == output.task_status), None)
    if status is None or not TASK_ID.fullmatch(output.task_id):
        return None
    return Task(
        output.task_id,
        status,
        answer.request_id(),
        _video(answer, told) if status is Status.SUCCEEDED else None,
        short(output.code),
        short(output.message),
        _time(output.submit_time),
        _time(output.scheduled_time),
        _time(output.end_time),
    )


def _video(answer: Answer, told: _Told) -> Video:
    url = told.output.video_url or ""
    if not url or len(url) > _LONGEST_URL or not url.isprintable() or " " in url:
        raise answer.unreadable("a task that succeeded, and no video_url", billed=False, retryable=True)
    return Video(url, told.output.task_id, told.usage.video_duration if told.usage else 0)


def _time(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(text or "").replace(tzinfo=_CHINA)
    except ValueError:
        return None

"""Parse the responses about a video task, and the file of a video."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, NoReturn

import msgspec

from emoji_mock.client.errors import NoVideoError, TaskFailedError
from emoji_mock.client.parse.answer import ParsedAnswer, to_text
from emoji_mock.client.tasks import Task, Video
from emoji_mock.contract.documents.motions import Status
from emoji_mock.contract.model import CHINA

if TYPE_CHECKING:
    from emoji_mock.contract.exchange import Response

TASK_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")
"""Task ids that are safe in a path; the vendor's are UUIDs."""

_MAX_URL_LENGTH = 8192
_MEDIA_TYPES = ("video/mp4", "application/octet-stream", "binary/octet-stream")


class _Results(msgspec.Struct):
    video_url: str | None = None


class _Output(msgspec.Struct):
    task_id: str
    task_status: str
    video_url: str | None = None
    results: _Results | None = None
    template_id: str | None = None
    code: str | int | None = None
    message: str | None = None
    submit_time: str | None = None
    scheduled_time: str | None = None
    end_time: str | None = None


class _Usage(msgspec.Struct):
    video_duration: int | float | None = None
    duration: int | float | None = None


class _Document(msgspec.Struct):
    output: _Output
    usage: _Usage | None = None


def parse_created(model: str, response: Response, now: float) -> Task:
    """Return the task of `model` that was created. Raises EmojiError."""
    answer = ParsedAnswer(response, now, model)
    document = answer.decode(_Document) if answer.is_ok else None
    if document is None:
        raise answer.error(billed=answer.error_billed)
    task = _task(answer, document)
    if task is None:
        raise answer.unreadable("no valid task_id and task_status")
    return task


def parse_task(task_id: str, response: Response, now: float) -> Task:
    """Return the state of the task with this id. Raises EmojiError."""
    answer = ParsedAnswer(response, now)
    if not answer.is_ok:
        raise answer.error(billed=False)
    document = answer.decode(_Document)
    task = _task(answer, document) if document else None
    if task is None or task.id != task_id:
        raise answer.unreadable("not the state of this task", billed=False, retryable=True)
    return task


def check_cancelled(response: Response, now: float) -> None:
    """Check that a task was cancelled. Raises EmojiError."""
    answer = ParsedAnswer(response, now)
    if not answer.is_ok or answer.vendor_error().code:
        raise answer.error(billed=False)


def parse_video(response: Response, now: float) -> bytes:
    """Return the bytes of an MP4 file. Raises EmojiError."""
    answer = ParsedAnswer(response, now)
    if not answer.is_ok:
        raise answer.xml_error("the video could not be downloaded", "The link to a video expires after 24 hours.")
    media_type = answer.header("content-type").partition(";")[0].strip().lower()
    # ISO/IEC 14496-12: a file begins with a box that names its type.
    if media_type not in _MEDIA_TYPES or response.body[4:8] != b"ftyp":
        raise answer.unreadable(f"not an MP4 file, content-type {media_type or 'missing'}", billed=False)
    return response.body


def raise_without_video(task: Task) -> NoReturn:
    """Raise the exception for a task that ended without a video. Raises NoVideoError."""
    if task.status is Status.FAILED:
        raise TaskFailedError(task.message or f"task {task.id} failed", task)
    if task.status is Status.CANCELED:
        raise NoVideoError(f"task {task.id} was cancelled", task)
    hint = "Tasks expire after 24 hours, and only the account that created one can see it."
    raise NoVideoError(f"unknown task {task.id}", task, hint=hint)


def _task(answer: ParsedAnswer, document: _Document) -> Task | None:
    output = document.output
    status = next((each for each in Status if each == output.task_status), None)
    if status is None or not TASK_ID.fullmatch(output.task_id):
        return None
    template_id = _template(output) if status is Status.SUCCEEDED else ""
    return Task(
        output.task_id,
        status,
        answer.request_id(),
        _video(answer, document) if status is Status.SUCCEEDED and not template_id else None,
        to_text(output.code),
        to_text(output.message),
        _time(output.submit_time),
        _time(output.scheduled_time),
        _time(output.end_time),
        template_id,
    )


def _template(output: _Output) -> str:
    """Return the id of the template that a task made instead of a video."""
    return "" if output.video_url or output.results else to_text(output.template_id)


def _video(answer: ParsedAnswer, document: _Document) -> Video:
    output, usage = document.output, document.usage or _Usage()
    # Where the link is depends on the model, and a task does not name its model.
    url = output.video_url or (output.results.video_url if output.results else None) or ""
    if not url or len(url) > _MAX_URL_LENGTH or not url.isprintable() or " " in url:
        raise answer.unreadable("the task succeeded without a valid video_url", billed=False, retryable=True)
    return Video(url, output.task_id, max(0, usage.video_duration or usage.duration or 0))


def _time(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(text or "").replace(tzinfo=CHINA)
    except ValueError:
        return None

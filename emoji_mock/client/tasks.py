"""The task that makes a video, and the video. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from emoji_mock.contract.documents.motions import Status

if TYPE_CHECKING:
    from datetime import datetime

_FINAL = (Status.SUCCEEDED, Status.FAILED, Status.CANCELED, Status.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Video:
    """The URL of a video, valid for 24 hours. `seconds` is its length, 0 if the service did not report it."""

    url: str
    task_id: str
    seconds: float = 0

    def __repr__(self) -> str:
        # The query is a signature: it would let a reader of a log download the video.
        return f"{type(self).__name__}(url={self.url.partition('?')[0]!r}, task_id={self.task_id!r})"


@dataclass(frozen=True, slots=True)
class Task:
    """The state of a task when the service was asked; `wait` returns its video.

    `code` and `message` are the vendor's own reason of a failed task. Times that the service did not report are None.
    `template_id` is what a task of `create_template` made instead of a video.
    """

    id: str
    status: Status
    request_id: str = ""
    video: Video | None = None
    code: str = ""
    message: str = ""
    submitted: datetime | None = None
    scheduled: datetime | None = None
    ended: datetime | None = None
    template_id: str = ""

    @property
    def is_over(self) -> bool:
        """Whether the status is final."""
        return self.status in _FINAL

    def __bool__(self) -> NoReturn:
        raise TypeError("Task has no truth value; call `client.wait(task)` for its video, or check `task.status`")

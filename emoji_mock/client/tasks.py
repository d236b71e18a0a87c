"""A video in the making: the task as the service tells it, and the video that it ends in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from emoji_mock.contract.motions import Status

if TYPE_CHECKING:
    from datetime import datetime

_ENDED = (Status.SUCCEEDED, Status.FAILED, Status.CANCELED, Status.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Video:
    """Where a video lies, for 24 hours; `seconds` is how long it is, 0 where the service did not say."""

    url: str
    task_id: str
    seconds: int = 0

    def __repr__(self) -> str:
        # The link is signed: whoever reads it in a log could fetch the video.
        return f"{type(self).__name__}(url={self.url.partition('?')[0]!r}, task_id={self.task_id!r})"


@dataclass(frozen=True, slots=True)
class Task:
    """A video in the making: how it stood when the service was asked; `wait` brings the video.

    `code` and `message` are the vendor's own, of a task that failed; times are those that the service knows already.
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

    @property
    def is_over(self) -> bool:
        """Whether it will not change any more."""
        return self.status in _ENDED

    def __bool__(self) -> NoReturn:
        raise TypeError(
            "Task is neither true nor false: `client.wait(task)` returns its video or raises, `task.status` says how it"
            " stood"
        )

"""The calls about tasks, for synchronous programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emoji_mock.client.drivers.base import save_video
from emoji_mock.client.drivers.blocking import BlockingDriver
from emoji_mock.client.plan.images import reload_image
from emoji_mock.client.plan.steps import single
from emoji_mock.client.plan.tasks import (
    cancel_step,
    download_step,
    plan_animation,
    plan_waiting,
    require_animatable,
    require_task_id,
    status_step,
)
from emoji_mock.contract.endpoint import VIDEO_MODEL

if TYPE_CHECKING:
    from collections.abc import Callable
    from os import PathLike
    from pathlib import Path

    from emoji_mock.client.results import Passed
    from emoji_mock.client.tasks import Task, Video
    from emoji_mock.contract.motions import DrivenId


class BlockingTasks(BlockingDriver):
    """Create tasks, wait for them, and download their videos."""

    def animate(self, passed: Passed, driven_id: DrivenId) -> Task:
        """Create a video task for a picture that passed, with the motion `driven_id`. Raises EmojiError.

        A local file is read and uploaded again, because the vendor binds an upload to one model.
        """
        motion = require_animatable(passed, driven_id)
        return self._drive(
            plan_animation(self.base_url, reload_image(passed.picture, VIDEO_MODEL), passed, motion), self._start_call()
        )

    def wait(self, task: Task | str, *, progress: Callable[[Task], None] | None = None) -> Video:
        """Poll a task, given as a `Task` or by its id, until it ends, and return its video.

        `progress` is called with each state. Raises TaskFailedError, NoVideoError (cancelled, unknown), TimedOutError
        (`video_deadline`) or another EmojiError.
        """
        task_id = require_task_id(task)
        return self._drive(plan_waiting(self.base_url, task_id, progress), self._start_call(video=True))

    def task(self, task_id: str) -> Task:
        """Return the current state of a task. Raises EmojiError."""
        return self._drive(single(status_step(self.base_url, require_task_id(task_id))), self._start_call())

    def cancel(self, task: Task | str) -> None:
        """Cancel a PENDING task. Raises RequestError if it runs or has ended, or another EmojiError."""
        self._drive(single(cancel_step(self.base_url, require_task_id(task))), self._start_call())

    def download(self, video: Video, path: str | PathLike[str]) -> Path:
        """Download a video into a file, completely or not at all. Raises EmojiError or OSError."""
        return save_video(path, self._drive(single(download_step(self.base_url, video)), self._start_call()))

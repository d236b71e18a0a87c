"""The calls about tasks, for asynchronous programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio.to_thread

from emoji_mock.client.drivers.awaiting import AwaitingDriver
from emoji_mock.client.drivers.base import save_video
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


class AwaitingTasks(AwaitingDriver):
    """Create tasks, wait for them, and download their videos."""

    async def animate(self, passed: Passed, driven_id: DrivenId) -> Task:
        """Create a video task for a picture that passed, as `EmojiDetect.animate` does. Raises EmojiError."""
        motion, call = require_animatable(passed, driven_id), self._start_call()
        image = await anyio.to_thread.run_sync(reload_image, passed.picture, VIDEO_MODEL)
        return await self._drive(plan_animation(self.base_url, image, passed, motion), call)

    async def wait(self, task: Task | str, *, progress: Callable[[Task], None] | None = None) -> Video:
        """Poll a task until it ends, and return its video, as `EmojiDetect.wait` does. Raises EmojiError."""
        task_id = require_task_id(task)
        return await self._drive(plan_waiting(self.base_url, task_id, progress), self._start_call(video=True))

    async def task(self, task_id: str) -> Task:
        """Return the current state of a task. Raises EmojiError."""
        step = status_step(self.base_url, require_task_id(task_id))
        return await self._drive(single(step), self._start_call())

    async def cancel(self, task: Task | str) -> None:
        """Cancel a PENDING task. Raises RequestError if it runs or has ended, or another EmojiError."""
        await self._drive(single(cancel_step(self.base_url, require_task_id(task))), self._start_call())

    async def download(self, video: Video, path: str | PathLike[str]) -> Path:
        """Download a video into a file, completely or not at all. Raises EmojiError or OSError."""
        content = await self._drive(single(download_step(self.base_url, video)), self._start_call())
        return await anyio.to_thread.run_sync(save_video, path, content)

"""The calls about tasks, for asynchronous programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack, overload

import anyio.to_thread

from emoji_mock.client.drivers.awaiting import AwaitingDriver
from emoji_mock.client.drivers.base import save_video
from emoji_mock.client.plan.orders import NOT_GIVEN, order_animation, order_retalk, order_template
from emoji_mock.client.plan.steps import single
from emoji_mock.client.plan.tasks import (
    cancel_step,
    download_step,
    plan_creation,
    plan_waiting,
    plan_waiting_for_template,
    require_task_id,
    status_step,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from os import PathLike
    from pathlib import Path

    from emoji_mock.client.image_ref import ImageSource
    from emoji_mock.client.options import (
        AnimateOptions,
        EmoDetector,
        EmoOptions,
        LivePortraitOptions,
        RetalkOptions,
        S2vOptions,
    )
    from emoji_mock.client.plan.orders import TaskOrder
    from emoji_mock.client.results import AnyPassed, Passed, PassedAnimate, PassedLivePortrait, PassedS2v
    from emoji_mock.client.tasks import Task, Video
    from emoji_mock.contract.documents.motions import DrivenId


class AwaitingTasks(AwaitingDriver):
    """Create tasks, wait for them, and download their videos."""

    @overload
    async def animate(self, passed: Passed, driven_id: DrivenId) -> Task: ...
    @overload
    async def animate(self, passed: Passed[EmoDetector], **options: Unpack[EmoOptions]) -> Task: ...
    @overload
    async def animate(self, passed: PassedS2v, **options: Unpack[S2vOptions]) -> Task: ...
    @overload
    async def animate(self, passed: PassedLivePortrait, **options: Unpack[LivePortraitOptions]) -> Task: ...
    @overload
    async def animate(self, passed: PassedAnimate, **options: Unpack[AnimateOptions]) -> Task: ...
    async def animate(self, passed: AnyPassed, driven_id: Any = NOT_GIVEN, **options: Any) -> Task:
        """Create a task that makes a video of a picture that passed. Raises EmojiError.

        What `EmojiDetect.animate` says of the arguments holds here.
        """
        return await self._create(await anyio.to_thread.run_sync(order_animation, passed, driven_id, options))

    async def create_template(self, video: ImageSource) -> Task:
        """Create a task that makes a template of the motion in a video, for animate-anyone-gen2. Raises EmojiError."""
        return await self._create(await anyio.to_thread.run_sync(order_template, video))

    async def retalk(
        self,
        video: ImageSource,
        audio: ImageSource,
        ref_image: ImageSource | None = None,
        **options: Unpack[RetalkOptions],
    ) -> Task:
        """Create a task of videoretalk: the person in `video`, or the one of `ref_image`, speaks `audio`.

        Raises EmojiError, and TypeError or ValueError for options that the model does not take.
        """
        return await self._create(await anyio.to_thread.run_sync(order_retalk, video, audio, ref_image, options))

    async def wait(self, task: Task | str, *, progress: Callable[[Task], None] | None = None) -> Video:
        """Poll a task until it ends, and return its video, as `EmojiDetect.wait` does. Raises EmojiError."""
        task_id = require_task_id(task)
        return await self._drive(plan_waiting(self.base_url, task_id, progress), self._start_call(video=True))

    async def wait_for_template(self, task: Task | str, *, progress: Callable[[Task], None] | None = None) -> str:
        """Poll a task of `create_template` until it ends, and return its template_id. Raises as `wait` does."""
        task_id = require_task_id(task)
        flow = plan_waiting_for_template(self.base_url, task_id, progress)
        return await self._drive(flow, self._start_call(video=True))

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

    async def _create(self, order: TaskOrder) -> Task:
        return await self._drive(plan_creation(self.base_url, order), self._start_call(order.model.name))

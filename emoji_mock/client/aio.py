"""The client for asynchronous programs, on asyncio and trio. It runs the steps of a plan, as `sync` does."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING, Any, Literal, Self, TypeVar, overload

import anyio
import anyio.to_thread
from tenacity import AsyncRetrying

from emoji_mock.client.base_client import BaseClient, save_video
from emoji_mock.client.errors import EmojiError
from emoji_mock.client.image_ref import ImageFile
from emoji_mock.client.plan.detection import plan_detection, plan_upload
from emoji_mock.client.plan.images import load_image, reload_image
from emoji_mock.client.plan.steps import Pause, single
from emoji_mock.client.plan.tasks import (
    cancel_step,
    download_step,
    plan_animation,
    plan_waiting,
    require_animatable,
    require_task_id,
    status_step,
)
from emoji_mock.client.receiving.exchange import Exchange
from emoji_mock.client.transport import convert_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from os import PathLike
    from pathlib import Path

    from emoji_mock.client.plan.images import ImageSource
    from emoji_mock.client.plan.steps import Flow, RequestStep
    from emoji_mock.client.results import Passed, Result
    from emoji_mock.client.retry import ActiveCall
    from emoji_mock.client.tasks import Task, Video
    from emoji_mock.contract.exchange import Response
    from emoji_mock.contract.motions import DrivenId

T = TypeVar("T")


class AsyncEmojiDetect(BaseClient):
    """`EmojiDetect` for asyncio and trio: the same arguments, with an `AsyncClient` or an asynchronous transport."""

    _kind: Literal["Client", "AsyncClient"] = "AsyncClient"

    @overload
    async def detect(self, image: ImageSource, *, raise_on_failed: Literal[True]) -> Passed: ...
    @overload
    async def detect(self, image: ImageSource, *, raise_on_failed: bool | None = None) -> Result: ...
    async def detect(self, image: ImageSource, *, raise_on_failed: bool | None = None) -> Result:
        """Detect the face in `image`, as `EmojiDetect.detect` does. Raises EmojiError."""
        return self._deliver(await self._detect(image), raise_on_failed=raise_on_failed)

    async def upload(self, image: ImageSource) -> str:
        """Upload a path or bytes and return its `oss://` URL, valid for `detect` for 48 hours. Raises EmojiError."""
        file = await anyio.to_thread.run_sync(load_image, image)
        return (
            await self._drive(plan_upload(self.base_url, file), self._start_call())
            if isinstance(file, ImageFile)
            else file
        )

    async def detect_many(
        self, images: Iterable[ImageSource], *, on_each: Callable[[int, Result | EmojiError], None] | None = None
    ) -> list[Result | EmojiError]:
        """Detect faces in many pictures. Returns the results in order; errors are returned, not raised.

        `on_each` is called with the index and the outcome of each picture as it ends. After a cancellation, no more
        requests are sent.
        """
        stopped = Event()
        pictures = list(images)
        outcomes: dict[int, Result | EmojiError] = {}
        pending = iter(enumerate(pictures))

        async def work() -> None:
            for number, image in pending:  # shared: each worker takes the next picture
                try:
                    outcomes[number] = await self._detect(image, stopped)
                except EmojiError as error:
                    outcomes[number] = error
                if on_each is not None:
                    on_each(number, outcomes[number])

        async with anyio.create_task_group() as group:
            for _ in range(min(self.limits.at_once, len(pictures))):
                group.start_soon(work)
        return [outcomes[number] for number in range(len(pictures))]

    async def animate(self, passed: Passed, driven_id: DrivenId) -> Task:
        """Create a video task for a picture that passed, as `EmojiDetect.animate` does. Raises EmojiError."""
        motion, call = require_animatable(passed, driven_id), self._start_call()
        image = await anyio.to_thread.run_sync(reload_image, passed.picture)
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

    async def aclose(self) -> None:
        """Close the connections, unless the caller opened them."""
        if self._backend.owned:
            await self._backend.client.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def _detect(self, image: ImageSource, stopped: Event | None = None) -> Result:
        call = self._start_call(stopped=stopped)
        loaded = await anyio.to_thread.run_sync(load_image, image)
        return await self._drive(plan_detection(self.base_url, loaded), call)

    async def _drive(self, flow: Flow[T], call: ActiveCall) -> T:
        retrying = AsyncRetrying(**call.retry_options(self._sleep))
        value: Any = None
        while True:
            try:
                step = flow.send(value)
            except StopIteration as done:
                result: T = done.value
                return result
            if isinstance(step, Pause):
                await self._sleep(call.deadline.check(*step))
                value = None
            else:
                value = await retrying(self._ask, step, call)

    async def _ask(self, step: RequestStep[T], call: ActiveCall) -> T:
        if step.billable and (seconds := call.take_turn()):
            await self._sleep(seconds)
        exchange = Exchange(step, self._key, call.deadline)
        try:
            with anyio.fail_after(call.deadline.remaining()):
                response = await self._send(step, call, exchange)
        except TimeoutError:
            raise exchange.deadline_error() from None
        return step.parse(response, self._timing.now())

    async def _send(self, step: RequestStep[Any], call: ActiveCall, exchange: Exchange) -> Response:
        backend = self._backend
        request = backend.build_request(step, self._key, call.deadline.timeout())
        try:
            response = await backend.client.send(request, stream=True, auth=None, follow_redirects=False)
            try:
                async for part in response.aiter_raw() if exchange.begin(response) else response.aiter_bytes():
                    exchange.add(part)
            finally:
                await response.aclose()
        except backend.library.HTTPStatusError as error:  # raised by an event hook before the body is read
            exchange.skip_body(error.response)
        except backend.errors as error:
            again = self.limits.again_after_timeout
            raise convert_error(error, request, step, exchange.status, again_after_timeout=again) from error
        return exchange.finish()

    async def _sleep(self, seconds: float) -> None:
        await (self._timing.sleep or anyio.sleep)(seconds)

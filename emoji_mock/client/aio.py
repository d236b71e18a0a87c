"""The client for asynchronous programs, on asyncio and trio: it moves the steps of the plan, and decides nothing."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING, Any, Literal, Self, TypeVar, overload

import anyio
import anyio.to_thread
from tenacity import AsyncRetrying

from emoji_mock.client.base_client import Base
from emoji_mock.client.errors import EmojiError
from emoji_mock.client.image_ref import recall
from emoji_mock.client.plan import detection as plan
from emoji_mock.client.plan import tasks as plan_tasks
from emoji_mock.client.plan.detection import Pause
from emoji_mock.client.plan.images import File, load
from emoji_mock.client.saving import save
from emoji_mock.client.transport import Body, build, deadline_error, translate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from os import PathLike
    from pathlib import Path

    from emoji_mock.client.plan.detection import Flow, Step
    from emoji_mock.client.plan.images import Picture
    from emoji_mock.client.results import Passed, Result
    from emoji_mock.client.retry import CallDeadline
    from emoji_mock.client.tasks import Task, Video
    from emoji_mock.contract.exchange import Response
    from emoji_mock.contract.motions import DrivenId

T = TypeVar("T")


class AsyncEmojiDetect(Base):
    """`EmojiDetect` for asyncio and trio: the same arguments, with an `AsyncClient` or an asynchronous transport."""

    _kind: Literal["Client", "AsyncClient"] = "AsyncClient"

    @overload
    async def detect(self, image: Picture, *, raise_on_failed: Literal[True]) -> Passed: ...
    @overload
    async def detect(self, image: Picture, *, raise_on_failed: bool | None = None) -> Result: ...
    async def detect(self, image: Picture, *, raise_on_failed: bool | None = None) -> Result:
        """Look for the face in `image`, as `EmojiDetect.detect` does. Raises EmojiError."""
        return self._given(await self._detect(image), raise_on_failed=raise_on_failed)

    async def upload(self, image: Picture) -> str:
        """Upload a path or bytes, and return the `oss://` URL that `detect` takes for 48 hours. Raises EmojiError."""
        file = await anyio.to_thread.run_sync(load, image)
        return await self._drive(plan.upload(self.base_url, file), self._course()) if isinstance(file, File) else file

    async def detect_many(
        self, images: Iterable[Picture], *, on_each: Callable[[int, Result | EmojiError], None] | None = None
    ) -> list[Result | EmojiError]:
        """Look at many pictures and return what each ended in, in their order; an error is returned, not raised.

        `on_each` hears the number of each picture and what it ended in, as it ends. Cancelled, it sends nothing more.
        """
        stopped = Event()
        pictures = list(images)
        ended: dict[int, Result | EmojiError] = {}
        waiting = iter(enumerate(pictures))

        async def work() -> None:
            for number, image in waiting:  # shared: each worker takes the next one
                try:
                    ended[number] = await self._detect(image, stopped)
                except EmojiError as error:
                    ended[number] = error
                if on_each is not None:
                    on_each(number, ended[number])

        async with anyio.create_task_group() as group:
            for _ in range(min(self.limits.at_once, len(pictures))):
                group.start_soon(work)
        return [ended[number] for number in range(len(pictures))]

    async def animate(self, passed: Passed, driven_id: DrivenId) -> Task:
        """Ask for a video of the picture that passed, as `EmojiDetect.animate` does. Raises EmojiError."""
        motion, course = plan_tasks.check(passed, driven_id), self._course()
        picture = await anyio.to_thread.run_sync(recall, passed.picture)
        return await self._drive(plan_tasks.animation(self.base_url, picture, passed, motion), course)

    async def wait(self, task: Task | str, *, progress: Callable[[Task], None] | None = None) -> Video:
        """Look at a task until it is over, and return its video, as `EmojiDetect.wait` does. Raises EmojiError."""
        task_id = plan_tasks.id_of(task)
        return await self._drive(plan_tasks.waiting(self.base_url, task_id, progress), self._course(video=True))

    async def task(self, task_id: str) -> Task:
        """Return how a task stands. Raises EmojiError."""
        step = plan_tasks.look(self.base_url, plan_tasks.id_of(task_id))
        return await self._drive(plan.alone(step), self._course())

    async def cancel(self, task: Task | str) -> None:
        """Cancel a task that waits (PENDING); one that runs or is over raises RequestError. Raises EmojiError."""
        await self._drive(plan.alone(plan_tasks.cancel(self.base_url, plan_tasks.id_of(task))), self._course())

    async def download(self, video: Video, path: str | PathLike[str]) -> Path:
        """Fetch a video into a file, which is there whole or not at all. Raises EmojiError or OSError."""
        content = await self._drive(plan.alone(plan_tasks.fetch(self.base_url, video)), self._course())
        return await anyio.to_thread.run_sync(save, path, content)

    async def aclose(self) -> None:
        """Close the connections, unless they are the caller's."""
        if self._carrier.owned:
            await self._carrier.client.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def _detect(self, image: Picture, stopped: Event | None = None) -> Result:
        course = self._course(stopped=stopped)
        picture = await anyio.to_thread.run_sync(load, image)
        return await self._drive(plan.detection(self.base_url, picture), course)

    async def _drive(self, flow: Flow[T], course: CallDeadline) -> T:
        retrying = AsyncRetrying(**course.policy(self._sleep))
        answer: Any = None
        while True:
            try:
                step = flow.send(answer)
            except StopIteration as done:
                value: T = done.value
                return value
            if isinstance(step, Pause):
                await self._sleep(course.reach(*step))
                answer = None
                continue
            answer = await retrying(self._ask, step, course)

    async def _ask(self, step: Step[T], course: CallDeadline) -> T:
        if step.counts and (seconds := course.pause()):
            await self._sleep(seconds)
        try:
            with anyio.fail_after(course.left()):
                response = await self._send(step, course)
        except TimeoutError:
            raise deadline_error(step) from None
        return step.read(response, self._timing.now())

    async def _send(self, step: Step[Any], course: CallDeadline) -> Response:
        carrier, status = self._carrier, 0
        request = build(carrier, step, self._key, course.timeout())
        try:
            answer = await carrier.client.send(request, stream=True, auth=None, follow_redirects=False)
            status = answer.status_code
            body = Body(answer, step, self._key, course)
            try:
                async for part in answer.aiter_bytes():
                    body.add(part)
            finally:
                await answer.aclose()
        except carrier.library.HTTPStatusError as error:  # raised by a hook of the caller's, before there is a body
            body = Body(error.response, step, self._key, course)
        except carrier.errors as error:
            again = self.limits.again_after_timeout
            raise translate(error, request, step, status, again=again) from error
        return body.whole()

    async def _sleep(self, seconds: float) -> None:
        await (self._timing.sleep or anyio.sleep)(seconds)

"""The client for synchronous programs: it moves the steps that the plan makes, and decides nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event
from typing import TYPE_CHECKING, Any, Literal, Self, TypeVar, overload

from tenacity import Retrying

from emoji_mock.client.base_client import Base
from emoji_mock.client.errors import EmojiError
from emoji_mock.client.image_ref import recall
from emoji_mock.client.plan import detection as plan
from emoji_mock.client.plan import tasks as plan_tasks
from emoji_mock.client.plan.detection import Pause
from emoji_mock.client.plan.images import File, load
from emoji_mock.client.saving import save
from emoji_mock.client.transport import Body, build, translate

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


class EmojiDetect(Base):
    """A client of emoji-detect-v1; safe from any thread, and a context manager that closes what it opened.

    The key comes from `api_key`, DASHSCOPE_API_KEY or the official SDK's file, the address from `base_url`,
    DASHSCOPE_HTTP_BASE_URL, DASHSCOPE_BASE_URL or the vendor. `client` is an `httpx.Client` or `httpx2.Client`,
    `transport` a transport of either; with none, httpx2 is used.
    """

    _kind: Literal["Client", "AsyncClient"] = "Client"

    @overload
    def detect(self, image: Picture, *, raise_on_failed: Literal[True]) -> Passed: ...
    @overload
    def detect(self, image: Picture, *, raise_on_failed: bool | None = None) -> Result: ...
    def detect(self, image: Picture, *, raise_on_failed: bool | None = None) -> Result:
        """Look for the face in `image`: a URL, or a path or bytes, which are uploaded first. Raises EmojiError.

        A picture that was refused is returned as `Failed`, or raised as DetectionFailedError with `raise_on_failed`.
        """
        return self._given(self._detect(image), raise_on_failed=raise_on_failed)

    def upload(self, image: Picture) -> str:
        """Upload a path or bytes, and return the `oss://` URL that `detect` takes for 48 hours. Raises EmojiError."""
        file = load(image)
        return self._drive(plan.upload(self.base_url, file), self._course()) if isinstance(file, File) else file

    def detect_many(
        self, images: Iterable[Picture], *, on_each: Callable[[int, Result | EmojiError], None] | None = None
    ) -> list[Result | EmojiError]:
        """Look at many pictures and return what each ended in, in their order; an error is returned, not raised.

        `on_each` hears the number of each picture and what it ended in, as it ends, in some thread. After Ctrl-C, or an
        exception of its, what is under way ends and is heard of, and nothing more is sent.
        """
        stopped = Event()

        def one(number: int, image: Picture) -> Result | EmojiError:
            ended: Result | EmojiError
            try:
                ended = self._detect(image, stopped)
            except EmojiError as error:
                ended = error
            if on_each is not None:
                on_each(number, ended)
            return ended

        pictures = list(images)
        with ThreadPoolExecutor(self.limits.at_once, "emoji-detect") as pool:
            try:
                return list(pool.map(one, range(len(pictures)), pictures))
            finally:
                stopped.set()  # who sleeps until his turn must not ask, and pay, once nobody waits for it

    def animate(self, passed: Passed, driven_id: DrivenId) -> Task:
        """Ask for a video of the picture that passed, moved as `driven_id` says; `wait` brings it. Raises EmojiError.

        A local file is read and uploaded once more, for the vendor binds an upload to one model.
        """
        motion = plan_tasks.check(passed, driven_id)
        return self._drive(plan_tasks.animation(self.base_url, recall(passed.picture), passed, motion), self._course())

    def wait(self, task: Task | str, *, progress: Callable[[Task], None] | None = None) -> Video:
        """Look at a task, or the one of that id, until it is over, and return its video; `progress` hears each look.

        Raises TaskFailedError, NoVideoError (cancelled, unknown), TimedOutError (`video_deadline`) or EmojiError.
        """
        task_id = plan_tasks.id_of(task)
        return self._drive(plan_tasks.waiting(self.base_url, task_id, progress), self._course(video=True))

    def task(self, task_id: str) -> Task:
        """Return how a task stands. Raises EmojiError."""
        return self._drive(plan.alone(plan_tasks.look(self.base_url, plan_tasks.id_of(task_id))), self._course())

    def cancel(self, task: Task | str) -> None:
        """Cancel a task that waits (PENDING); one that runs or is over raises RequestError. Raises EmojiError."""
        self._drive(plan.alone(plan_tasks.cancel(self.base_url, plan_tasks.id_of(task))), self._course())

    def download(self, video: Video, path: str | PathLike[str]) -> Path:
        """Fetch a video into a file, which is there whole or not at all. Raises EmojiError or OSError."""
        return save(path, self._drive(plan.alone(plan_tasks.fetch(self.base_url, video)), self._course()))

    def close(self) -> None:
        """Close the connections, unless they are the caller's."""
        if self._carrier.owned:
            self._carrier.client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _detect(self, image: Picture, stopped: Event | None = None) -> Result:
        course = self._course(stopped=stopped)
        return self._drive(plan.detection(self.base_url, load(image)), course)

    def _drive(self, flow: Flow[T], course: CallDeadline) -> T:
        retrying = Retrying(**course.policy(partial(self._sleep, course)))
        answer: Any = None
        while True:
            try:
                step = flow.send(answer)
            except StopIteration as done:
                value: T = done.value
                return value
            if isinstance(step, Pause):
                self._sleep(course, course.reach(*step))
                answer = None
                continue
            answer = retrying(self._ask, step, course)

    def _ask(self, step: Step[T], course: CallDeadline) -> T:
        if step.counts and (seconds := course.pause()):
            self._sleep(course, seconds)
        course.go_on()
        return step.read(self._send(step, course), self._timing.now())

    def _send(self, step: Step[Any], course: CallDeadline) -> Response:
        carrier, status = self._carrier, 0
        request = build(carrier, step, self._key, course.timeout())
        try:
            answer = carrier.client.send(request, stream=True, auth=None, follow_redirects=False)
            status = answer.status_code
            body = Body(answer, step, self._key, course)
            try:
                for part in answer.iter_bytes():
                    body.add(part)
            finally:
                answer.close()
        except carrier.library.HTTPStatusError as error:  # raised by a hook of the caller's, before there is a body
            body = Body(error.response, step, self._key, course)
        except carrier.errors as error:
            again = self.limits.again_after_timeout
            raise translate(error, request, step, status, again=again) from error
        return body.whole()

    def _sleep(self, course: CallDeadline, seconds: float) -> None:
        (self._timing.sleep or course.stopped.wait)(seconds)

"""The client for synchronous programs. It runs the steps of a plan; what to send and how to read it is in the plan."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event
from typing import TYPE_CHECKING, Any, Literal, Self, TypeVar, overload

from tenacity import Retrying

from emoji_mock._support.deadlines import DeadlinePassedError, run_within
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


class EmojiDetect(BaseClient):
    """A client of emoji-detect-v1. It is thread-safe, and a context manager that closes the connections it opened.

    The API key is taken from `api_key`, DASHSCOPE_API_KEY or the official SDK's file; the base URL from `base_url`,
    DASHSCOPE_HTTP_BASE_URL or DASHSCOPE_BASE_URL, else it is the vendor's. `client` is an `httpx.Client` or
    `httpx2.Client`, `transport` a transport of either; without both, the client uses httpx2.
    """

    _kind: Literal["Client", "AsyncClient"] = "Client"

    @overload
    def detect(self, image: ImageSource, *, raise_on_failed: Literal[True]) -> Passed: ...
    @overload
    def detect(self, image: ImageSource, *, raise_on_failed: bool | None = None) -> Result: ...
    def detect(self, image: ImageSource, *, raise_on_failed: bool | None = None) -> Result:
        """Detect the face in `image`: a URL, or a path or bytes, which are uploaded first. Raises EmojiError.

        A refused picture is returned as `Failed`, or raised as DetectionFailedError with `raise_on_failed`.
        """
        return self._deliver(self._detect(image), raise_on_failed=raise_on_failed)

    def upload(self, image: ImageSource) -> str:
        """Upload a path or bytes and return its `oss://` URL, valid for `detect` for 48 hours. Raises EmojiError."""
        file = load_image(image)
        return (
            self._drive(plan_upload(self.base_url, file), self._start_call()) if isinstance(file, ImageFile) else file
        )

    def detect_many(
        self, images: Iterable[ImageSource], *, on_each: Callable[[int, Result | EmojiError], None] | None = None
    ) -> list[Result | EmojiError]:
        """Detect faces in many pictures. Returns the results in order; errors are returned, not raised.

        `on_each` is called with the index and the outcome of each picture as it ends, in any thread. After Ctrl-C, or
        an exception in `on_each`, detections in progress end and are reported, and no more requests are sent.
        """
        stopped = Event()

        def detect_one(number: int, image: ImageSource) -> Result | EmojiError:
            outcome: Result | EmojiError
            try:
                outcome = self._detect(image, stopped)
            except EmojiError as error:
                outcome = error
            if on_each is not None:
                on_each(number, outcome)
            return outcome

        pictures = list(images)
        with ThreadPoolExecutor(self.limits.at_once, "emoji-detect") as pool:
            try:
                return list(pool.map(detect_one, range(len(pictures)), pictures))
            finally:
                stopped.set()  # a thread that waits for its turn must not send, and pay, after a cancellation

    def animate(self, passed: Passed, driven_id: DrivenId) -> Task:
        """Create a video task for a picture that passed, with the motion `driven_id`. Raises EmojiError.

        A local file is read and uploaded again, because the vendor binds an upload to one model.
        """
        motion = require_animatable(passed, driven_id)
        return self._drive(
            plan_animation(self.base_url, reload_image(passed.picture), passed, motion), self._start_call()
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

    def close(self) -> None:
        """Close the connections, unless the caller opened them."""
        if self._backend.owned:
            self._backend.client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _detect(self, image: ImageSource, stopped: Event | None = None) -> Result:
        call = self._start_call(stopped=stopped)
        return self._drive(plan_detection(self.base_url, load_image(image)), call)

    def _drive(self, flow: Flow[T], call: ActiveCall) -> T:
        retrying = Retrying(**call.retry_options(partial(self._sleep, call)))
        value: Any = None
        while True:
            try:
                step = flow.send(value)
            except StopIteration as done:
                result: T = done.value
                return result
            if isinstance(step, Pause):
                self._sleep(call, call.deadline.check(*step))
                value = None
            else:
                value = retrying(self._ask, step, call)

    def _ask(self, step: RequestStep[T], call: ActiveCall) -> T:
        if step.billable and (seconds := call.take_turn()):
            self._sleep(call, seconds)
        call.raise_if_stopped()
        exchange = Exchange(step, self._key, call.deadline)
        send = partial(self._send, step, call, exchange)
        if self._backend.in_process:
            return step.parse(send(), self._timing.now())
        try:
            # The timeouts of both libraries begin again with each byte, and finding an address has none.
            response = run_within(call.deadline.remaining(), send)
        except DeadlinePassedError:
            raise exchange.deadline_error() from None
        return step.parse(response, self._timing.now())

    def _send(self, step: RequestStep[Any], call: ActiveCall, exchange: Exchange) -> Response:
        backend = self._backend
        request = backend.build_request(step, self._key, call.deadline.timeout())
        try:
            response = backend.client.send(request, stream=True, auth=None, follow_redirects=False)
            try:
                for part in response.iter_raw() if exchange.begin(response) else response.iter_bytes():
                    exchange.add(part)
            finally:
                response.close()
        except backend.library.HTTPStatusError as error:  # raised by an event hook before the body is read
            exchange.skip_body(error.response)
        except backend.errors as error:
            again = self.limits.again_after_timeout
            raise convert_error(error, request, step, exchange.status, again_after_timeout=again) from error
        return exchange.finish()

    def _sleep(self, call: ActiveCall, seconds: float) -> None:
        (self._timing.sleep or call.stopped.wait)(seconds)

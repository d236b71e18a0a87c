"""The client for synchronous programs. It runs the steps of a plan; what to send and how to read it is in the plan."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import TYPE_CHECKING, Any, Literal, overload

from emoji_mock.client.drivers.blocking_tasks import BlockingTasks
from emoji_mock.client.errors import EmojiError
from emoji_mock.client.image_ref import ImageFile
from emoji_mock.client.plan.detection import plan_detection, plan_upload, require_detection
from emoji_mock.client.plan.images import load_file, load_image
from emoji_mock.contract.endpoint import MODEL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from emoji_mock.client.image_ref import ImageSource
    from emoji_mock.client.options import (
        AnimateDetector,
        Detector,
        EmoDetector,
        EmojiDetector,
        LivePortraitDetector,
        ModelName,
        Ratio,
        S2vDetector,
    )
    from emoji_mock.client.parse.verdicts import Asked
    from emoji_mock.client.results import AnyResult, Failed, Passed, PassedAnimate, PassedLivePortrait, PassedS2v


class EmojiDetect(BlockingTasks):
    """A client of emoji-detect-v1 and its siblings. It is thread-safe.

    As a context manager, it closes the connections that it opened.
    The API key is taken from `api_key`, DASHSCOPE_API_KEY or the official SDK's file; the base URL from `base_url`,
    DASHSCOPE_HTTP_BASE_URL or DASHSCOPE_BASE_URL, else it is the vendor's. `client` is an `httpx.Client` or
    `httpx2.Client`, `transport` a transport of either; without both, the client uses httpx2.
    """

    @overload
    def detect(self, image: ImageSource, *, model: EmojiDetector = ..., raise_on_failed: Literal[True]) -> Passed: ...
    @overload
    def detect(
        self, image: ImageSource, *, model: EmojiDetector = ..., raise_on_failed: bool | None = ...
    ) -> Passed | Failed: ...
    @overload
    def detect(
        self, image: ImageSource, *, model: EmoDetector, ratio: Ratio = ..., raise_on_failed: Literal[True]
    ) -> Passed[EmoDetector]: ...
    @overload
    def detect(
        self, image: ImageSource, *, model: EmoDetector, ratio: Ratio = ..., raise_on_failed: bool | None = ...
    ) -> Passed[EmoDetector] | Failed: ...
    @overload
    def detect(self, image: ImageSource, *, model: S2vDetector, raise_on_failed: Literal[True]) -> PassedS2v: ...
    @overload
    def detect(
        self, image: ImageSource, *, model: S2vDetector, raise_on_failed: bool | None = ...
    ) -> PassedS2v | Failed: ...
    @overload
    def detect(
        self, image: ImageSource, *, model: LivePortraitDetector, raise_on_failed: Literal[True]
    ) -> PassedLivePortrait: ...
    @overload
    def detect(
        self, image: ImageSource, *, model: LivePortraitDetector, raise_on_failed: bool | None = ...
    ) -> PassedLivePortrait | Failed: ...
    @overload
    def detect(
        self, image: ImageSource, *, model: AnimateDetector, raise_on_failed: Literal[True]
    ) -> PassedAnimate: ...
    @overload
    def detect(
        self, image: ImageSource, *, model: AnimateDetector, raise_on_failed: bool | None = ...
    ) -> PassedAnimate | Failed: ...
    def detect(
        self,
        image: ImageSource,
        *,
        model: Detector = MODEL,
        ratio: Ratio | None = None,
        raise_on_failed: bool | None = None,
    ) -> AnyResult:
        """Inspect `image` with a model: a URL, or a path or bytes, which are uploaded first. Raises EmojiError.

        A refused picture is returned as `Failed`, or raised as DetectionFailedError with `raise_on_failed`. `ratio` is
        for emo-detect-v1 alone. Raises TypeError or ValueError for what the model does not take.
        """
        asked = require_detection(model, ratio)
        return self._deliver(self._detect(image, asked), raise_on_failed=raise_on_failed)

    def upload(self, file: ImageSource, *, model: ModelName = MODEL) -> str:
        """Upload a path or bytes and return its `oss://` URL, valid for `model` for 48 hours. Raises EmojiError."""
        loaded = load_file(file, model)
        if not isinstance(loaded, ImageFile):
            return loaded
        return self._drive(plan_upload(self.base_url, loaded, model), self._start_call())

    @overload
    def detect_many(
        self,
        images: Iterable[ImageSource],
        *,
        model: EmojiDetector = ...,
        on_each: Callable[[int, Passed | Failed | EmojiError], None] | None = ...,
    ) -> list[Passed | Failed | EmojiError]: ...
    @overload
    def detect_many(
        self,
        images: Iterable[ImageSource],
        *,
        model: EmoDetector,
        ratio: Ratio = ...,
        on_each: Callable[[int, Passed[EmoDetector] | Failed | EmojiError], None] | None = ...,
    ) -> list[Passed[EmoDetector] | Failed | EmojiError]: ...
    @overload
    def detect_many(
        self,
        images: Iterable[ImageSource],
        *,
        model: S2vDetector,
        on_each: Callable[[int, PassedS2v | Failed | EmojiError], None] | None = ...,
    ) -> list[PassedS2v | Failed | EmojiError]: ...
    @overload
    def detect_many(
        self,
        images: Iterable[ImageSource],
        *,
        model: LivePortraitDetector,
        on_each: Callable[[int, PassedLivePortrait | Failed | EmojiError], None] | None = ...,
    ) -> list[PassedLivePortrait | Failed | EmojiError]: ...
    @overload
    def detect_many(
        self,
        images: Iterable[ImageSource],
        *,
        model: AnimateDetector,
        on_each: Callable[[int, PassedAnimate | Failed | EmojiError], None] | None = ...,
    ) -> list[PassedAnimate | Failed | EmojiError]: ...
    def detect_many(
        self,
        images: Iterable[ImageSource],
        *,
        model: Detector = MODEL,
        ratio: Ratio | None = None,
        on_each: Callable[[int, Any], None] | None = None,
    ) -> list[Any]:
        """Inspect many pictures with a model. Returns the results in order; errors are returned, not raised.

        `on_each` is called with the index and the outcome of each picture as it ends, in any thread. After Ctrl-C, or
        an exception in `on_each`, detections in progress end and are reported, and no more requests are sent.
        """
        asked, stopped = require_detection(model, ratio), Event()

        def detect_one(number: int, image: ImageSource) -> AnyResult | EmojiError:
            outcome: AnyResult | EmojiError
            try:
                outcome = self._detect(image, asked, stopped)
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

    def _detect(self, image: ImageSource, asked: Asked, stopped: Event | None = None) -> AnyResult:
        call = self._start_call(asked.model, stopped=stopped)
        return self._drive(plan_detection(self.base_url, load_image(image, asked.model), asked), call)

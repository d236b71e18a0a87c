"""The client for asynchronous programs, on asyncio and trio. It runs the steps of a plan, as `sync` does."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING, Any, Literal, overload

import anyio
import anyio.to_thread

from emoji_mock.client.drivers.awaiting_tasks import AwaitingTasks
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


class AsyncEmojiDetect(AwaitingTasks):
    """`EmojiDetect` for asyncio and trio: the same arguments, with an `AsyncClient` or an asynchronous transport."""

    @overload
    async def detect(
        self, image: ImageSource, *, model: EmojiDetector = ..., raise_on_failed: Literal[True]
    ) -> Passed: ...
    @overload
    async def detect(
        self, image: ImageSource, *, model: EmojiDetector = ..., raise_on_failed: bool | None = ...
    ) -> Passed | Failed: ...
    @overload
    async def detect(
        self, image: ImageSource, *, model: EmoDetector, ratio: Ratio = ..., raise_on_failed: Literal[True]
    ) -> Passed[EmoDetector]: ...
    @overload
    async def detect(
        self, image: ImageSource, *, model: EmoDetector, ratio: Ratio = ..., raise_on_failed: bool | None = ...
    ) -> Passed[EmoDetector] | Failed: ...
    @overload
    async def detect(self, image: ImageSource, *, model: S2vDetector, raise_on_failed: Literal[True]) -> PassedS2v: ...
    @overload
    async def detect(
        self, image: ImageSource, *, model: S2vDetector, raise_on_failed: bool | None = ...
    ) -> PassedS2v | Failed: ...
    @overload
    async def detect(
        self, image: ImageSource, *, model: LivePortraitDetector, raise_on_failed: Literal[True]
    ) -> PassedLivePortrait: ...
    @overload
    async def detect(
        self, image: ImageSource, *, model: LivePortraitDetector, raise_on_failed: bool | None = ...
    ) -> PassedLivePortrait | Failed: ...
    @overload
    async def detect(
        self, image: ImageSource, *, model: AnimateDetector, raise_on_failed: Literal[True]
    ) -> PassedAnimate: ...
    @overload
    async def detect(
        self, image: ImageSource, *, model: AnimateDetector, raise_on_failed: bool | None = ...
    ) -> PassedAnimate | Failed: ...
    async def detect(
        self,
        image: ImageSource,
        *,
        model: Detector = MODEL,
        ratio: Ratio | None = None,
        raise_on_failed: bool | None = None,
    ) -> AnyResult:
        """Inspect `image` with a model: a URL, or a path or bytes, which are uploaded first. Raises EmojiError.

        What `EmojiDetect.detect` says of the arguments holds here.
        """
        asked = require_detection(model, ratio)
        return self._deliver(await self._detect(image, asked), raise_on_failed=raise_on_failed)

    async def upload(self, file: ImageSource, *, model: ModelName = MODEL) -> str:
        """Upload a path or bytes and return its `oss://` URL, valid for `model` for 48 hours. Raises EmojiError."""
        loaded = await anyio.to_thread.run_sync(load_file, file, model)
        if not isinstance(loaded, ImageFile):
            return loaded
        return await self._drive(plan_upload(self.base_url, loaded, model), self._start_call())

    @overload
    async def detect_many(
        self,
        images: Iterable[ImageSource],
        *,
        model: EmojiDetector = ...,
        on_each: Callable[[int, Passed | Failed | EmojiError], None] | None = ...,
    ) -> list[Passed | Failed | EmojiError]: ...
    @overload
    async def detect_many(
        self,
        images: Iterable[ImageSource],
        *,
        model: EmoDetector,
        ratio: Ratio = ...,
        on_each: Callable[[int, Passed[EmoDetector] | Failed | EmojiError], None] | None = ...,
    ) -> list[Passed[EmoDetector] | Failed | EmojiError]: ...
    @overload
    async def detect_many(
        self,
        images: Iterable[ImageSource],
        *,
        model: S2vDetector,
        on_each: Callable[[int, PassedS2v | Failed | EmojiError], None] | None = ...,
    ) -> list[PassedS2v | Failed | EmojiError]: ...
    @overload
    async def detect_many(
        self,
        images: Iterable[ImageSource],
        *,
        model: LivePortraitDetector,
        on_each: Callable[[int, PassedLivePortrait | Failed | EmojiError], None] | None = ...,
    ) -> list[PassedLivePortrait | Failed | EmojiError]: ...
    @overload
    async def detect_many(
        self,
        images: Iterable[ImageSource],
        *,
        model: AnimateDetector,
        on_each: Callable[[int, PassedAnimate | Failed | EmojiError], None] | None = ...,
    ) -> list[PassedAnimate | Failed | EmojiError]: ...
    async def detect_many(
        self,
        images: Iterable[ImageSource],
        *,
        model: Detector = MODEL,
        ratio: Ratio | None = None,
        on_each: Callable[[int, Any], None] | None = None,
    ) -> list[Any]:
        """Inspect many pictures with a model. Returns the results in order; errors are returned, not raised.

        `on_each` is called with the index and the outcome of each picture as it ends. After a cancellation, no more
        requests are sent.
        """
        asked, stopped = require_detection(model, ratio), Event()
        pictures = list(images)
        outcomes: dict[int, AnyResult | EmojiError] = {}
        pending = iter(enumerate(pictures))

        async def work() -> None:
            for number, image in pending:  # shared: each worker takes the next picture
                try:
                    outcomes[number] = await self._detect(image, asked, stopped)
                except EmojiError as error:
                    outcomes[number] = error
                if on_each is not None:
                    on_each(number, outcomes[number])

        async with anyio.create_task_group() as group:
            for _ in range(min(self.limits.at_once, len(pictures))):
                group.start_soon(work)
        return [outcomes[number] for number in range(len(pictures))]

    async def _detect(self, image: ImageSource, asked: Asked, stopped: Event | None = None) -> AnyResult:
        call = self._start_call(asked.model, stopped=stopped)
        loaded = await anyio.to_thread.run_sync(load_image, image, asked.model)
        return await self._drive(plan_detection(self.base_url, loaded, asked), call)

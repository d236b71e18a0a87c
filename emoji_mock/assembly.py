"""The composition root: build the public `Fake` from the service, which does no I/O, and its injected parts."""

from __future__ import annotations

import time
from importlib.util import find_spec
from typing import TYPE_CHECKING

from emoji_mock.fake.endpoints.registry import REGISTRY, EndpointRegistry
from emoji_mock.fake.options import DEFAULT_OPTIONS, Options
from emoji_mock.fake.service import FakeService
from emoji_mock.fake.store.memory import MemoryStore
from emoji_mock.stores.upload_folder import UploadFolder

if TYPE_CHECKING:
    from collections.abc import Callable

    from emoji_mock.contract.geometry import Box, Size
    from emoji_mock.contract.model import MediaFacts, PictureLimits
    from emoji_mock.contract.row import Row
    from emoji_mock.contract.vision import PictureFacts
    from emoji_mock.fake.accounting.journal import Entry
    from emoji_mock.fake.network.random_source import RandomSource
    from emoji_mock.fake.store.ports import Store


class LazyMedia:
    """Implement the media port by `emoji_mock.media`, loaded at the first file."""

    def inspect(self, data: bytes, limits: PictureLimits, *, upright: bool) -> Size | Row:
        """Return the size in pixels of the picture file `data`, or the row that refuses it."""
        from emoji_mock.media.inspection import inspect  # noqa: PLC0415 - Pillow: only a fake that holds a picture pays

        return inspect(data, limits, upright=upright)

    def look(self, data: bytes, *, upright: bool) -> PictureFacts:
        """Return what is seen in the picture file `data`."""
        from emoji_mock.media.vision import look  # noqa: PLC0415 - OpenCV: only a fake that judges pictures pays

        return look(data, upright=upright)

    def measure(self, data: bytes) -> MediaFacts | None:
        """Return what the audio or video file `data` says of itself, or None if it is neither or says too little."""
        from emoji_mock.media.recordings import measure  # noqa: PLC0415 - only a fake that holds such a file needs it

        return measure(data)

    def make_video(
        self,
        *,
        image_url: str,
        boxes: tuple[Box, Box] | None,
        driven_id: str,
        seconds: float,
        size: Size,
        fps: int,
        picture: bytes,
        upright: bool,
    ) -> bytes:
        """Return an MP4 file of `seconds` in which a face moves by the template `driven_id`, or speaks."""
        from emoji_mock.media.videos import Scene, make_video  # noqa: PLC0415 - Pillow and PyAV, likewise

        scene = Scene(image_url, boxes, driven_id, seconds, size, fps, picture, upright)
        return make_video(scene.identified())


def has_vision() -> bool:
    """Return whether the extra `vision` is installed, without loading it."""
    return find_spec("cv2") is not None


def require_vision() -> None:
    """Raise ImportError, which says what to install, unless the extra `vision` is there."""
    if not has_vision():
        raise ImportError("eyes need OpenCV: pip install 'emoji-mock[vision]'", name="cv2")


def default_store(options: Options) -> Store:
    """Return a store in memory, with uploads in a folder if `options` name one. Raises OSError if it cannot be made."""
    folder = None if options.upload_dir is None else UploadFolder(options.upload_dir)
    return MemoryStore(options.journal_size, options.upload_bytes, folder, options.kept_picture_bytes)


class Fake(FakeService):
    """A fake of the vendor: `answer` takes a request and returns what the vendor would send.

    `options` say how it behaves. `store` keeps its state, by default in memory. `clock` returns the time in seconds
    since the epoch, `listener` is called with the journal's entry of each exchange, and `random_source` decides what is
    left to chance, by default from the options' seed. `registry` holds the endpoints. Safe from any thread. Raises
    OSError if `upload_dir` cannot be used, ImportError if eyes need an extra that is not installed.
    """

    def __init__(
        self,
        options: Options | None = None,
        *,
        store: Store | None = None,
        clock: Callable[[], float] = time.time,
        listener: Callable[[Entry], None] | None = None,
        random_source: RandomSource | None = None,
        registry: EndpointRegistry = REGISTRY,
    ) -> None:
        options = options or DEFAULT_OPTIONS
        if options.eyes is not None:
            require_vision()
        super().__init__(
            options,
            store=store or default_store(options),
            media=LazyMedia(),
            clock=clock,
            listener=listener,
            random_source=random_source,
            registry=registry,
        )

    @property
    def store_address(self) -> str:
        """Where the store is, without its password, if other replicas use it, too; else empty."""
        return ""

    def refresh(self) -> None:
        """Take over scenario, limits and clock if another replica has set them: none does, as the store is its own."""


TASKS_AT_ONCE = Options(time_scale=0)
"""The options of the default fake for callers in this process: its tasks end at once."""


def default_fake() -> Fake:
    """Return the default fake for callers in this process."""
    return Fake(TASKS_AT_ONCE)

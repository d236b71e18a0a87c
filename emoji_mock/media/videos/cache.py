"""Videos are made here: two at once at the most, and the last ones are kept within a bound."""

from __future__ import annotations

from hashlib import blake2b
from importlib.util import find_spec
from threading import Lock
from typing import TYPE_CHECKING

from emoji_mock.contract import samples
from emoji_mock.contract.endpoint import VIDEO_FPS, VIDEO_LONGEST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PIL.Image import Image

    from emoji_mock.media.videos.scene import Scene

ROOM = 32 * 1024 * 1024
"""How many bytes of videos are kept; the ones that were not asked for longest go first."""
AT_ONCE = 2


class VideoCache:
    """Makes videos with `make` and keeps them, at most `room` bytes; safe from any thread."""

    def __init__(self, make: Callable[[Scene], bytes], room: int = ROOM) -> None:
        self._make = make
        self._room = room
        self._lock = Lock()
        self._kept: dict[bytes, bytes] = {}
        self._bytes = 0
        # A scene always comes to the same desk, so that nobody makes it a second time meanwhile.
        self._desks = tuple(Lock() for _ in range(AT_ONCE))

    def make_video(self, scene: Scene) -> bytes:
        """Return the video of `scene`, made now if it is not kept."""
        mark = blake2b(repr(scene).encode(errors="replace"), digest_size=16).digest()
        found = self._find(mark)
        if found is not None:
            return found
        with self._desks[mark[0] % AT_ONCE]:
            found = self._find(mark)
            if found is None:
                found = self._make(scene)
                self._keep(mark, found)
            return found

    def _find(self, mark: bytes) -> bytes | None:
        with self._lock:
            found = self._kept.pop(mark, None)
            if found is not None:
                self._kept[mark] = found
            return found

    def _keep(self, mark: bytes, video: bytes) -> None:
        with self._lock:
            self._kept[mark] = video
            self._bytes += len(video)
            while self._bytes > self._room:
                self._bytes -= len(self._kept.pop(next(iter(self._kept))))


def make(scene: Scene) -> bytes:
    """Return the video of `scene`, or one that was made before, as long, where PyAV is not installed."""
    if find_spec("av") is None:
        return samples.video(_seconds(scene))
    from emoji_mock.media.videos.render import encode  # noqa: PLC0415 - the extra `video`, loaded when it is first wanted

    return encode(pictures(scene))


def pictures(scene: Scene) -> Iterator[Image]:
    """Return the pictures of the video of `scene`, one by one."""
    from emoji_mock.media.videos.pose import pose  # noqa: PLC0415 - likewise
    from emoji_mock.media.videos.still import still  # noqa: PLC0415 - Pillow loads here
    from emoji_mock.media.videos.warp import warped  # noqa: PLC0415

    seconds, first = _seconds(scene), still(scene)
    number = VIDEO_FPS * seconds
    return (warped(first, pose(scene.driven_id, place / number, seconds)) for place in range(number))


def _seconds(scene: Scene) -> int:
    return min(max(1, scene.seconds), VIDEO_LONGEST)


make_video = VideoCache(make).make_video

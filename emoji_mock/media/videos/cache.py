"""A cache of videos, bounded in bytes, which limits how many are rendered at a time."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from emoji_mock.media.videos.render import render

if TYPE_CHECKING:
    from collections.abc import Callable

    from emoji_mock.media.videos.scene import Scene

CACHE_BYTES = 32 * 1024 * 1024
CONCURRENT_RENDERINGS = 2


class VideoCache:
    """Render videos with `render` and keep the last used ones, up to `max_bytes`. Thread-safe."""

    def __init__(self, render: Callable[[Scene], bytes], max_bytes: int = CACHE_BYTES) -> None:
        self._render = render
        self._max_bytes = max_bytes
        self._lock = Lock()
        self._videos: dict[bytes, bytes] = {}
        self._bytes = 0
        # Equal scenes share a lock, so that a scene is not rendered twice at the same time.
        self._render_locks = tuple(Lock() for _ in range(CONCURRENT_RENDERINGS))

    def make_video(self, scene: Scene) -> bytes:
        """Return the MP4 file of `scene`, rendered if it is not in the cache."""
        key = scene.digest()
        video = self._find(key)
        if video is not None:
            return video
        with self._render_locks[key[0] % CONCURRENT_RENDERINGS]:
            video = self._find(key)
            if video is None:
                video = self._render(scene)
                self._keep(key, video)
            return video

    def _find(self, key: bytes) -> bytes | None:
        with self._lock:
            video = self._videos.pop(key, None)
            if video is not None:
                self._videos[key] = video
            return video

    def _keep(self, key: bytes, video: bytes) -> None:
        with self._lock:
            self._videos[key] = video
            self._bytes += len(video)
            while self._bytes > self._max_bytes:
                self._bytes -= len(self._videos.pop(next(iter(self._videos))))


make_video = VideoCache(render).make_video

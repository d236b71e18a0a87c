"""A cache of videos, bounded in bytes, which limits how many are rendered at a time."""

from __future__ import annotations

from threading import Lock, Semaphore
from typing import TYPE_CHECKING

from emoji_mock._support.fork_safety import Locked
from emoji_mock.media.videos.render import render

if TYPE_CHECKING:
    from collections.abc import Callable

    from emoji_mock.media.videos.scene import Scene

CACHE_BYTES = 32 * 1024 * 1024
CONCURRENT_RENDERINGS = 2


class VideoCache(Locked):
    """Render videos with `render` and keep the last used ones, up to `max_bytes`. Thread-safe."""

    def __init__(self, render: Callable[[Scene], bytes], max_bytes: int = CACHE_BYTES) -> None:
        super().__init__()
        self._render = render
        self._max_bytes = max_bytes
        self._videos: dict[bytes, bytes] = {}
        self._bytes = 0
        self._slots = Semaphore(CONCURRENT_RENDERINGS)
        # One lock a scene, so that none is rendered twice at the same time, and different scenes do not wait.
        self._render_locks: dict[bytes, Lock] = {}

    def after_fork(self) -> None:
        """Forget the renderings of the parent process."""
        super().after_fork()
        self._slots, self._render_locks = Semaphore(CONCURRENT_RENDERINGS), {}

    def make_video(self, scene: Scene) -> bytes:
        """Return the MP4 file of `scene`, rendered if it is not in the cache."""
        key = scene.digest()
        video = self._find(key)
        if video is not None:
            return video
        with self._lock:
            render_lock = self._render_locks.setdefault(key, Lock())
        with render_lock:
            video = self._find(key)
            if video is None:
                with self._slots:
                    video = self._render(scene)
                self._keep(key, video)
        with self._lock:
            self._render_locks.pop(key, None)
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

"""Keep what was seen in pictures, so that a picture that comes again is not looked at again."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

from emoji_mock._support.fork_safety import Locked

if TYPE_CHECKING:
    from collections.abc import Callable

    from emoji_mock.contract.vision import PictureFacts

MOST = 1000
"""How many pictures are remembered; of each some hundred bytes, or a few thousand where there are fifty faces."""


class SeenPictures(Locked):
    """What was seen in the pictures that came last, by the digests of their files. Safe from any thread."""

    def __init__(self, most: int = MOST) -> None:
        super().__init__()
        self._most = most
        self._seen: dict[tuple[bytes, bool], PictureFacts] = {}

    def get(self, data: bytes, upright: bool, see: Callable[[], PictureFacts]) -> PictureFacts:  # noqa: FBT001
        """Return what was seen in the file `data`, by `see` if it is not remembered; what that raises is not kept."""
        key = blake2b(data, digest_size=16).digest(), upright
        with self._lock:
            facts = self._seen.pop(key, None)
            if facts is not None:
                self._seen[key] = facts  # now the last
                return facts
        facts = see()
        with self._lock:
            self._seen[key] = facts
            while len(self._seen) > self._most:
                del self._seen[next(iter(self._seen))]
        return facts

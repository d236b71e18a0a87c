"""The description of a video. It loads no library, so that a caller can describe a video before one is made."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from emoji_mock.contract.endpoint import VIDEO_FPS, VIDEO_SIDE
from emoji_mock.contract.geometry import Size

if TYPE_CHECKING:
    from emoji_mock.contract.geometry import Box

LONGEST = 300
"""The longest video in seconds; a task of more has one of as many."""
LARGEST_SIDE = 2048
DRAWN_PIXELS = 50 * VIDEO_SIDE * VIDEO_SIDE
"""So many pixels are drawn for a video, about those of the longest of emoji-v1; then it begins again."""


class Scene(NamedTuple):
    """A picture, its face, a motion, and the length and the frames of the video. Equal scenes make equal videos.

    `boxes` are the face and the larger box around it, in pixels of the picture; without them, the middle of the picture
    is shown. `picture` is the picture file, or empty: then a portrait is drawn, with a seed made from `image_url`. The
    boxes are in the picture as it is stored, or as its EXIF orientation turns it `upright`, which is how it is shown.
    Without a `driven_id`, the face speaks. `identity`, if any, replaces `image_url`.
    """

    image_url: str
    boxes: tuple[Box, Box] | None
    driven_id: str
    seconds: float
    size: Size = Size(VIDEO_SIDE, VIDEO_SIDE)
    fps: int = VIDEO_FPS
    picture: bytes = b""
    upright: bool = False
    identity: str = ""

    @property
    def frame(self) -> Size:
        """The size of the frames in pixels: even, as H.264 has them, and within bounds."""
        scale = min(1.0, LARGEST_SIDE / max(1, *self.size))
        width, height = (max(16, round(side * scale / 2) * 2) for side in self.size)
        return Size(width, height)

    @property
    def frames(self) -> int:
        """How many frames the video has."""
        return max(1, round(min(self.seconds, LONGEST) * self.fps))

    @property
    def drawn(self) -> int:
        """How many different frames are drawn; each is shown `held` times, and after the last one comes the first."""
        most = DRAWN_PIXELS // (self.frame.width * self.frame.height)
        return min(max(most, 6), -(-self.frames // self.held)) if self.is_long else self.frames

    @property
    def held(self) -> int:
        """How many times in a row a frame is shown: a large one more than once, to last longer for the same work."""
        return min(3, 1 + self.frame.width * self.frame.height // 400_000) if self.is_long else 1

    @property
    def is_long(self) -> bool:
        """Whether drawing every frame would take longer than for the longest video of emoji-v1."""
        return self.frames * self.frame.width * self.frame.height > 75 * VIDEO_SIDE * VIDEO_SIDE

    def identified(self) -> Scene:
        """Return the scene with its picture, if there is one, known by its bytes and not by its URL."""
        return self._replace(identity=blake2b(self.picture, digest_size=16).hexdigest()) if self.picture else self

    def digest(self) -> bytes:
        """Return 16 bytes that identify the scene."""
        described = self._replace(picture=b"", image_url=self.identity or self.image_url)  # a picture is large
        picture = blake2b(self.picture, digest_size=16).digest()
        return blake2b(repr(described).encode(errors="replace") + picture, digest_size=16).digest()

"""The description of a video. It loads no library, so that a caller can describe a video before one is made."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from emoji_mock.contract.endpoint import VIDEO_FPS, VIDEO_LONGEST, VIDEO_SIDE
from emoji_mock.contract.geometry import Size

if TYPE_CHECKING:
    from emoji_mock.contract.geometry import Box


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
    def length(self) -> int:
        """The length of the video in seconds, within the vendor's limits."""
        return min(max(1, round(self.seconds)), VIDEO_LONGEST)

    def identified(self) -> Scene:
        """Return the scene with its picture, if there is one, known by its bytes and not by its URL."""
        return self._replace(identity=blake2b(self.picture, digest_size=16).hexdigest()) if self.picture else self

    def digest(self) -> bytes:
        """Return 16 bytes that identify the scene."""
        described = self._replace(picture=b"", image_url=self.identity or self.image_url)  # a picture is large
        picture = blake2b(self.picture, digest_size=16).digest()
        return blake2b(repr(described).encode(errors="replace") + picture, digest_size=16).digest()

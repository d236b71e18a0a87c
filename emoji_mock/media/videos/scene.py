"""The description of a video. It loads no library, so that a caller can describe a video before one is made."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from emoji_mock.contract.endpoint import VIDEO_LONGEST

if TYPE_CHECKING:
    from emoji_mock.contract.geometry import Box


class Scene(NamedTuple):
    """A picture, its face, a motion and a length in seconds. Equal scenes make equal videos.

    `face` and `ext`, the larger box around it, are in pixels of the picture. `picture` is the picture file, or empty:
    then a portrait is drawn, with a seed made from `image_url`. The boxes are in the picture as it is stored, or as its
    EXIF orientation turns it `upright`, which is how it is shown. `identity`, if any, replaces `image_url`.
    """

    image_url: str
    face: Box
    ext: Box
    driven_id: str
    seconds: int
    picture: bytes = b""
    upright: bool = False
    identity: str = ""

    @property
    def length(self) -> int:
        """The length of the video in seconds, within the vendor's limits."""
        return min(max(1, self.seconds), VIDEO_LONGEST)

    def identified(self) -> Scene:
        """Return the scene with its picture, if there is one, known by its bytes and not by its URL."""
        return self._replace(identity=blake2b(self.picture, digest_size=16).hexdigest()) if self.picture else self

    def digest(self) -> bytes:
        """Return 16 bytes that identify the scene."""
        described = self._replace(picture=b"", image_url=self.identity or self.image_url)  # a picture is large
        picture = blake2b(self.picture, digest_size=16).digest()
        return blake2b(repr(described).encode(errors="replace") + picture, digest_size=16).digest()

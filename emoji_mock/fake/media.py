"""The port for pictures and videos: the service calls it, assembly.py implements it by `emoji_mock.media`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from emoji_mock.contract.geometry import Box, Size
    from emoji_mock.contract.row import Row


class Media(Protocol):
    """Inspects pictures and makes videos. Safe from any thread."""

    def inspect(self, data: bytes, *, upright: bool) -> Size | Row:
        """Return the size in pixels of the picture file `data`, or the row with which the vendor refuses it.

        `upright` counts the size as the picture's EXIF orientation turns it, not as its pixels are stored.
        An implementation bounds the memory and the time that a small file can cost.
        """
        ...

    def make_video(
        self, *, image_url: str, face: Box, ext: Box, driven_id: str, seconds: int, picture: bytes, upright: bool
    ) -> bytes:
        """Return an MP4 file in which `face` moves by the template `driven_id` for `seconds`.

        `picture` is the picture file, or empty where the service holds only its URL; the boxes are counted in it as
        `upright` says. Equal arguments make equal videos.
        """
        ...

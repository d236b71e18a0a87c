"""Inspect picture files: format, size, and whether the file is complete. Nothing is fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emoji_mock.contract.endpoint import IMAGE_BYTES, IMAGE_SIDES
from emoji_mock.contract.rows import failed, service
from emoji_mock.media.decoding import one_at_a_time
from emoji_mock.media.formats import BrokenPictureError, read_picture

if TYPE_CHECKING:
    from emoji_mock.contract.geometry import Size
    from emoji_mock.contract.row import Row


def inspect(data: bytes, *, upright: bool = False) -> Size | Row:
    """Return the size in pixels of the picture file `data`, or the row with which the vendor refuses it.

    The size is that of the pixels as stored, or of the picture turned `upright` by its EXIF orientation. One rule holds
    for all sizes: a picture is taken if it is complete, whatever else is in the file or behind its end.
    """
    if len(data) > IMAGE_BYTES:
        return service.FILE_SIZE
    shortest, longest = IMAGE_SIDES
    with one_at_a_time():
        try:
            picture = read_picture(data)
            if picture is None:
                return service.BAD_URL
            if min(picture.size) < shortest or max(picture.size) > longest:
                return failed.RESOLUTION
            picture.check()
        except BrokenPictureError:
            return service.CANNOT_DECODE
    return picture.upright_size if upright else picture.size

"""Inspect picture files: format, size, and whether the file is complete. Nothing is fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emoji_mock.contract.rows import service
from emoji_mock.media.decoding import one_at_a_time
from emoji_mock.media.formats import BrokenPictureError, read_picture

if TYPE_CHECKING:
    from emoji_mock.contract.geometry import Size
    from emoji_mock.contract.model import PictureLimits
    from emoji_mock.contract.row import Row


def inspect(data: bytes, limits: PictureLimits, *, upright: bool = False) -> Size | Row:
    """Return the size in pixels of the picture file `data`, or the row with which a model of `limits` refuses it.

    The size is that of the pixels as stored, or of the picture turned `upright` by its EXIF orientation. One rule holds
    for all sizes: a picture is taken if it is complete, whatever else is in the file or behind its end.
    """
    if len(data) > limits.longest:
        return limits.bytes_row
    with one_at_a_time():
        try:
            picture = read_picture(data)
            if picture is None or picture.pillow_format not in limits.formats:
                return limits.format_row
            if (row := limits.refuse_size(picture.size)) is not None:
                return row
            picture.check()
        except BrokenPictureError:
            return service.CANNOT_DECODE
    return picture.upright_size if upright else picture.size

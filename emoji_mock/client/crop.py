"""Cutting a box out of a picture, with Pillow."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image

from emoji_mock.contract.geometry import Box, Size

if TYPE_CHECKING:
    from pathlib import Path


def crop(picture: Image.Image | Path | str | bytes, box: Box) -> Image.Image:
    """Return the part of `picture` inside `box`. Raises ValueError if the box does not lie in it.

    Pixels are counted as they are stored: a turn written into the file's EXIF is not followed.
    """
    if not isinstance(picture, Image.Image):
        with Image.open(BytesIO(picture) if isinstance(picture, bytes) else picture) as opened:
            return crop(opened, box)
    size = Size(*picture.size)
    if not box.within(size):
        raise ValueError(
            f"{box.as_tuple()} does not lie in a picture of {size.width}x{size.height} pixels;"
            " give the picture that was asked about, not resized"
        )
    return picture.crop(box.as_tuple())

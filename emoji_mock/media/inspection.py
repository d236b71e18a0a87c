"""Inspect picture files: format, size, and whether the file is complete. Nothing is fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image, UnidentifiedImageError

from emoji_mock.contract.endpoint import IMAGE_BYTES, IMAGE_SIDES
from emoji_mock.contract.geometry import Size
from emoji_mock.contract.rows import failed, service
from emoji_mock.media.decoding import DECODING_ERRORS, has_many_scans, open_picture

if TYPE_CHECKING:
    from emoji_mock.contract.row import Row

DECODED_PIXELS = 4_000_000
"""A picture with more pixels, or a JPEG of very many scans, is not decoded: only checks in little memory are made."""


def inspect(data: bytes) -> Size | Row:
    """Return the size in pixels of the picture file `data`, or the row with which the vendor refuses it."""
    if len(data) > IMAGE_BYTES:
        return service.FILE_SIZE
    size, complete = Size(0, 0), False
    shortest, longest = IMAGE_SIDES
    try:
        with open_picture(data) as picture:
            size = Size(*picture.size)
            if min(size) < shortest or max(size) > longest:
                return failed.RESOLUTION
            complete = _is_complete(picture, data)
    except UnidentifiedImageError:
        return service.BAD_URL
    except Image.DecompressionBombError:
        return failed.RESOLUTION  # Pillow's limit is above the square of the longest side
    except DECODING_ERRORS:
        pass
    return size if complete else service.CANNOT_DECODE


def _is_complete(picture: Image.Image, data: bytes) -> bool:
    """Return whether the file is complete, as far as can be found out cheaply. Raises Pillow's exceptions if not."""
    if picture.format == "BMP" and picture.info.get("compression"):
        return True  # Pillow unpacks run lengths in Python, which takes seconds, and such pictures are rare
    if picture.width * picture.height <= DECODED_PIXELS and not has_many_scans(picture, data):
        picture.load()
    elif picture.format == "PNG":
        picture.verify()  # checksums of the chunks; no pixel is unpacked
    elif picture.format in ("JPEG", "MPO"):
        return b"\xff\xd9" in data[-1024:]  # the end marker; libjpeg may keep every coefficient of a scan in memory
    return True

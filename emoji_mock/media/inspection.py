"""Pictures that the fake holds are really looked at: format, size and whether the file is whole.

Nothing is fetched, and no picture costs more memory than DECODED_PIXELS, however small its file is.
"""

from __future__ import annotations

import warnings
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING

from emoji_mock.contract.endpoint import IMAGE_BYTES, IMAGE_FORMATS, IMAGE_SIDES
from emoji_mock.contract.geometry import Size
from emoji_mock.contract.rows import failed, service

if TYPE_CHECKING:
    from PIL.Image import Image

    from emoji_mock.contract.row import Row

_ONE_AT_A_TIME = Lock()  # bounds the memory, and keeps the warning filters, which belong to the process, in order

DECODED_PIXELS = 4_000_000
"""Up to here a picture is decoded to see whether it is whole; of a larger one only what costs no memory is checked.

So it is with a JPEG of very many scans, each of which costs a pass over all pixels."""


def inspect(data: bytes) -> Size | Row:
    """Return the size in pixels of the picture file `data`, or the row with which the vendor refuses it."""
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - only a picture that is held pays for Pillow

    if len(data) > IMAGE_BYTES:
        return service.FILE_SIZE
    size, whole = Size(0, 0), False
    shortest, longest = IMAGE_SIDES
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(BytesIO(data), formats=IMAGE_FORMATS) as picture:
                size = Size(*picture.size)
                if min(size) < shortest or max(size) > longest:
                    return failed.RESOLUTION
                whole = _is_whole(picture, data)
        except UnidentifiedImageError:
            return service.BAD_URL
        except Image.DecompressionBombError:
            return failed.RESOLUTION  # more pixels than the longest side squared
        except (OSError, ValueError, SyntaxError, EOFError, OverflowError, MemoryError):
            pass  # Pillow's names for a broken file
    return size if whole else service.CANNOT_DECODE


def _is_whole(picture: Image, data: bytes) -> bool:
    if picture.format == "BMP" and picture.info.get("compression"):
        return True  # run lengths, which Pillow unpacks in Python: seconds for a picture that nobody sends
    from emoji_mock.media.decoding import has_many_scans  # noqa: PLC0415 - only a picture that is held pays for it

    if picture.width * picture.height <= DECODED_PIXELS and not has_many_scans(picture.format, data):
        picture.load()
    elif picture.format == "PNG":
        picture.verify()  # checksums, chunk by chunk: no pixel is unpacked
    elif picture.format in ("JPEG", "MPO"):
        return b"\xff\xd9" in data[-1024:]  # the end marker; libjpeg may keep every coefficient of a scan in memory
    return True

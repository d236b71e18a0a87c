"""Pictures that the fake holds are really looked at: format, size and whether the file is whole.

Nothing is fetched, and no picture costs more memory than DECODED_PIXELS, however small its file is.
"""

from __future__ import annotations

import binascii
import warnings
from base64 import b64decode
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from emoji_mock.contract.endpoint import IMAGE_BYTES, IMAGE_FORMATS, IMAGE_SIDES
from emoji_mock.contract.geometry import Size
from emoji_mock.contract.rows import failed, service
from emoji_mock.fake.refusal import Refused

if TYPE_CHECKING:
    from PIL.Image import Image

_ONE_AT_A_TIME = Lock()  # bounds the memory, and keeps the warning filters, which belong to the process, in order
_ESCAPES = 100_000  # percent signs in a `data:` URL; more would cost hundreds of megabytes to undo

DECODED_PIXELS = 4_000_000
"""Up to here a picture is decoded to see whether it is whole; of a larger one only what costs no memory is checked.

So it is with a JPEG of very many scans, each of which costs a pass over all pixels."""


def decode_data_url(image_url: str) -> bytes:
    """Return the bytes of a `data:` URL. Raises Refused with InvalidURL if it is none."""
    head, comma, payload = image_url.partition(",")
    if not comma:
        raise Refused(service.BAD_URL)
    if payload.count("%") > _ESCAPES:
        raise Refused(service.BAD_URL)
    data = unquote_to_bytes(payload) if "%" in payload else payload.encode()
    if not head.rstrip().lower().endswith(";base64"):
        return data
    try:
        return b64decode(data, validate=True)
    except binascii.Error:
        raise Refused(service.BAD_URL) from None


def inspect(data: bytes) -> Size:
    """Return the size of the picture in `data`. Raises Refused with what the vendor says of a bad one."""
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - only a picture that is held pays for Pillow

    if len(data) > IMAGE_BYTES:
        raise Refused(service.FILE_SIZE)
    size, whole = Size(0, 0), False
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(BytesIO(data), formats=IMAGE_FORMATS) as picture:
                size = check_sides(Size(*picture.size))
                whole = _is_whole(picture, data)
        except UnidentifiedImageError:
            raise Refused(service.BAD_URL) from None
        except Image.DecompressionBombError:
            raise Refused(failed.RESOLUTION) from None  # more pixels than the longest side squared
        except (OSError, ValueError, SyntaxError, EOFError, OverflowError, MemoryError):
            pass  # Pillow's names for a broken file
    if not whole:
        raise Refused(service.CANNOT_DECODE)
    return size


def check_sides(size: Size) -> Size:
    """Return `size` if the vendor takes such a picture. Raises Refused with InvalidFile.Resolution."""
    shortest, longest = IMAGE_SIDES
    if min(size) < shortest or max(size) > longest:
        raise Refused(failed.RESOLUTION)
    return size


def _is_whole(picture: Image, data: bytes) -> bool:
    if picture.format == "BMP" and picture.info.get("compression"):
        return True  # run lengths, which Pillow unpacks in Python: seconds for a picture that nobody sends
    from emoji_mock.media.scans import has_many_scans  # noqa: PLC0415 - only a picture that is held pays for it

    if picture.width * picture.height <= DECODED_PIXELS and not has_many_scans(picture.format, data):
        picture.load()
    elif picture.format == "PNG":
        picture.verify()  # checksums, chunk by chunk: no pixel is unpacked
    elif picture.format in ("JPEG", "MPO"):
        return b"\xff\xd9" in data[-1024:]  # the end marker; libjpeg may keep every coefficient of a scan in memory
    return True

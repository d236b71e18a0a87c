"""Open picture files with Pillow so that a small file cannot cost much memory or time."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING

from PIL import Image

from emoji_mock.contract.endpoint import IMAGE_FORMATS

if TYPE_CHECKING:
    from collections.abc import Generator

DECODING_ERRORS = (OSError, ValueError, SyntaxError, EOFError, OverflowError, MemoryError)
"""The exceptions that Pillow raises for a broken file."""

MAX_SCANS = 64
"""A JPEG with more scans is not decoded, as each may need a pass over all pixels; encoders write about a dozen."""

_SCAN_MARKER = b"\xff\xda"
_lock = Lock()  # one picture at a time bounds the memory, and the warning filters belong to the whole process


@contextmanager
def open_picture(data: bytes) -> Generator[Image.Image]:
    """Open a picture file in one of the vendor's formats, without Pillow's warnings. Raises Pillow's exceptions.

    Only one picture is open at a time, so decode it inside the block.
    """
    with _lock, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(BytesIO(data), formats=IMAGE_FORMATS) as picture:
            yield picture


def has_many_scans(picture: Image.Image, data: bytes) -> bool:
    """Return whether `picture`, opened from `data`, is a JPEG with more than MAX_SCANS scans."""
    return picture.format in ("JPEG", "MPO") and data.count(_SCAN_MARKER) > MAX_SCANS

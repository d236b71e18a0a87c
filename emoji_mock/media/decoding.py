"""Open picture files with Pillow so that a small file cannot cost much memory or time."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING

from PIL import Image

from emoji_mock.media.formats import BrokenPictureError, read_picture
from emoji_mock.media.formats.pillow_decoders import DECODING_ERRORS

if TYPE_CHECKING:
    from collections.abc import Generator

    from emoji_mock.media.formats import PictureFile

_lock = Lock()  # one picture at a time bounds the memory, and the warning filters belong to the whole process


@contextmanager
def one_at_a_time() -> Generator[None]:
    """Wait until no other picture is read, and silence Pillow's warnings."""
    with _lock, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def open_picture(data: bytes) -> Generator[tuple[PictureFile, Image.Image]]:
    """Open a picture file in one of the vendor's formats. Raises BrokenPictureError, also for Pillow's exceptions.

    Only one picture is open at a time, so decode it inside the block.
    """
    with one_at_a_time():
        file = read_picture(data)
        if file is None:
            raise BrokenPictureError("not a JPEG, PNG, BMP or WebP")
        try:
            with Image.open(BytesIO(file.bare()), formats=(file.pillow_format,)) as picture:
                yield file, picture
        except BrokenPictureError:
            raise
        except DECODING_ERRORS as error:
            raise BrokenPictureError(f"Pillow cannot decode it: {error}") from error

"""Pillow's JPEG decoder by itself. It is private to Pillow, and the only such thing here; a test names what is used.

Pillow's public functions do not say whether a JPEG is complete: the decoder paints what is missing grey, and reports
nothing. But it returns how many bytes it has consumed.
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, Any

from PIL import Image

if TYPE_CHECKING:
    from emoji_mock.contract.geometry import Size

DECODING_ERRORS = (
    OSError, ValueError, SyntaxError, EOFError, ArithmeticError, MemoryError, LookupError, TypeError,
    struct.error, zlib.error, Image.DecompressionBombError,
)  # fmt: skip
"""What Pillow raises for broken files."""

SCALE = 8
"""The largest scale at which libjpeg decodes: one pixel for each block of 8 by 8."""

# libjpeg reads ahead, at most eight bytes. 24 bytes of ones are no code of any picture, so each of its symbols costs
# 17 bits: what is missing in a scan is not made up for by them, but for a block or two.
_FILLER = b"\xff\0" * 24
_FILL = b"\xff" * 8
"""Fill bytes, which may stand before any marker, and are never consumed without one."""


def read_jpeg(data: bytes, mode: str, size: Size, *, buffered: bool, ended: bool) -> bool:
    """Decode a JPEG at an eighth of its size, and return whether its last scan is complete.

    `data` ends where its last scan does, without the end marker, which followed if `ended`. It is `buffered` if it has
    several scans: then libjpeg keeps all coefficients up to the end marker. Raises OSError if it cannot be decoded.
    """
    small = Image.new(mode, (-(-size.width // SCALE), -(-size.height // SCALE)))
    library: Any = Image  # its core has no types
    decoder = library.core.jpeg_decoder(mode, "CMYK;I" if mode == "CMYK" else mode, "", SCALE, 0)
    decoder.setimage(small.im, (0, 0, *small.size))
    rest = data + _FILLER + _FILL if ended else data
    for _ in range(3):
        consumed, error = decoder.decode(rest)
        if error < 0:
            raise OSError(f"libjpeg does not decode it: {error}")
        if consumed < 0:
            return True  # the last row is painted
        rest = rest[consumed:]
        # Between two scans libjpeg passes over every byte but fill bytes. Within one it keeps them until it has eight.
        if not (buffered and ended) or len(rest) > len(_FILL):
            return False
        rest = rest[: -len(_FILL)] + b"\x7f" + _FILL
    return True

"""WebP: a RIFF container of chunks around one bitstream, or several frames.

https://developers.google.com/speed/webp/docs/riff_container
"""

from __future__ import annotations

import struct
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image

from emoji_mock.contract.geometry import Size
from emoji_mock.media.formats.exif import orientation_of
from emoji_mock.media.formats.picture_file import MAX_PARTS, BrokenPictureError, PictureFile
from emoji_mock.media.formats.pillow_decoders import DECODING_ERRORS

if TYPE_CHECKING:
    from collections.abc import Iterator

_FIRST_CHUNK = 12
_LOSSY, _LOSSLESS, _EXTENDED, _FRAME, _EXIF = b"VP8 ", b"VP8L", b"VP8X", b"ANMF", b"EXIF"
_FRAME_HEADER = 16
_ANIMATED = 0x02
_PIXEL_BYTES = 12
"""What is needed for each pixel besides its own four bytes: libwebp keeps two canvases, and copies one of them."""
_DECODED_PIXELS = 8_000_000
"""A larger picture is judged by its container and the header of its bitstream alone: 100 MB are needed for this one."""


class WebpFile(PictureFile):
    """A WebP, with or without an animation."""

    pillow_format = "WEBP"

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._end = 8 + int.from_bytes(data[4:8], "little")
        kind, start, end = next(self._chunks(_FIRST_CHUNK, min(self._end, len(data))), (b"", 0, 0))
        head = data[start : min(end, start + 10)]
        self._extended = kind == _EXTENDED
        if self._extended and len(head) == 10:  # noqa: PLR2004 - flags, then two sides of three bytes
            self._animated = bool(head[0] & _ANIMATED)
            self.size = Size(1 + int.from_bytes(head[4:7], "little"), 1 + int.from_bytes(head[7:10], "little"))
        else:
            self._animated = False
            self.size = _size(kind, head)

    @property
    def working_bytes(self) -> int:
        """About how many bytes Pillow needs to decode it, besides those of the picture in memory."""
        return _PIXEL_BYTES * self.size.width * self.size.height

    @property
    def orientation(self) -> int:
        """The orientation in the chunk EXIF."""
        if not self._extended:
            return 1
        chunks = self._chunks(_FIRST_CHUNK, min(self._end, len(self._data)))
        return next((orientation_of(self._data[start:end]) for kind, start, end in chunks if kind == _EXIF), 1)

    def check(self) -> None:
        """Raise BrokenPictureError unless the container is whole and holds a picture that libwebp decodes."""
        if self._end > len(self._data):
            raise BrokenPictureError("the file is shorter than it says")
        self._check_bitstream()
        if self.size.width * self.size.height > _DECODED_PIXELS:
            return
        try:
            with Image.open(BytesIO(self._data), formats=(self.pillow_format,)) as picture:
                picture.load()
        except DECODING_ERRORS as error:
            raise BrokenPictureError("libwebp does not decode it") from error

    def _check_bitstream(self) -> None:
        """Check the header of the picture, or of the first frame: decoders ignore odd frames behind it."""
        wanted = (_FRAME,) if self._animated else (_LOSSY, _LOSSLESS)
        chunks = self._chunks(_FIRST_CHUNK, self._end)
        kind, start, end = next((chunk for chunk in chunks if chunk[0] in wanted), (b"", 0, 0))
        if kind == _FRAME:
            inner = self._chunks(start + _FRAME_HEADER, end)
            kind, start, end = next((chunk for chunk in inner if chunk[0] in (_LOSSY, _LOSSLESS)), (b"", 0, 0))
        if end > self._end:
            raise BrokenPictureError("a chunk is cut")
        size = _size(kind, self._data[start : min(end, start + 10)])
        if kind == _LOSSY and int.from_bytes(self._data[start : start + 3], "little") >> 5 > end - start:
            raise BrokenPictureError("the first partition is cut")
        if not self._animated and size != self.size:
            raise BrokenPictureError("the bitstream has another size")

    def bare(self) -> bytes:
        """Return the file: libwebp passes over its metadata."""
        return self._data

    def _chunks(self, place: int, stop: int) -> Iterator[tuple[bytes, int, int]]:
        """Yield kind, start and end of the chunks from `place` on; the last may end behind `stop`."""
        for _ in range(MAX_PARTS):
            if place + 8 > stop:
                return
            kind, length = struct.unpack_from("<4sI", self._data, place)
            yield kind, place + 8, place + 8 + length
            place += 8 + length + length % 2
        raise BrokenPictureError("too many chunks")


def _size(kind: bytes, head: bytes) -> Size:
    """Return the size that the header of a bitstream states. Raises BrokenPictureError if it is none."""
    if kind == _LOSSY and len(head) == 10 and not head[0] & 1 and head[3:6] == b"\x9d\x01\x2a":  # noqa: PLR2004 - RFC 6386, 9.1
        width, height = struct.unpack("<HH", head[6:10])
        return Size(width & 0x3FFF, height & 0x3FFF)
    if kind == _LOSSLESS and len(head) >= 5 and head[0] == 0x2F:  # noqa: PLR2004 - signature, and two sides of 14 bits
        sides = int.from_bytes(head[1:5], "little")
        return Size(1 + (sides & 0x3FFF), 1 + (sides >> 14 & 0x3FFF))
    raise BrokenPictureError("WebP without a picture")

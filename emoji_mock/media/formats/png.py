"""PNG: chunks with checksums, and one zlib stream of rows (https://www.w3.org/TR/png-3/)."""

from __future__ import annotations

import struct
import zlib
from functools import cached_property
from typing import NamedTuple

from emoji_mock.contract.geometry import Size
from emoji_mock.media.formats.exif import orientation_of
from emoji_mock.media.formats.picture_file import MAX_PARTS, BrokenPictureError, PictureFile
from emoji_mock.media.formats.png_rows import check_rows

SIGNATURE = b"\x89PNG\r\n\x1a\n"

_HEADER = struct.Struct(">IIBBBBB")
_CHUNK = struct.Struct(">I4s")
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
_PALETTE = 3
_COLOURS = 256
# Of a PNG with several pictures (APNG) only the first is looked at; it is in the same chunks as that of a plain PNG.
_LAST_SIDE = 2**31
_FIRST_CHUNK = 33
"""Where the chunk after the header begins."""


class _Chunks(NamedTuple):
    """The chunks that make the picture. An optional one is empty if it is missing or its checksum is wrong."""

    pixels: bytearray
    palette: bytes
    transparency: bytes
    exif: bytes


class PngFile(PictureFile):
    """A PNG. Only the chunks that make the picture are checked; decoders ignore an odd text or colour profile."""

    pillow_format = "PNG"

    def __init__(self, data: bytes) -> None:
        self._data = data
        if data[8:16] != b"\0\0\0\rIHDR" or len(data) < _FIRST_CHUNK:
            raise BrokenPictureError("PNG without a header")
        self._header = data[16:29]
        if zlib.crc32(data[12:29]) != int.from_bytes(data[29:33], "big"):
            raise BrokenPictureError("wrong checksum of the header")
        width, height, depth, colour, compression, filtering, interlace = _HEADER.unpack(self._header)
        if not (0 < width < _LAST_SIDE and 0 < height < _LAST_SIDE):
            raise BrokenPictureError("a side of no pixel")
        if depth not in _DEPTHS.get(colour, ()) or compression or filtering or interlace > 1:
            raise BrokenPictureError("unknown kind of PNG")
        self.size = Size(width, height)
        self._bits, self._has_palette, self._interlaced = depth * _CHANNELS[colour], colour == _PALETTE, bool(interlace)

    @property
    def orientation(self) -> int:
        """The orientation in the chunk eXIf."""
        return orientation_of(self._chunks.exif)

    def check(self) -> None:
        """Raise BrokenPictureError unless every row is there and every checksum that covers the pixels is right."""
        chunks = self._chunks
        if self._has_palette and not chunks.palette:
            raise BrokenPictureError("no palette")
        check_rows(chunks.pixels, self.size, self._bits, interlaced=self._interlaced)

    def bare(self) -> bytes:
        """Return the header, the palette, its transparency and the pixels."""
        chunks = self._chunks
        named = ((b"PLTE", chunks.palette), (b"tRNS", chunks.transparency), (b"IDAT", chunks.pixels))
        kept = [(b"IHDR", self._header), *(chunk for chunk in named if chunk[1]), (b"IEND", b"")]
        return SIGNATURE + b"".join(
            _CHUNK.pack(len(content), kind) + content + zlib.crc32(content, zlib.crc32(kind)).to_bytes(4, "big")
            for kind, content in kept
        )

    @cached_property
    def _chunks(self) -> _Chunks:
        data, view = self._data, memoryview(self._data)
        pixels, place, ended = bytearray(), _FIRST_CHUNK, False
        kept: dict[bytes, bytes] = {b"PLTE": b"", b"tRNS": b"", b"eXIf": b""}
        parts = 0
        while place + 8 <= len(data):
            length, kind = _CHUNK.unpack_from(data, place)
            start, end = place + 8, place + 8 + length
            ended = ended or (bool(pixels) and kind != b"IDAT")
            if end + 4 > len(data):
                if ended:
                    break  # what is cut is not the picture
                raise BrokenPictureError("a chunk is cut")
            if kind == b"IDAT":
                if not ended:
                    self._require_checksum(kind, view[start:end], end)
                    pixels += view[start:end]
            elif kind == b"IEND":
                break
            elif kind in kept:
                self._keep(kept, kind, view[start:end], end, ended=ended)
            elif not ended and (kind[:1].isupper() or not kind.isalpha()):
                raise BrokenPictureError("an unknown chunk that must be known")
            place = end + 4
            parts += kind == b"IDAT" or kind in kept  # any other is passed over quickly
            if parts > MAX_PARTS:
                raise BrokenPictureError("too many chunks")
        return _Chunks(pixels, kept[b"PLTE"], kept[b"tRNS"], kept[b"eXIf"])

    def _keep(self, kept: dict[bytes, bytes], kind: bytes, content: memoryview, end: int, *, ended: bool) -> None:
        """Keep the first chunk of a kind; ignore an optional one whose checksum is wrong."""
        if kept[kind] or (ended and kind != b"eXIf"):
            return
        if kind == b"PLTE":
            self._require_checksum(kind, content, end)
            if len(content) % 3 or len(content) > 3 * _COLOURS:
                raise BrokenPictureError("a palette of a wrong length")
        elif not self._is_checked(kind, content, end):
            return
        kept[kind] = bytes(content)

    def _require_checksum(self, kind: bytes, content: memoryview, end: int) -> None:
        if not self._is_checked(kind, content, end):
            raise BrokenPictureError("wrong checksum")

    def _is_checked(self, kind: bytes, content: memoryview, end: int) -> bool:
        """Return whether the checksum behind `content`, at `end`, is right."""
        return zlib.crc32(content, zlib.crc32(kind)) == int.from_bytes(self._data[end : end + 4], "big")

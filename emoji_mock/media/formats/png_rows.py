"""Check the rows of a PNG: inflated piece by piece, never held at once, and counted in every pass."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from emoji_mock.media.formats.picture_file import BrokenPictureError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emoji_mock.contract.geometry import Size

_PIECE = 256 * 1024
_FED = 16 * 1024
"""How many compressed bytes are inflated at a time: zlib copies what it has not consumed."""
_BEHIND = 1024
"""How many bytes after the last row are inflated to reach the stream's checksum; libpng ignores more."""
_FILTERS = 4
# Adam7: the first column and row of each pass, and the steps between them (PNG, 8.1).
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
_WHOLE = ((0, 0, 1, 1),)


def check_rows(compressed: bytearray, size: Size, bits: int, *, interlaced: bool) -> None:
    """Raise BrokenPictureError unless `compressed` inflates to every row, of `bits` a pixel, with a known filter."""
    passes = list(_passes(size, bits, interlaced=interlaced))
    wanted = sum(stride * rows for stride, rows in passes)
    stride, left = passes[0][0], passes[0][0] * passes[0][1]
    following = iter(passes[1:])
    done = 0
    for piece in _inflated(compressed, wanted):
        place = 0
        while place < len(piece):
            if not left:
                stride, rows = next(following)
                done, left = 0, stride * rows
            part = piece[place : place + left] if place or left < len(piece) else piece
            filters = part[-done % stride :: stride]
            if filters and max(filters) > _FILTERS:
                raise BrokenPictureError("an unknown filter of a row")
            place, done, left = place + len(part), done + len(part), left - len(part)


def _passes(size: Size, bits: int, *, interlaced: bool) -> Iterator[tuple[int, int]]:
    """Yield the bytes of a row, and the rows, of each pass that has pixels."""
    for left, top, across, down in _PASSES if interlaced else _WHOLE:
        width = max(0, -(-(size.width - left) // across))
        rows = max(0, -(-(size.height - top) // down))
        if width and rows:
            yield 1 + (width * bits + 7) // 8, rows


def _inflated(compressed: bytearray, wanted: int) -> Iterator[bytes]:
    """Yield `wanted` inflated bytes in pieces, then check the end of the stream. Raises BrokenPictureError."""
    inflater, view, place = zlib.decompressobj(), memoryview(compressed), 0
    rest: bytes | memoryview = b""
    behind = 0
    try:
        while not inflater.eof and behind < _BEHIND:
            if not rest:
                rest, place = view[place : place + _FED], place + _FED
                if not rest:
                    raise BrokenPictureError("the pixels end too early")
            piece = inflater.decompress(rest, min(_PIECE, wanted) or _BEHIND)
            rest = inflater.unconsumed_tail
            if wanted:
                wanted -= len(piece)
                yield piece
            else:
                behind += len(piece)
    except zlib.error as error:
        raise BrokenPictureError("the pixels are not compressed as they should be") from error
    if wanted:
        raise BrokenPictureError("the pixels end too early")

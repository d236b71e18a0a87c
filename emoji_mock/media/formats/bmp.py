"""BMP: a header, perhaps a palette, and rows that are stored as they are or as run lengths.

https://learn.microsoft.com/windows/win32/gdi/bitmap-storage
"""

from __future__ import annotations

import struct

from emoji_mock.contract.geometry import Size
from emoji_mock.media.formats.picture_file import BrokenPictureError, PictureFile
from emoji_mock.media.formats.run_lengths import check_runs

SIGNATURE = b"BM"

_FILE_HEADER = 14
_CORE = 12
"""The header of OS/2, which is shorter and has shorter fields than all others."""
_HEADERS = (_CORE, 40, 52, 56, 64, 108, 124)
_NONE, _RUNS_OF_BYTES, _RUNS_OF_HALVES, _MASKS = range(4)
_DEPTHS = {_NONE: (1, 4, 8, 16, 24, 32), _RUNS_OF_BYTES: (8,), _RUNS_OF_HALVES: (4,), _MASKS: (16, 32)}
_MASKS_BEHIND = 40
"""The one header that has its three masks behind it."""
_COLOURS = 256
_UNPACKED = 1024 * 1024
"""So many bytes of run lengths take Pillow about a second."""


class BmpFile(PictureFile):
    """A BMP, as Windows and OS/2 write them."""

    pillow_format = "BMP"
    _bits: int

    def __init__(self, data: bytes) -> None:
        self._data = data
        try:
            self._read_header()
        except struct.error:
            raise BrokenPictureError("BMP without a header") from None

    def _read_header(self) -> None:
        data = self._data
        start, header = struct.unpack_from("<II", data, 10)
        if header not in _HEADERS:
            raise BrokenPictureError("unknown header of BMP")
        masks = colours = 0
        if header == _CORE:
            width, height, _, self._bits = struct.unpack_from("<HHHH", data, 18)
            self._compression = _NONE
        else:
            width, height, _, self._bits, self._compression = struct.unpack_from("<iiHHI", data, 18)
            (colours,) = struct.unpack_from("<I", data, 46)
            masks = 12 if self._compression == _MASKS and header == _MASKS_BEHIND else 0
        if width <= 0 or not height or self._bits not in _DEPTHS.get(self._compression, ()):
            raise BrokenPictureError("unknown kind of BMP")
        if self._is_indexed and colours > _COLOURS:
            raise BrokenPictureError("too many colours in the palette of a BMP")
        self.size = Size(width, abs(height))
        self._start = start or _FILE_HEADER + header + masks + self._palette_bytes(header, colours)

    @property
    def _is_indexed(self) -> bool:
        """Whether pixels are places in the palette; more bits are colours themselves, whatever the palette."""
        return self._bits <= 8  # noqa: PLR2004 - 256 colours

    def _palette_bytes(self, header: int, colours: int) -> int:
        if not self._is_indexed:
            return 4 * colours
        return (3 if header == _CORE else 4) * (colours or 1 << self._bits)

    @property
    def is_slow(self) -> bool:
        """Whether there are many run lengths, which Pillow unpacks in Python."""
        return self._has_runs and len(self._data) > _UNPACKED

    @property
    def _has_runs(self) -> bool:
        return self._compression in (_RUNS_OF_BYTES, _RUNS_OF_HALVES)

    def check(self) -> None:
        """Raise BrokenPictureError unless every row is there, or run lengths up to the last row or an end mark."""
        if self._has_runs:
            check_runs(self._data, self._start, self.size, halves=self._compression == _RUNS_OF_HALVES)
            return
        stride = (self.size.width * self._bits + 31) // 32 * 4
        if self._start + stride * self.size.height > len(self._data):
            raise BrokenPictureError("the pixels end too early")

    def bare(self) -> bytes:
        """Return the file: it holds no metadata."""
        return self._data

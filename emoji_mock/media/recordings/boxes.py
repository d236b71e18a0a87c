"""The boxes of MP4 and MOV: a size, a name, and what is inside.

ISO/IEC 14496-12; https://developer.apple.com/documentation/quicktime-file-format
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

from emoji_mock.media.recordings.parts import MOST_PARTS, BrokenRecordingError

if TYPE_CHECKING:
    from collections.abc import Iterator

_UNKNOWN = (0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF)


class MediaBox(NamedTuple):
    """A box: its name, and where its content begins and ends in the file."""

    name: bytes
    begin: int
    end: int


class BoxReader:
    """Read the boxes of a file, at most MOST_PARTS in all. Raises BrokenRecordingError for one that is cut."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._left = MOST_PARTS

    def whole(self) -> MediaBox:
        """Return the file as a box without a name."""
        return MediaBox(b"", 0, len(self._data))

    def inside(self, box: MediaBox) -> Iterator[MediaBox]:
        """Yield the boxes inside another."""
        place = box.begin
        while place + 8 <= box.end:
            self._left -= 1
            size, name = struct.unpack_from(">I4s", self._data, place)
            begin = place + 8
            if size == 1:
                (size,) = struct.unpack_from(">Q", self._data, begin)
                begin += 8
            end = place + size if size else box.end
            if not begin <= end <= box.end or self._left < 0:
                raise BrokenRecordingError("a box that is cut, or too many of them")
            yield MediaBox(name, begin, end)
            place = end

    def find(self, box: MediaBox, *path: bytes) -> MediaBox | None:
        """Return the first box below `box` at a path of names."""
        for name in path:
            found = next((one for one in self.inside(box) if one.name == name), None)
            if found is None:
                return None
            box = found
        return box

    def numbers(self, box: MediaBox, form: str, place: int = 0) -> tuple[int, ...]:
        """Return big-endian numbers, as `struct` writes their form, that begin `place` bytes inside a box."""
        if box.begin + place + struct.calcsize(f">{form}") > box.end:
            raise BrokenRecordingError("a box that is too short")
        return struct.unpack_from(f">{form}", self._data, box.begin + place)

    def words(self, box: MediaBox, place: int, count: int) -> memoryview:
        """Return `count` numbers of 32 bits that begin `place` bytes inside a box, to be read by `struct`."""
        begin, end = box.begin + place, box.begin + place + 4 * count
        if end > box.end:
            raise BrokenRecordingError("a box that is too short")
        return memoryview(self._data)[begin:end]

    def duration(self, box: MediaBox) -> tuple[int, int]:
        """Return units and units a second of a header with a duration, of either version; units may be 0."""
        (version,) = self.numbers(box, "B")
        scale, units = self.numbers(box, "IQ", 20) if version == 1 else self.numbers(box, "II", 12)
        return (0 if units in _UNKNOWN else units), scale

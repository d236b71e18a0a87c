"""JPEG: segments of tables and metadata, then scans of compressed data (ITU-T T.81, annex B)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from emoji_mock.contract.geometry import Size
from emoji_mock.media.formats.exif import orientation_of
from emoji_mock.media.formats.picture_file import MAX_PARTS, BrokenPictureError, PictureFile
from emoji_mock.media.formats.pillow_decoders import DECODING_ERRORS, read_jpeg

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SIGNATURE = b"\xff\xd8"

MAX_SCANS = 64
"""A JPEG with more scans is not decoded, as each may need a pass over all pixels; encoders write about a dozen."""
SCANNED_PIXELS = 640_000_000
"""Nor is one whose scans together pass over more pixels: 13 scans of the largest picture, about a second."""
COEFFICIENT_BYTES = 100_000_000
"""What libjpeg may keep of a picture with several scans. Of a larger one only the last scan's component is decoded."""

# A marker, but for restarts: they have no segment, wherever they are. Fill bytes precede one; a zero escapes data.
_MARKER = re.compile(rb"\xff([^\0\xff\xd0-\xd7])", re.DOTALL)
_SCAN, _END, _COMMENT, _ADOBE, _JFIF, _EXIF = 0xDA, 0xD9, 0xFE, 0xEE, 0xE0, 0xE1
_LONE = (0x01, 0xD8)
"""Markers without a segment; libjpeg refuses a second 0xD8, the start of a picture."""
_APPLICATION = range(0xE0, 0xF0)
_NO_FRAMES = (0xC4, 0xC8, 0xCC)
_FRAMES = frozenset(range(0xC0, 0xD0)) - {*_NO_FRAMES}
_PROGRESSIVE = (0xC2, 0xCA)
_MODES = {1: "L", 3: "RGB", 4: "CMYK"}
_EXIF_NAME = b"Exif\0\0"
_BLOCK_BYTES = 2


class _Segment(NamedTuple):
    """Where a marker, its segment and the scan behind it begin and end."""

    marker: int
    begin: int
    end: int


class _Component(NamedTuple):
    """A component of a frame, and how often it is sampled across and down."""

    name: int
    across: int
    down: int
    table: int


class JpegFile(PictureFile):
    """A JPEG, up to the end marker of its first picture: whatever follows is not looked at."""

    pillow_format = "JPEG"

    def __init__(self, data: bytes) -> None:
        if data[2:3] != b"\xff":
            raise BrokenPictureError("JPEG without a segment")
        self._data = data
        self._orientation = 1
        self._ended = False
        self._segments = self._read_segments()
        self._scans = [segment for segment in self._segments if segment.marker == _SCAN]
        frame = next((segment for segment in self._segments if segment.marker in _FRAMES), None)
        if frame is None:
            raise BrokenPictureError("JPEG without a frame")
        self._frame = frame
        self._read_frame(data[frame.begin + 4 : frame.end])

    def _read_segments(self) -> list[_Segment]:
        """Return the segments, without comments and the metadata of applications, except what names the colours."""
        data, place, kept, seen = self._data, 2, list[_Segment](), set[int]()
        parts = 0
        while (found := _MARKER.search(data, place)) is not None:
            marker, begin = data[found.end() - 1], found.start()
            place, parts = found.end(), parts + 1
            if parts > MAX_PARTS:
                raise BrokenPictureError("too many segments")
            if marker == _END:
                self._ended = True
                break
            end = place if marker in _LONE else place + max(2, int.from_bytes(data[place : place + 2], "big"))
            if end > len(data):
                break
            if marker == _SCAN:
                following = _MARKER.search(data, end)
                place = end = len(data) if following is None else following.start()
            place = end
            if marker == _COMMENT:
                continue
            if marker in _APPLICATION:
                if marker == _EXIF and _EXIF not in seen and data.startswith(_EXIF_NAME, begin + 4):
                    self._orientation = orientation_of(data[begin + 4 : end])
                    seen.add(_EXIF)
                if marker not in (_ADOBE, _JFIF) or marker in seen:
                    continue
                seen.add(marker)
            kept.append(_Segment(marker, begin, end))
        return kept

    def _read_frame(self, frame: bytes) -> None:
        if len(frame) < 6 or len(frame) < 6 + 3 * frame[5]:  # noqa: PLR2004 - precision, sides, count, three bytes each
            raise BrokenPictureError("a frame is cut")
        self._precision = frame[0]
        self.size = Size(int.from_bytes(frame[3:5], "big"), int.from_bytes(frame[1:3], "big"))
        self._components = [
            _Component(frame[place], frame[place + 1] >> 4, frame[place + 1] & 15, frame[place + 2])
            for place in range(6, 6 + 3 * frame[5], 3)
        ]
        if self._precision != 8 or not all(self.size) or len(self._components) not in _MODES:  # noqa: PLR2004 - bits a sample
            raise BrokenPictureError("a kind of JPEG that decoders do not read")
        if not all(0 < one.across <= 4 and 0 < one.down <= 4 for one in self._components):  # noqa: PLR2004 - T.81, B.2.2
            raise BrokenPictureError("impossible sampling")

    @property
    def orientation(self) -> int:
        """The orientation in the first EXIF segment."""
        return self._orientation

    @property
    def _is_buffered(self) -> bool:
        return self._frame.marker in _PROGRESSIVE or self._scanned(self._scans[0]) < len(self._components)

    def _scanned(self, scan: _Segment) -> int:
        return self._data[scan.begin + 4]

    @property
    def working_bytes(self) -> int:
        """How many bytes of coefficients libjpeg keeps until all scans are read."""
        widest = max(one.across for one in self._components) * max(one.down for one in self._components)
        samples = sum(one.across * one.down for one in self._components) / widest
        return int(_BLOCK_BYTES * samples * self.size.width * self.size.height) if self._is_buffered else 0

    @property
    def is_slow(self) -> bool:
        """Whether there are so many scans that it takes seconds to decode them."""
        scans = len(self._scans)
        return scans > MAX_SCANS or scans * self.size.width * self.size.height > SCANNED_PIXELS

    def check(self) -> None:
        """Raise BrokenPictureError unless the last scan is complete: that of a picture that was cut is not.

        Of a picture with very many scans only the end mark is looked for.
        """
        if not self._scans:
            raise BrokenPictureError("JPEG without a scan")
        if self.is_slow and self._ended:
            return
        size, mode = self.size, _MODES[len(self._components)]
        segments: Iterable[bytes | memoryview] = self._whole()
        if self.working_bytes > COEFFICIENT_BYTES:
            component = self._last_component()
            if component is None:
                return
            size, mode, segments = self._scaled(component), "L", self._only(component)
        try:
            complete = read_jpeg(_join(segments), mode, size, buffered=self._is_buffered, ended=self._ended)
        except DECODING_ERRORS as error:
            raise BrokenPictureError("libjpeg does not decode it") from error
        if not complete:
            raise BrokenPictureError("the last scan ends too early")

    def bare(self) -> bytes:
        """Return the tables, the frame and the scans."""
        return _join(self._whole()) + b"\xff\xd9"

    def _whole(self) -> Iterator[memoryview]:
        view = memoryview(self._data)
        return (view[one.begin : one.end] for one in self._segments)

    def _last_component(self) -> _Component | None:
        """Return the one component that the last scan refines. Raises BrokenPictureError if that is missing."""
        scan = self._scans[-1]
        if self._scanned(scan) == 1:
            return next((one for one in self._components if one.name == self._data[scan.begin + 5]), None)
        if self._frame.marker in _PROGRESSIVE:
            raise BrokenPictureError("progressive JPEG without the scans of its details")
        return None

    def _scaled(self, component: _Component) -> Size:
        """Return the size in samples of `component` (T.81, A.1.1)."""
        across, down = (max(sides) for sides in zip(*((one.across, one.down) for one in self._components), strict=True))
        width, height = self.size.width * component.across, self.size.height * component.down
        return Size(-(-width // across), -(-height // down))

    def _only(self, component: _Component) -> Iterator[bytes]:
        """Yield the segments of a JPEG of this component alone, which takes a fraction of the memory."""
        size = self._scaled(component)
        for one in self._segments:
            segment = self._data[one.begin : one.end]
            if one.marker == self._frame.marker:
                sides = size.height.to_bytes(2, "big") + size.width.to_bytes(2, "big")
                yield segment[:2] + b"\0\x0b\x08" + sides + bytes((1, component.name, 0x11, component.table))
            elif one.marker != _SCAN or (self._scanned(one) == 1 and segment[5] == component.name):
                yield segment


def _join(segments: Iterable[bytes | memoryview]) -> bytes:
    return b"".join((SIGNATURE, *segments))

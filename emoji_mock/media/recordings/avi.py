"""AVI: a list of headers, one for the file and one for each stream, before the frames.

https://learn.microsoft.com/windows/win32/directshow/avi-riff-file-reference
"""

from __future__ import annotations

import struct
from typing import NamedTuple

from emoji_mock.contract.geometry import Size
from emoji_mock.contract.model import MediaFacts
from emoji_mock.media.recordings.parts import BrokenRecordingError, chunks


class _Stream(NamedTuple):
    seconds: float
    fps: float
    size: Size


def matches(data: bytes) -> bool:
    """Return whether `data` begins as an AVI does."""
    return data[:4] == b"RIFF" and data[8:12] == b"AVI "


def read(data: bytes) -> MediaFacts:
    """Return the length, the size and the rate of an AVI. Raises BrokenRecordingError or struct.error."""
    stream, whole = None, False
    for name, begin, end in chunks(data, 12, len(data)):
        kind = data[begin : begin + 4] if name == b"LIST" else b""
        if kind == b"hdrl":
            stream = _video(data, begin + 4, min(end, len(data)))
        elif kind == b"movi":
            whole = end <= len(data)
            break  # an index may follow, and in large files more frames
    if stream is None or not whole:
        raise BrokenRecordingError("AVI without a video, or cut")
    return MediaFacts("video", "avi", stream.seconds, stream.size, stream.fps)


def _video(data: bytes, begin: int, end: int) -> _Stream | None:
    """Return the first video among the streams of the headers."""
    frames = 0
    for name, start, stop in chunks(data, begin, end):
        if name == b"avih":
            (frames,) = struct.unpack_from("<I", data, start + 16)
        elif name == b"LIST" and data[start : start + 4] == b"strl":
            stream = _stream(data, start + 4, min(stop, end), frames)
            if stream is not None:
                return stream
    return None


def _stream(data: bytes, begin: int, end: int, frames: int) -> _Stream | None:
    head = shape = None
    for name, start, _ in chunks(data, begin, end):
        if name == b"strh":
            head = struct.unpack_from("<4s16xII4xI", data, start)
        elif name == b"strf":
            shape = start
    if head is None or shape is None or head[0] != b"vids":
        return None
    _, scale, rate, length = head
    width, height = struct.unpack_from("<ii", data, shape + 4)
    if not scale or not rate or not (length or frames) or not width or not height:
        raise BrokenRecordingError("AVI that states no length")
    return _Stream((length or frames) * scale / rate, rate / scale, Size(abs(width), abs(height)))

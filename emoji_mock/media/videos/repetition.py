"""Make a video longer by showing its frames again: their bytes stay as they are, and stand in the file once.

ISO/IEC 14496-12: the tables of a track say where each group of frames (a chunk) begins; several may begin at one place.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from emoji_mock.media.recordings.boxes import BoxReader, MediaBox
from emoji_mock.media.recordings.parts import BrokenRecordingError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_NESTED = (b"moov", b"trak", b"mdia", b"minf", b"stbl")
_LEFT_OUT = (b"edts", b"udta")
"""Edits, which do nothing here and would have to be renewed, and notes."""
_UNITS = 512
"""The duration of a frame, as FFmpeg writes it."""
_TABLE = (b"trak", b"mdia", b"minf", b"stbl")


def repeat(video: bytes, frames: int, fps: int) -> bytes:
    """Return an MP4 of so many `frames`, `fps` a second: those of `video`, over and over.

    `video` has one track of a constant rate and no B-frames, and begins with a key frame, as `encode` makes it.
    Raises BrokenRecordingError for another file.
    """
    reader = BoxReader(video)
    parts = {box.name: box for box in reader.inside(reader.whole())}
    kind, movie, data = (_known(parts.get(name)) for name in (b"ftyp", b"moov", b"mdat"))
    table = _known(reader.find(movie, *_TABLE))
    begin = reader.numbers(_known(reader.find(table, b"stco")), "I", 8)[0]
    described = _described(reader, movie, table, (frames, fps), 0)
    place = kind.end + len(_rebuilt(reader, video, movie, described)) + 8
    described = _described(reader, movie, table, (frames, fps), place)
    content = video[begin : data.end]
    return video[: kind.end] + _rebuilt(reader, video, movie, described) + _box(b"mdat", content)


def _known(box: MediaBox | None) -> MediaBox:
    if box is None:
        raise BrokenRecordingError("no MP4 of one track")
    return box


def _described(
    reader: BoxReader, movie: MediaBox, table: MediaBox, length: tuple[int, int], place: int
) -> Mapping[bytes, bytes | tuple[int, ...]]:
    """Return the contents of the tables for frames at `place`, and of headers the numbers that begin somewhere.

    `length` is how many frames there are, and how many in a second.
    """
    frames, fps = length
    sized = _known(reader.find(table, b"stsz"))
    (count,) = reader.numbers(sized, "I", 8)
    sizes = reader.numbers(sized, f"{count}I", 12)
    keyed = _known(reader.find(table, b"stss"))
    keys = reader.numbers(keyed, f"{reader.numbers(keyed, 'I', 4)[0]}I", 8)
    _, movie_scale = reader.duration(_known(reader.find(movie, b"mvhd")))
    rounds, rest = divmod(frames, count)
    repeated = [key + turn * count for turn in range(rounds + 1) for key in keys]
    runs = [(1, count, 1)] * bool(rounds) + [(rounds + 1, rest, 1)] * bool(rest)
    duration = round(frames * movie_scale / fps)
    return {
        b"mvhd": (16, duration),
        b"tkhd": (20, duration),
        b"mdhd": (12, _UNITS * fps, _UNITS * frames),
        b"stts": _numbers(1, frames, _UNITS),
        b"stsz": _numbers(0, frames, *sizes * rounds, *sizes[:rest]),
        b"stss": _list(key for key in repeated if key <= frames),
        b"stsc": _numbers(len(runs), *(number for run in runs for number in run)),
        b"stco": _list([place] * (rounds + bool(rest))),
    }


def _rebuilt(
    reader: BoxReader, video: bytes, box: MediaBox, described: Mapping[bytes, bytes | tuple[int, ...]]
) -> bytes:
    """Return a box with what is `described` inside it renewed."""
    renewed = described.get(box.name)
    if box.name in _NESTED:
        inside = (one for one in reader.inside(box) if one.name not in _LEFT_OUT)
        content = b"".join(_rebuilt(reader, video, one, described) for one in inside)
    elif isinstance(renewed, tuple):
        place, numbers = box.begin + renewed[0], struct.pack(f">{len(renewed) - 1}I", *renewed[1:])
        content = video[box.begin : place] + numbers + video[place + len(numbers) : box.end]
    else:
        content = video[box.begin : box.end] if renewed is None else renewed
    return _box(box.name, content)


def _box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), name) + content


def _list(numbers: Iterable[int]) -> bytes:
    stated = [*numbers]
    return _numbers(len(stated), *stated)


def _numbers(*numbers: int) -> bytes:
    """Return the content of a table: a version and flags, which are 0, and numbers."""
    return struct.pack(f">I{len(numbers)}I", 0, *numbers)

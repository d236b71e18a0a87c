"""MP4 and MOV: the box `moov` describes the tracks; the boxes `moof`, if there are any, hold more of their samples."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from emoji_mock.contract.geometry import Size
from emoji_mock.contract.model import MediaFacts
from emoji_mock.media.recordings.boxes import BoxReader
from emoji_mock.media.recordings.fragments import Fragments
from emoji_mock.media.recordings.parts import BrokenRecordingError

if TYPE_CHECKING:
    from emoji_mock.media.recordings.boxes import MediaBox

_FIRST = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
"""What a file may begin with; before `ftyp` was invented, a MOV began with one of the others."""
_KINDS = {b"vide": "video", b"soun": "audio"}


class _Track(NamedTuple):
    kind: str
    seconds: float
    samples: int
    size: Size | None


def matches(data: bytes) -> bool:
    """Return whether `data` begins as an MP4 or a MOV does."""
    return data[4:8] in _FIRST


def read(data: bytes) -> MediaFacts:
    """Return the length of an MP4 or MOV, and the size and the rate of its video, as its headers state them.

    Raises BrokenRecordingError for one that is cut, or has no track.
    """
    boxes = BoxReader(data)
    container, movie, fragments = "mov", None, Fragments(boxes)
    for box in boxes.inside(boxes.whole()):
        if box.name == b"ftyp":
            container = "mov" if data[box.begin : box.begin + 4] == b"qt  " else "mp4"
        elif box.name == b"moov" and movie is None:
            movie = box
            if (extends := boxes.find(box, b"mvex")) is not None:
                fragments.take_defaults(extends)
        elif box.name == b"moof":
            fragments.count(box)
    if movie is None:
        raise BrokenRecordingError("no description of a movie")
    return _facts(boxes, container, movie, fragments)


def _facts(boxes: BoxReader, container: str, movie: MediaBox, fragments: Fragments) -> MediaFacts:
    tracks = [_track(boxes, box, fragments) for box in boxes.inside(movie) if box.name == b"trak"]
    known = [track for track in tracks if track is not None]
    video = next((track for track in known if track.size is not None), None)
    seconds = 0.0
    if not fragments.samples and (header := boxes.find(movie, b"mvhd")) is not None:
        units, scale = boxes.duration(header)
        seconds = units / scale if scale else 0.0
    seconds = seconds or max((track.seconds for track in known), default=0.0)
    if not known or not seconds:
        raise BrokenRecordingError("no track that states a length")
    if video is None:
        return MediaFacts("audio", container, seconds)
    fps = video.samples / video.seconds if video.seconds else 0.0
    return MediaFacts("video", container, seconds, video.size, fps)


def _track(boxes: BoxReader, box: MediaBox, fragments: Fragments) -> _Track | None:
    """Return what a track says of itself, or None if it is neither audio nor video."""
    header, media = boxes.find(box, b"tkhd"), boxes.find(box, b"mdia")
    if header is None or media is None:
        return None
    length, handler = boxes.find(media, b"mdhd"), boxes.find(media, b"hdlr")
    table = boxes.find(media, b"minf", b"stbl")
    if length is None or handler is None or table is None:
        return None
    kind = _KINDS.get(boxes.numbers(handler, "I", 8)[0].to_bytes(4, "big"))
    units, scale = boxes.duration(length)
    if kind is None or not scale:
        return None
    (number,) = boxes.numbers(header, "I", 20 if boxes.numbers(header, "B") == (1,) else 12)
    seconds = (units + fragments.units.get(number, 0)) / scale
    samples = _samples(boxes, table) + fragments.samples.get(number, 0)
    return _Track(kind, seconds, samples, _frame_size(boxes, table) if kind == "video" else None)


def _samples(boxes: BoxReader, table: MediaBox) -> int:
    for name in (b"stsz", b"stz2"):
        if (box := boxes.find(table, name)) is not None:
            return boxes.numbers(box, "I", 8)[0]
    return 0


def _frame_size(boxes: BoxReader, table: MediaBox) -> Size:
    """Return the size of the frames as stored, from the first description of samples."""
    box = boxes.find(table, b"stsd")
    size = Size(*boxes.numbers(box, "HH", 40)) if box is not None else Size(0, 0)
    if not min(size):
        raise BrokenRecordingError("a video without a size")
    return size

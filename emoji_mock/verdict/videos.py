"""What a caller makes of a detection: whether it knows a failed one, and whose boxes it sends on to the video."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from emoji_mock.contract.row import Outcome
from emoji_mock.fake.journal import Entry
from emoji_mock.verdict.finding import Case, Kind
from emoji_mock.verdict.reading import asks_for_video, detects, named, picture_of

_Box = tuple[int | float, int | float, int | float, int | float]


class _Output(msgspec.Struct):
    bbox_face: _Box
    ext_bbox_face: _Box


class _Detected(msgspec.Struct):
    output: _Output


class _Input(msgspec.Struct):
    face_bbox: _Box
    ext_bbox: _Box


class _Wanted(msgspec.Struct):
    input: _Input


class _Boxes(NamedTuple):
    face: _Box
    ext: _Box


def judge(entries: list[Entry]) -> Iterator[Case]:
    """Yield what is wrong with the videos that were asked for, by the detections that went before them."""
    seen: dict[str, list[Entry]] = {}
    for entry in entries:
        if detects(entry) and entry.outcome in (Outcome.PASSED, Outcome.FAILED):
            seen.setdefault(picture_of(entry), []).append(entry)
        elif asks_for_video(entry):
            yield from _video(entry, seen)


def _video(entry: Entry, seen: dict[str, list[Entry]]) -> Iterator[Case]:
    own = seen.get(picture_of(entry), []) if picture_of(entry) else []
    if own and all(detection.outcome is Outcome.FAILED for detection in own):
        done = f"{named(entry)}: asked for a video, though its detection had failed with {own[-1].code}"
        yield Case(Kind.TOOK_FAILED_FOR_PASSED, done, (own[-1].number, entry.number))
        return
    sent = _sent(entry)
    if sent is None:
        return
    if sent.face != sent.ext and _within(sent.ext, sent.face):
        done = f"{named(entry)}: sent the larger box as face_bbox, and the face as ext_bbox"
        yield Case(Kind.SWAPPED_BOXES, done, (entry.number,))
        return
    known = [boxes for detection in own if (boxes := _detected(detection))]
    if known and len(known) == len(own) and sent not in known:
        yield from _another(entry, sent, seen)


def _another(entry: Entry, sent: _Boxes, seen: dict[str, list[Entry]]) -> Iterator[Case]:
    for detections in seen.values():
        for detection in detections:
            if _detected(detection) == sent:
                done = f"{named(entry)}: asked for a video with the boxes of {named(detection)}"
                yield Case(Kind.BOXES_OF_ANOTHER_PICTURE, done, (detection.number, entry.number))
                return


def _within(inner: _Box, outer: _Box) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and inner[2] <= outer[2] and inner[3] <= outer[3]


def _detected(entry: Entry) -> _Boxes | None:
    read = _read(entry.response_body, _Detected)
    return read and _Boxes(read.output.bbox_face, read.output.ext_bbox_face)


def _sent(entry: Entry) -> _Boxes | None:
    read = _read(entry.request_body, _Wanted)
    return read and _Boxes(read.input.face_bbox, read.input.ext_bbox)


def _read(text: str, kind: Any) -> Any:  # noqa: ANN401 - one of the documents above
    try:
        return msgspec.json.decode(text, type=kind)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None  # cut short, spoilt, or no boxes in it

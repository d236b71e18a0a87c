"""What a caller makes of a detection: whether it knows a failed one, and whose boxes it sends on to the video."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from emoji_mock.contract.row import Outcome
from emoji_mock.fake.accounting.journal import Entry
from emoji_mock.verdict.entries import asks_for_video, detects, named, picture_of
from emoji_mock.verdict.findings import Case, Kind

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


class _Seen(NamedTuple):
    """A detection, and its boxes if the journal has them."""

    entry: Entry
    boxes: _Boxes | None


class _Memory:
    """The detections so far: by picture, and the first that had a box."""

    def __init__(self) -> None:
        self._by_picture: dict[str, list[_Seen]] = {}
        self._by_box: dict[_Box, Entry] = {}

    def put(self, entry: Entry) -> None:
        """Remember a detection."""
        boxes = _detected(entry)
        self._by_picture.setdefault(picture_of(entry), []).append(_Seen(entry, boxes))
        for box in boxes or ():
            self._by_box.setdefault(box, entry)

    def of(self, picture: str) -> list[_Seen]:
        """Return the detections of a picture."""
        return self._by_picture.get(picture, []) if picture else []

    def owner(self, box: _Box) -> Entry | None:
        """Return the first detection that had this box."""
        return self._by_box.get(box)


def judge(entries: list[Entry]) -> Iterator[Case]:
    """Yield what is wrong with the videos that were asked for, by the detections that went before them."""
    memory = _Memory()
    for entry in entries:
        if detects(entry) and entry.outcome in (Outcome.PASSED, Outcome.FAILED):
            memory.put(entry)
        elif asks_for_video(entry):
            yield from _video(entry, memory)


def _video(entry: Entry, memory: _Memory) -> Iterator[Case]:
    own = memory.of(picture_of(entry))
    if own and all(seen.entry.outcome is Outcome.FAILED for seen in own):
        failed = own[-1].entry
        done = f"{named(entry)}: asked for a video, though its detection had failed with {failed.code}"
        yield Case(Kind.TOOK_FAILED_FOR_PASSED, done, (failed.number, entry.number))
        return
    sent = _sent(entry)
    known = [seen.boxes for seen in own if seen.boxes]
    if sent is None or sent in known:
        return
    if swapped := _swapped(sent, known):
        yield Case(Kind.SWAPPED_BOXES, f"{named(entry)}: {swapped}", (entry.number,))
    elif known and len(known) == len(own):
        yield from _another(entry, sent, known, memory)


def _swapped(sent: _Boxes, known: list[_Boxes]) -> str:
    """Say which box was sent in place of which."""
    if sent.face == sent.ext:
        return "sent one box as face_bbox and as ext_bbox"
    if _within(sent.ext, sent.face):
        return "sent the larger box as face_bbox, and the face as ext_bbox"
    if any(sent.face == boxes.ext for boxes in known):
        return "sent the larger box as face_bbox"
    if any(sent.ext == boxes.face for boxes in known):
        return "sent the face as ext_bbox"
    return ""


def _another(entry: Entry, sent: _Boxes, known: list[_Boxes], memory: _Memory) -> Iterator[Case]:
    own = {box for boxes in known for box in boxes}
    for name, box in zip(("face_bbox", "ext_bbox"), sent, strict=True):
        owner = memory.owner(box)
        if owner is not None and box not in own:
            done = f"{named(entry)}: asked for a video with the {name} of {named(owner)}"
            yield Case(Kind.BOXES_OF_ANOTHER_PICTURE, done, (owner.number, entry.number))
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

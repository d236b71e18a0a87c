"""Judge video requests by the detections before them: did one pass, and are the boxes those of the picture."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from emoji_mock.contract.model import DetectionModel
from emoji_mock.contract.models import DETECTORS
from emoji_mock.contract.row import Outcome
from emoji_mock.fake.accounting.journal import Entry
from emoji_mock.verdict.entries import detector_of, has_failed, is_detection, is_video_request, label, picture_of
from emoji_mock.verdict.findings import Kind, Occurrence

_Box = tuple[int | float, int | float, int | float, int | float]


class _DetectionDocument(msgspec.Struct):
    output: dict[str, Any]


class _Input(msgspec.Struct):
    face_bbox: _Box
    ext_bbox: _Box


class _VideoDocument(msgspec.Struct):
    input: _Input


class _Boxes(NamedTuple):
    face: _Box
    ext: _Box


class _Detection(NamedTuple):
    """A detection, and its boxes if the journal has them."""

    entry: Entry
    boxes: _Boxes | None


class _Detections:
    """The detections so far, by model and picture, and by box."""

    def __init__(self) -> None:
        self._by_picture: dict[tuple[str, str], list[_Detection]] = {}
        self._by_box: dict[_Box, Entry] = {}

    def add(self, entry: Entry) -> None:
        """Add a detection."""
        boxes = _detected_boxes(entry)
        self._by_picture.setdefault((entry.model, picture_of(entry)), []).append(_Detection(entry, boxes))
        for box in boxes or ():
            self._by_box.setdefault(box, entry)

    def of_picture(self, model: str, picture: str) -> list[_Detection]:
        """Return the detections of a picture by one model."""
        return self._by_picture.get((model, picture), []) if picture else []

    def first_with(self, box: _Box) -> Entry | None:
        """Return the first detection that returned this box."""
        return self._by_box.get(box)


def judge_videos(entries: list[Entry]) -> Iterator[Occurrence]:
    """Yield what is wrong with the video requests of one account."""
    detections = _Detections()
    for entry in entries:
        if is_detection(entry) and (entry.outcome is Outcome.PASSED or has_failed(entry)):
            detections.add(entry)
        elif is_video_request(entry) and (detector := detector_of(entry)) is not None:
            yield from _judge_video(entry, detector, detections)


def _judge_video(entry: Entry, detector: DetectionModel, detections: _Detections) -> Iterator[Occurrence]:
    own = detections.of_picture(detector.name, picture_of(entry))
    if own and all(has_failed(detection.entry) for detection in own):
        failed = own[-1].entry
        reason = f" with {failed.code}" if failed.code else ""
        done = f"{label(entry)}: requested a video although its detection had failed{reason}"
        yield Occurrence(Kind.TOOK_FAILED_FOR_PASSED, done, (failed.number, entry.number))
        return
    sent = _sent_boxes(entry) if detector.boxes else None
    known = [detection.boxes for detection in own if detection.boxes]
    if sent is None or sent in known:
        return
    if swapped := _swapped(sent, known):
        yield Occurrence(Kind.SWAPPED_BOXES, f"{label(entry)}: {swapped}", (entry.number,))
    elif len(known) == len(own):
        yield from _foreign_box(entry, sent, known, detector, detections)


def _swapped(sent: _Boxes, known: list[_Boxes]) -> str:
    """Return which box was sent in place of which, or an empty string."""
    if sent.face == sent.ext:
        return "sent the same box as face_bbox and as ext_bbox"
    if _is_inside(sent.ext, sent.face):
        return "sent the larger box as face_bbox, and the face as ext_bbox"
    if any(sent.face == boxes.ext for boxes in known):
        return "sent the larger box as face_bbox"
    if any(sent.ext == boxes.face for boxes in known):
        return "sent the face as ext_bbox"
    return ""


def _foreign_box(
    entry: Entry, sent: _Boxes, known: list[_Boxes], detector: DetectionModel, detections: _Detections
) -> Iterator[Occurrence]:
    """Yield a box that is another picture's, or that another model found in this one."""
    own = {box for boxes in known for box in boxes}
    for name, box in zip(("face_bbox", "ext_bbox"), sent, strict=True):
        owner = detections.first_with(box)
        if owner is not None and box not in own and (known or owner.model != detector.name):
            finder = "" if owner.model == detector.name else f", found by {owner.model} and not by {detector.name}"
            done = f"{label(entry)}: requested a video with the {name} of {label(owner)}{finder}"
            yield Occurrence(Kind.BOXES_OF_ANOTHER_PICTURE, done, (owner.number, entry.number))
            return


def _is_inside(inner: _Box, outer: _Box) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and inner[2] <= outer[2] and inner[3] <= outer[3]


def _detected_boxes(entry: Entry) -> _Boxes | None:
    model, document = DETECTORS.get(entry.model), _decode(entry.response_body, _DetectionDocument)
    if model is None or not model.boxes or document is None:
        return None
    face, ext = (document.output.get(name) for name in model.boxes)
    try:
        return msgspec.convert((face, ext), _Boxes)
    except msgspec.ValidationError:
        return None


def _sent_boxes(entry: Entry) -> _Boxes | None:
    document = _decode(entry.request_body, _VideoDocument)
    return document and _Boxes(document.input.face_bbox, document.input.ext_bbox)


def _decode(text: str, kind: Any) -> Any:  # noqa: ANN401 - one of the documents above
    try:
        return msgspec.json.decode(text, type=kind)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None  # cut by the journal, damaged, or without boxes

"""The boxes that a request for a video names: the face and the larger box around it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from emoji_mock.contract.endpoint import IMAGE_SIDES
from emoji_mock.contract.geometry import Box, Size
from emoji_mock.fake.checks.refusal import Refused
from emoji_mock.fake.endpoints.videos.decision import BOXES, VideoDecision, model_of, wrong

if TYPE_CHECKING:
    from emoji_mock.fake.context import RequestContext


def read_boxes(_: RequestContext, decision: VideoDecision) -> None:
    """Refuse boxes that are none, or of which the larger does not hold the face."""
    model = model_of(decision.model)
    face, ext = (_box(decision.given[name]) for name in BOXES)
    if face is None:
        raise Refused(wrong(model, "face_bbox"))
    if ext is None or not (ext.x1 <= face.x1 and ext.y1 <= face.y1 and face.x2 <= ext.x2 and face.y2 <= ext.y2):
        raise Refused(wrong(model, "ext_bbox"))
    decision.boxes = face, ext


def _box(given: object) -> Box | None:
    numbers = cast("list[object]", given) if isinstance(given, list) else []
    whole = [number for number in numbers if type(number) is int]
    if not len(numbers) == len(whole) == len(Box._fields):
        return None
    box = Box(*whole)
    longest = IMAGE_SIDES[1]  # no picture that the vendor takes holds a larger one
    return box if box.within(Size(longest, longest)) else None


def check_boxes(_: RequestContext, decision: VideoDecision) -> None:
    """Refuse boxes outside the picture, if its size is known."""
    if decision.size is None or decision.boxes is None:
        return
    for name, box in zip(BOXES, decision.boxes, strict=True):
        if not box.within(decision.size):
            raise Refused(wrong(model_of(decision.model), name))

"""video-synthesis with emo-v1: the task in which a portrait, head or half body, speaks an audio file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emoji_mock.contract.documents.video_requests import EmoVideoInput, EmoVideoRequest
from emoji_mock.contract.endpoint import EMO
from emoji_mock.contract.models.emo import VIDEO
from emoji_mock.contract.rows import emo as rows
from emoji_mock.fake.endpoints.videos.boxes import read_boxes
from emoji_mock.fake.endpoints.videos.creation import creation
from emoji_mock.fake.endpoints.videos.examples import AUDIO, document
from emoji_mock.fake.rules import magic_urls

if TYPE_CHECKING:
    from emoji_mock.fake.context import RequestContext
    from emoji_mock.fake.endpoints.videos.decision import VideoDecision

_PICTURE = f"https://{magic_urls.HOST}/passed/900x800.png"  # which the vendor's own boxes fit into
_MIDDLE = 0.866  # between 3:4 and 1:1, as a ratio


def take_ratio(_: RequestContext, decision: VideoDecision) -> None:
    """Take the ratio that the larger box is nearer to (inferred): it frames the video, whose price depends on it."""
    assert decision.boxes is not None  # noqa: S101 - read before
    ext = decision.boxes[1]
    decision.tier = "1:1" if ext.width > _MIDDLE * ext.height else "3:4"


CREATE_VIDEO = creation(
    VIDEO,
    document(
        VIDEO,
        EmoVideoRequest(EMO, EmoVideoInput(_PICTURE, AUDIO, (302, 286, 610, 593), (71, 9, 840, 778))),
        "Create a task: the boxes of emo-detect-v1 go in by the same names.",
    ),
    checks=(read_boxes, take_ratio),
    provokes={
        rows.BBOX: "ask emo-v1 for a video without boxes",
        rows.STYLE_LEVEL: "ask emo-v1 for a video with another style_level",
    },
)

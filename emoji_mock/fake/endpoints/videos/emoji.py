"""video-synthesis with emoji-v1: the task that turns a portrait and its boxes into a video."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emoji_mock.contract.documents.motions import DRIVEN_IDS
from emoji_mock.contract.documents.video import TaskCreated, VideoInput, VideoRequest
from emoji_mock.contract.endpoint import VIDEO_LONGEST, VIDEO_MODEL
from emoji_mock.contract.models.emoji import VIDEO
from emoji_mock.contract.rows import gateway, service
from emoji_mock.fake.checks.refusal import Refused
from emoji_mock.fake.endpoints.videos.boxes import read_boxes
from emoji_mock.fake.endpoints.videos.creation import creation
from emoji_mock.fake.endpoints.videos.examples import document
from emoji_mock.fake.rules import magic_urls

if TYPE_CHECKING:
    from emoji_mock.fake.context import RequestContext
    from emoji_mock.fake.endpoints.videos.decision import VideoDecision


def check_motion(_: RequestContext, decision: VideoDecision) -> None:
    """Refuse an unknown motion; a motion has a length of its own."""
    motion = decision.given["driven_id"]
    if motion not in DRIVEN_IDS:
        raise Refused(service.DRIVEN_UNKNOWN, driven_id=motion)
    decision.seconds = 1 + DRIVEN_IDS.index(motion) % VIDEO_LONGEST


def example_request(image_url: str = f"https://{magic_urls.HOST}/passed/640x800.png") -> VideoRequest:
    """Return a request for a video of the picture at `image_url`, with the vendor's own boxes."""
    return VideoRequest(VIDEO_MODEL, VideoInput(image_url, DRIVEN_IDS[0], (212, 194, 460, 441), (63, 30, 609, 575)))


CREATE_VIDEO = creation(
    VIDEO,
    document(
        VIDEO,
        example_request(),
        "Create a task: face-detect's `bbox_face` goes in as `face_bbox`, its `ext_bbox_face` as `ext_bbox`.",
        response=TaskCreated,
    ),
    checks=(check_motion, read_boxes),
    provokes={
        gateway.NOT_SYNCHRONOUS: "ask for a video without the header X-DashScope-Async: enable",
        service.DRIVEN_UNKNOWN: "ask for a video with another driven_id",
        service.EXT_INVALID: "ask for a video with an ext_bbox that does not hold the face",
    },
)

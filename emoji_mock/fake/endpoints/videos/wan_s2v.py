"""video-synthesis with wan2.2-s2v: the task in which a figure speaks an audio file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emoji_mock.contract.documents.video_requests import S2vRequest, TalkingInput
from emoji_mock.contract.endpoint import S2V
from emoji_mock.contract.models.wan_s2v import VIDEO
from emoji_mock.fake.endpoints.videos.creation import creation
from emoji_mock.fake.endpoints.videos.examples import AUDIO, PICTURE, document

if TYPE_CHECKING:
    from emoji_mock.fake.context import RequestContext
    from emoji_mock.fake.endpoints.videos.decision import VideoDecision


def take_resolution(_: RequestContext, decision: VideoDecision) -> None:
    """Take the resolution as what the price depends on."""
    decision.tier = decision.parameters["resolution"]


CREATE_VIDEO = creation(
    VIDEO,
    document(
        VIDEO,
        S2vRequest(S2V, TalkingInput(PICTURE, AUDIO)),
        "Create a task from a picture that passed wan2.2-s2v-detect, and an audio file.",
    ),
    checks=(take_resolution,),
)

"""video-synthesis with wan2.2-s2v: the task in which a figure speaks an audio file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emoji_mock.contract.documents.video import SiblingTaskCreated
from emoji_mock.contract.documents.video_requests import S2vInput, S2vRequest
from emoji_mock.contract.endpoint import S2V, VIDEO_SYNTHESIS
from emoji_mock.contract.models.wan_s2v import VIDEO
from emoji_mock.fake.endpoints.documentation import ASYNC, RESOLVE, Documentation
from emoji_mock.fake.endpoints.videos.creation import VideoDecision, creation
from emoji_mock.fake.rules import magic_urls

if TYPE_CHECKING:
    from emoji_mock.fake.context import RequestContext


def take_resolution(_: RequestContext, decision: VideoDecision) -> None:
    """Take the resolution as what the price depends on."""
    decision.tier = decision.parameters["resolution"]


def example_request() -> S2vRequest:
    """Return a request for a video of a picture that passes."""
    return S2vRequest(S2V, S2vInput(f"https://{magic_urls.HOST}/passed/640x800.png", "https://example.com/me.wav"))


CREATE_VIDEO = creation(
    VIDEO,
    Documentation(
        summary=f"Make a video of a figure that speaks ({S2V})",
        description="Create a task from a picture that passed wan2.2-s2v-detect and an audio file.",
        parameters=(ASYNC, RESOLVE),
        request=S2vRequest,
        request_examples={S2V: example_request()},
        response=SiblingTaskCreated,
        success={200: "The task was accepted."},
        examples=lambda caller: {S2V: caller.post(VIDEO_SYNTHESIS, example_request())},
        statuses=(400, 401, 403, 429, 500, 503),
    ),
    checks=(take_resolution,),
)

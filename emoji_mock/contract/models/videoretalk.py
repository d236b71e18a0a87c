"""videoretalk: the person in a video speaks an audio file."""

from decimal import Decimal

from emoji_mock.contract import routes
from emoji_mock.contract.documents.video import VideoUsage
from emoji_mock.contract.endpoint import VIDEORETALK
from emoji_mock.contract.geometry import Size
from emoji_mock.contract.model import Result, TaskModel, TaskParameter
from emoji_mock.contract.rows import liveportrait, service
from emoji_mock.contract.rows.table import of_siblings

_FPS = 25


def _usage(made: Result) -> VideoUsage:
    size = f"{made.size.width}*{made.size.height}"
    return VideoUsage(video_duration=made.seconds, size=size, video_ratio="standard", fps=_FPS)


VIDEO = TaskModel(
    name=VIDEORETALK,
    title="VideoRetalk",
    route=routes.VIDEO_SYNTHESIS,
    prices={"": Decimal("0.08")},
    free=1800,
    rps=1,
    running=1,
    terms=of_siblings("D", "vr copy", "the price is read in a copy of the price list"),
    fields=("video_url", "audio_url"),
    optional=("ref_image_url",),
    missing={"video_url": liveportrait.NO_URL, "audio_url": liveportrait.NO_URL},
    parameters={
        "video_extension": TaskParameter(default=False, row=service.PARAMETER_INVALID),
        "query_face_threshold": TaskParameter(default=170, bounds=(120, 200), row=service.PARAMETER_INVALID),
    },
    frame=lambda _, size: size or Size(1080, 1920),
    failure=liveportrait.NO_HUMAN_FACE,
    result="video_url",
    usage=_usage,
)

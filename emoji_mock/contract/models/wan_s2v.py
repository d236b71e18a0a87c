"""wan2.2-s2v-detect and wan2.2-s2v: a figure, drawn or photographed, speaks an audio file."""

from decimal import Decimal

from emoji_mock.contract import routes
from emoji_mock.contract.documents.siblings import CheckFailed
from emoji_mock.contract.documents.video import VideoUsage
from emoji_mock.contract.endpoint import IMAGE_BYTES, IMAGE_FORMATS, IMAGE_SIDES, S2V, S2V_DETECT
from emoji_mock.contract.geometry import Size, scaled
from emoji_mock.contract.model import DetectionModel, MediaLimits, PictureLimits, Result, TaskModel, TaskParameter
from emoji_mock.contract.rows import failed, liveportrait, service, wan_s2v
from emoji_mock.contract.rows.table import of_siblings

_PICTURES = PictureLimits(
    formats=IMAGE_FORMATS,
    longest=IMAGE_BYTES,  # inferred: none is stated
    sides=IMAGE_SIDES,
    format_row=service.BAD_URL,
    bytes_row=service.FILE_SIZE,
    sides_row=failed.RESOLUTION,
)
DETECT = DetectionModel(
    name=S2V_DETECT,
    title="Wan 2.2 speech-to-video detection",
    route=routes.FACE_DETECT,
    prices={"": Decimal("0.004")},
    free=200,
    rps=5,
    terms=of_siblings("D", "s2vd"),
    pictures=_PICTURES,
    failed_output=lambda code, message, _: CheckFailed(check_pass=False, code=code, message=message),
    failures={
        failed.NO_HUMAN: wan_s2v.NO_HUMAN,
        failed.BODY_PROPORTION: wan_s2v.BODY_PROPORTION,
        failed.RESOLUTION: wan_s2v.RESOLUTION,
    },
    other_failure=wan_s2v.NOT_PASSED,
)


def _frame(tier: str, size: Size | None) -> Size:
    return scaled(size or Size(3, 4), int(tier.removesuffix("P")))  # inferred


def _usage(made: Result) -> VideoUsage:
    return VideoUsage(duration=made.seconds, video_count=1, resolution=int(made.tier.removesuffix("P")))


VIDEO = TaskModel(
    name=S2V,
    title="Wan 2.2 speech-to-video",
    route=routes.VIDEO_SYNTHESIS,
    prices={"480P": Decimal("0.5"), "720P": Decimal("0.9")},
    free=100,
    rps=5,
    running=1,
    terms=of_siblings("D", "s2v"),
    pictures=_PICTURES,
    detector=DETECT,
    fields=("image_url", "audio_url"),
    missing={"audio_url": liveportrait.NO_URL},
    parameters={
        "resolution": TaskParameter(default="480P", values=("480P", "720P"), row=service.PARAMETER_INVALID),
    },
    frame=_frame,
    result="results.video_url",
    usage=_usage,
    request_id_last=True,
    audio=MediaLimits(containers=("wav", "mp3"), longest=15 * 1024 * 1024 - 1, seconds=(0, 19.999)),
)

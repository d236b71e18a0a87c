"""AnimateAnyone: a person moves as the person in a template, which is made from a video."""

from decimal import Decimal

from emoji_mock.contract import routes
from emoji_mock.contract.documents.siblings import AnimateFailed
from emoji_mock.contract.documents.video import VideoUsage
from emoji_mock.contract.endpoint import ANIMATE, ANIMATE_DETECT, ANIMATE_TEMPLATE
from emoji_mock.contract.geometry import Size
from emoji_mock.contract.model import DetectionModel, MediaLimits, PictureLimits, Result, TaskModel, TaskParameter
from emoji_mock.contract.models.retirements import RETIRED_IN_2026, VIDEOS_RETIRED_IN_2026
from emoji_mock.contract.rows import animate_anyone as rows
from emoji_mock.contract.rows import emo, failed, liveportrait, service
from emoji_mock.contract.rows.table import of_siblings

_MEGABYTE = 1024 * 1024
_FRAMES = {"9:16": Size(720, 1280), "3:4": Size(768, 1024)}  # inferred
_PICTURES = PictureLimits(
    formats=("JPEG", "PNG", "BMP"),
    longest=5 * _MEGABYTE - 1,
    sides=(225, 4096),
    aspect=(0.5, 2),
    format_row=service.BAD_URL,
    bytes_row=rows.FILE_SIZE,
    sides_row=rows.RESOLUTION,
    aspect_row=rows.ASPECT,
)
DETECT = DetectionModel(
    name=ANIMATE_DETECT,
    title="AnimateAnyone detection",
    route=routes.AA_DETECT,
    prices={"": Decimal("0.004")},
    free=200,
    rps=5,
    terms=of_siblings("D", "aad"),
    retirement=RETIRED_IN_2026,
    pictures=_PICTURES,
    any_face_size=True,  # the face of a whole body is small; one that is too large leaves no room for a body
    half_body=("",),
    failed_output=lambda _, message, __: AnimateFailed(check_pass=False, reason=message, bodystyle=""),
    failures={
        failed.VALUE: rows.UNCLEAR,
        failed.FRONT_BODY: rows.POSE,
        emo.FULL_BODY: rows.POSE,
        failed.FULL_FACE: rows.FACE_POSE,
        failed.FACE_POSE: rows.FACE_POSE,
        failed.RESOLUTION: rows.RESOLUTION,
    },
)


def _usage(made: Result) -> VideoUsage:
    return VideoUsage(video_duration=made.seconds, video_ratio="standard")


TEMPLATE = TaskModel(
    name=ANIMATE_TEMPLATE,
    title="AnimateAnyone template",
    route=routes.AA_TEMPLATE,
    prices={"": Decimal("0.08")},
    free=1800,
    rps=5,
    running=1,
    terms=of_siblings("D", "aat"),
    retirement=VIDEOS_RETIRED_IN_2026,
    fields=("video_url",),
    missing={"video_url": liveportrait.NO_URL},
    frame=lambda _, size: size or Size(720, 1280),
    failure=rows.TEMPLATE_CONTENT,
    result="template_id",
    usage=_usage,
    video=MediaLimits(
        containers=("mp4", "avi", "mov"), longest=200 * _MEGABYTE, seconds=(2, 60), sides=(200, 2048), least_fps=24
    ),
    framed=True,
)
VIDEO = TaskModel(
    name=ANIMATE,
    title="AnimateAnyone video",
    route=routes.VIDEO_SYNTHESIS,
    prices={"": Decimal("0.08")},
    free=1800,
    rps=5,
    running=1,
    terms=of_siblings("D", "aa"),
    retirement=VIDEOS_RETIRED_IN_2026,
    pictures=_PICTURES,
    detector=DETECT,
    fields=("image_url", "template_id"),
    parameters={
        "use_ref_img_bg": TaskParameter(default=False, row=service.PARAMETER_INVALID),
        "video_ratio": TaskParameter(default="9:16", values=("9:16", "3:4"), row=rows.VIDEO_RATIO),
    },
    frame=lambda ratio, _: _FRAMES[ratio],
    result="video_url",
    usage=_usage,
    framed=True,
)

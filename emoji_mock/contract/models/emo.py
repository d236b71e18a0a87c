"""emo-detect-v1 and emo-v1: a portrait, head or half body, speaks an audio file."""

from decimal import Decimal

from msgspec import UNSET

from emoji_mock.contract import routes
from emoji_mock.contract.documents.siblings import CheckFailed
from emoji_mock.contract.documents.video import VideoUsage
from emoji_mock.contract.endpoint import EMO, EMO_DETECT, IMAGE_BYTES, IMAGE_FORMATS, IMAGE_SIDES
from emoji_mock.contract.geometry import EMO as PROPORTIONS
from emoji_mock.contract.geometry import Size
from emoji_mock.contract.model import DetectionModel, MediaLimits, PictureLimits, TaskModel, TaskParameter
from emoji_mock.contract.models.retirements import RETIRED_IN_2026, VIDEOS_RETIRED_IN_2026
from emoji_mock.contract.rows import emo as rows
from emoji_mock.contract.rows import failed, liveportrait, service
from emoji_mock.contract.rows.table import of_siblings

_MEGABYTE = 1024 * 1024
_FRAMES = {"1:1": Size(512, 512), "3:4": Size(512, 704)}


def _pictures(formats: tuple[str, ...]) -> PictureLimits:
    return PictureLimits(
        formats=formats,
        longest=IMAGE_BYTES,  # inferred: none is stated
        sides=IMAGE_SIDES,
        format_row=service.BAD_URL,
        bytes_row=service.FILE_SIZE,
        sides_row=failed.RESOLUTION,
    )


def _failed(code: str, message: str, humanoid: bool) -> CheckFailed:  # noqa: FBT001 - private
    return CheckFailed(check_pass=False, humanoid=False if humanoid else UNSET, code=code, message=message)


DETECT = DetectionModel(
    name=EMO_DETECT,
    title="EMO detection",
    route=routes.FACE_DETECT,
    prices={"": Decimal("0.004")},
    free=200,
    rps=5,
    terms=of_siblings("D", "emo"),
    retirement=RETIRED_IN_2026,
    pictures=_pictures(IMAGE_FORMATS),
    failed_output=_failed,
    boxes=("face_bbox", "ext_bbox"),
    ratios=("1:1", "3:4"),
    half_body=("3:4",),
    proportions=PROPORTIONS,
)
VIDEO = TaskModel(
    name=EMO,
    title="EMO video",
    route=routes.VIDEO_SYNTHESIS,
    prices={"1:1": Decimal("0.08"), "3:4": Decimal("0.16")},
    free=1800,
    rps=5,
    running=1,
    terms=of_siblings("D", "emov"),
    retirement=VIDEOS_RETIRED_IN_2026,
    pictures=_pictures(tuple(name for name in IMAGE_FORMATS if name != "WEBP")),
    detector=DETECT,
    fields=("image_url", "audio_url", "face_bbox", "ext_bbox"),
    missing={
        "image_url": rows.NO_IMAGE_URL,
        "audio_url": liveportrait.NO_URL,
        "face_bbox": rows.BBOX,
        "ext_bbox": rows.BBOX,
    },
    wrong={"face_bbox": rows.BBOX, "ext_bbox": rows.BBOX},
    parameters={
        "style_level": TaskParameter(default="normal", values=("normal", "calm", "active"), row=rows.STYLE_LEVEL),
    },
    frame=lambda tier, _: _FRAMES[tier],
    result="results.video_url",
    usage=lambda made: VideoUsage(video_duration=made.seconds, video_ratio=made.tier),
    audio=MediaLimits(containers=("wav", "mp3"), longest=15 * _MEGABYTE, seconds=(0, 60)),
)

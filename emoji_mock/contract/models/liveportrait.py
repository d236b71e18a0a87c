"""liveportrait-detect and liveportrait: a portrait speaks an audio file of up to three minutes."""

from decimal import Decimal

from emoji_mock.contract import routes
from emoji_mock.contract.documents.siblings import LivePortraitOutput
from emoji_mock.contract.documents.video import VideoUsage
from emoji_mock.contract.endpoint import IMAGE_FORMATS, LIVEPORTRAIT, LIVEPORTRAIT_DETECT
from emoji_mock.contract.geometry import Size, scaled
from emoji_mock.contract.model import DetectionModel, MediaLimits, PictureLimits, TaskModel, TaskParameter
from emoji_mock.contract.models.retirements import RETIRED_IN_2026
from emoji_mock.contract.rows import emo, failed
from emoji_mock.contract.rows import liveportrait as rows
from emoji_mock.contract.rows.table import of_siblings

_MEGABYTE = 1024 * 1024
_PICTURES = PictureLimits(
    formats=IMAGE_FORMATS,
    longest=10 * _MEGABYTE - 1,
    sides=(1, 4096),
    aspect=(0.5, 2),
    format_row=rows.FILE_FORMAT,
    bytes_row=rows.IMAGE_SIZE,
    sides_row=rows.IMAGE_SIZE,
)
DETECT = DetectionModel(
    name=LIVEPORTRAIT_DETECT,
    title="LivePortrait detection",
    route=routes.FACE_DETECT,
    prices={"": Decimal("0.004")},
    free=200,
    rps=5,
    terms=of_siblings("D", "lpd"),
    retirement=RETIRED_IN_2026,
    pictures=_PICTURES,
    any_face_size=True,  # a face that is seen from the front is all that is documented
    failed_output=lambda _, message, __: LivePortraitOutput(is_pass=False, message=message),
    failures={failed.RESOLUTION: rows.IMAGE_SIZE},
    other_failure=rows.NO_FACE,
)


def _number(shortest: float, longest: float, default: float) -> TaskParameter:
    return TaskParameter(default=default, bounds=(shortest, longest), row=rows.OUT_OF_DEFINITION)


VIDEO = TaskModel(
    name=LIVEPORTRAIT,
    title="LivePortrait video",
    route=routes.VIDEO_SYNTHESIS,
    prices={"": Decimal("0.02")},
    free=1800,
    rps=5,
    running=1,
    terms=of_siblings("D", "lp"),
    retirement=RETIRED_IN_2026,
    pictures=_PICTURES,
    detector=DETECT,
    fields=("image_url", "audio_url"),
    missing={"image_url": emo.NO_IMAGE_URL, "audio_url": rows.NO_URL},
    wrong={"image_url": rows.OUT_OF_DEFINITION, "audio_url": rows.OUT_OF_DEFINITION},
    parameters={
        "template_id": TaskParameter(default="normal", values=("normal", "calm", "active"), row=rows.OUT_OF_DEFINITION),
        "eye_move_freq": _number(0, 1, 0.5),
        "video_fps": _number(15, 30, 24),
        "mouth_move_strength": _number(0, 1.5, 1.0),
        "paste_back": TaskParameter(default=True, row=rows.OUT_OF_DEFINITION),
        "head_move_strength": _number(0, 1, 0.7),
    },
    frame=lambda _, size: scaled(size or Size(3, 4), 720),  # inferred
    fps=24,
    failure=rows.NO_HUMAN_FACE,
    result="results.video_url",
    usage=lambda made: VideoUsage(video_duration=made.seconds, video_ratio="standard"),
    audio=MediaLimits(containers=("wav", "mp3"), longest=15 * _MEGABYTE - 1, seconds=(1, 180)),
)

"""liveportrait-detect and liveportrait: a portrait speaks an audio file of up to three minutes."""

from decimal import Decimal

from emoji_mock.contract import routes
from emoji_mock.contract.documents.siblings import LivePortraitOutput
from emoji_mock.contract.endpoint import IMAGE_FORMATS, LIVEPORTRAIT, LIVEPORTRAIT_DETECT
from emoji_mock.contract.model import DetectionModel, MediaLimits, PictureLimits, TaskModel
from emoji_mock.contract.models.retirements import RETIRED_IN_2026
from emoji_mock.contract.rows import failed
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
    failed_output=lambda _, message, __: LivePortraitOutput(is_pass=False, message=message),
    failures={failed.RESOLUTION: rows.IMAGE_SIZE},
    other_failure=rows.NO_FACE,
)
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
    result="results.video_url",
    audio=MediaLimits(containers=("wav", "mp3"), longest=15 * _MEGABYTE - 1, seconds=(1, 180)),
)

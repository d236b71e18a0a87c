"""emoji-detect-v1 and emoji-v1: a portrait moves by one of twenty motions."""

from decimal import Decimal

from emoji_mock.contract import routes
from emoji_mock.contract.documents.detection import FailedOutput
from emoji_mock.contract.documents.video import VideoUsage
from emoji_mock.contract.endpoint import (
    IMAGE_BYTES,
    IMAGE_FORMATS,
    IMAGE_SIDES,
    MODEL,
    RATIO,
    VIDEO_FPS,
    VIDEO_MODEL,
    VIDEO_SIDE,
)
from emoji_mock.contract.geometry import EMOJI, Size
from emoji_mock.contract.model import DetectionModel, PictureLimits, TaskModel
from emoji_mock.contract.models.retirements import RETIRED_IN_2026, VIDEOS_RETIRED_IN_2026
from emoji_mock.contract.rows import failed, service
from emoji_mock.contract.rows.table import of_siblings

_PICTURES = PictureLimits(
    formats=IMAGE_FORMATS,
    longest=IMAGE_BYTES,
    sides=IMAGE_SIDES,
    format_row=service.BAD_URL,
    bytes_row=service.FILE_SIZE,
    sides_row=failed.RESOLUTION,
)
DETECT = DetectionModel(
    name=MODEL,
    title="Emoji detection",
    route=routes.FACE_DETECT,
    prices={"": Decimal("0.004")},
    free=200,
    rps=1,
    terms=of_siblings("D", "limits copy", "the price is read in a copy of the price list, and equals the siblings'"),
    retirement=RETIRED_IN_2026,
    pictures=_PICTURES,
    request_id_first=True,
    failed_output=lambda code, message, _: FailedOutput(code, message),
    boxes=("bbox_face", "ext_bbox_face"),
    ratios=(RATIO,),
    proportions=EMOJI,
)
VIDEO = TaskModel(
    name=VIDEO_MODEL,
    title="Emoji video",
    route=routes.VIDEO_SYNTHESIS,
    prices={"": Decimal("0.08")},
    free=500,
    rps=1,
    running=1,
    terms=of_siblings("D", "copy", "the free quota agrees with a published view of the console"),
    retirement=VIDEOS_RETIRED_IN_2026,
    pictures=_PICTURES,
    request_id_first=True,
    detector=DETECT,
    fields=("image_url", "driven_id", "face_bbox", "ext_bbox"),
    wrong={"ext_bbox": service.EXT_INVALID},
    frame=lambda _, __: Size(VIDEO_SIDE, VIDEO_SIDE),
    fps=VIDEO_FPS,
    result="video_url",
    usage=lambda made: VideoUsage(video_duration=int(made.seconds), video_ratio="standard"),
    task_id_first=False,
    refuses_pictures=True,
)

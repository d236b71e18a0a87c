"""videoretalk: the person in a video speaks an audio file."""

from decimal import Decimal

from emoji_mock.contract import routes
from emoji_mock.contract.endpoint import VIDEORETALK
from emoji_mock.contract.model import TaskModel
from emoji_mock.contract.rows.table import of_siblings

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
    result="video_url",
)

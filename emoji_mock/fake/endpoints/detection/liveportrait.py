"""face-detect with liveportrait-detect: whether a portrait shows a face that can speak."""

from emoji_mock.contract.documents.detection import FailedResponse, PassedResponse
from emoji_mock.contract.documents.siblings import LivePortraitOutput
from emoji_mock.contract.models.liveportrait import DETECT
from emoji_mock.contract.rows import liveportrait as rows
from emoji_mock.fake.endpoints.detection.sibling import PassedPicture, serve


def _passed(_: PassedPicture) -> LivePortraitOutput:
    return LivePortraitOutput(is_pass=True, message="")


LIVEPORTRAIT_DETECT = serve(
    DETECT,
    passed=_passed,
    response=PassedResponse[LivePortraitOutput] | FailedResponse[LivePortraitOutput],
    provokes={
        rows.FILE_FORMAT: f"a `data:` picture of another format, for {DETECT.name}",
        rows.IMAGE_SIZE: f"a `data:` picture with such sides, for {DETECT.name}",
    },
)

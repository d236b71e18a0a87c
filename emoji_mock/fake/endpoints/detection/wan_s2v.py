"""face-detect with wan2.2-s2v-detect: whether a figure, drawn or photographed, can speak."""

from emoji_mock.contract.documents.detection import FailedResponse, PassedResponse
from emoji_mock.contract.documents.siblings import CheckFailed, S2vPassed
from emoji_mock.contract.models.wan_s2v import DETECT
from emoji_mock.contract.rows import wan_s2v as rows
from emoji_mock.fake.endpoints.detection.sibling import PassedPicture, serve


def _passed(_: PassedPicture) -> S2vPassed:
    return S2vPassed(check_pass=True, humanoid=True)


S2V_DETECT = serve(
    DETECT,
    passed=_passed,
    response=PassedResponse[S2vPassed] | FailedResponse[CheckFailed],
    provokes={rows.RESOLUTION: f"a `data:` picture with such a side, for {DETECT.name}"},
)

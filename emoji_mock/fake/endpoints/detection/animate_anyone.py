"""aa-detect with animate-anyone-detect-gen2: whether a picture shows a body that can move as another one."""

from emoji_mock.contract.documents.detection import FailedResponse, PassedResponse
from emoji_mock.contract.documents.siblings import AnimateFailed, AnimatePassed
from emoji_mock.contract.models.animate_anyone import DETECT
from emoji_mock.contract.rows import animate_anyone as rows
from emoji_mock.fake.checks.faces import face_in
from emoji_mock.fake.endpoints.detection.sibling import PassedPicture, serve

_FULL_BODY = 1.5
"""How many times as high as wide a picture is at least that shows a whole body (inferred)."""


def _passed(picture: PassedPicture) -> AnimatePassed:
    size = picture.size or face_in(picture.image_url, picture.seed)[0]
    return AnimatePassed(bodystyle="full" if size.height >= _FULL_BODY * size.width else "half", check_pass=True)


AA_DETECT = serve(
    DETECT,
    passed=_passed,
    response=PassedResponse[AnimatePassed] | FailedResponse[AnimateFailed],
    provokes={
        rows.FILE_SIZE: f"a `data:` picture of 5 MB, for {DETECT.name}",
        rows.RESOLUTION: f"a `data:` picture with such a side, for {DETECT.name}",
        rows.ASPECT: f"a `data:` picture of such a shape, for {DETECT.name}",
    },
)

"""aa-detect with animate-anyone-detect-gen2: whether a picture shows a body that can move as another one."""

from emoji_mock.contract.documents.detection import FailedResponse, Input, PassedResponse
from emoji_mock.contract.documents.siblings import AnimateDetectRequest, AnimateFailed, AnimatePassed
from emoji_mock.contract.geometry import Size
from emoji_mock.contract.models.animate_anyone import DETECT
from emoji_mock.contract.rows import animate_anyone as rows
from emoji_mock.fake.checks.faces import size_of
from emoji_mock.fake.endpoints.detection.sibling import PassedPicture, serve

_FULL_BODY = 1.5
"""How many times as high as wide a picture is at least that shows a whole body (inferred)."""

_SIZES = (Size(600, 800), Size(720, 1280), Size(1080, 1440), Size(1080, 1920))
"""Common sizes of pictures of people, for pictures whose size is unknown."""


def _passed(picture: PassedPicture) -> AnimatePassed:
    size = picture.size or size_of(picture.image_url, picture.seed, _SIZES)
    is_tall = size.height >= _FULL_BODY * size.width
    is_whole = is_tall if picture.whole_body is None else picture.whole_body
    return AnimatePassed(bodystyle="full" if is_whole else "half", check_pass=True)


AA_DETECT = serve(
    DETECT,
    passed=_passed,
    request_documents=(AnimateDetectRequest, lambda image_url: AnimateDetectRequest(DETECT.name, Input(image_url))),
    response=PassedResponse[AnimatePassed] | FailedResponse[AnimateFailed],
    provokes={
        rows.FILE_SIZE: f"a `data:` picture of 5 MB, for {DETECT.name}",
        rows.RESOLUTION: f"a `data:` picture with such a side, for {DETECT.name}",
        rows.ASPECT: f"a `data:` picture of such a shape, for {DETECT.name}",
    },
)

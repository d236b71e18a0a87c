"""face-detect with emo-detect-v1: whether a portrait, head or half body, can speak."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from msgspec import UNSET

from emoji_mock.contract import routes
from emoji_mock.contract.documents.detection import FailedResponse, Input, PassedResponse
from emoji_mock.contract.documents.siblings import CheckFailed, EmoDetectParameters, EmoDetectRequest, EmoPassed
from emoji_mock.contract.endpoint import EMO_WITHOUT_VERSION
from emoji_mock.contract.geometry import EMO, ext_box, tallness_of
from emoji_mock.contract.models.emo import DETECT
from emoji_mock.contract.row import Outcome
from emoji_mock.contract.rows import emo as rows
from emoji_mock.contract.rows import gateway
from emoji_mock.fake.checks import account, body, image
from emoji_mock.fake.checks.faces import ROOMY, face_in
from emoji_mock.fake.checks.refusal import Refused
from emoji_mock.fake.checks.request import JsonDecision
from emoji_mock.fake.endpoints.detection.sibling import PICTURE, PassedPicture, serve
from emoji_mock.fake.endpoints.endpoint import Endpoint

if TYPE_CHECKING:
    from emoji_mock.fake.context import RequestContext


def check_ratio(context: RequestContext, decision: JsonDecision) -> None:
    """Refuse a ratio that is missing or not allowed; a picture that cannot be read is reported first (observed)."""
    ratio = body.ratio_of(decision, DETECT.ratios[0])
    if ratio in DETECT.ratios:
        decision.variant = str(ratio)
        return
    try:
        image.apply_magic_url(context, decision)
        image.inspect_image(context, decision)
    except Refused as refused:
        if refused.row.outcome is not Outcome.FAILED:  # the detection itself comes after the ratio
            raise
    decision.reason = ""  # the ratio, whatever was seen
    raise Refused(rows.RATIO)


def _passed(picture: PassedPicture) -> EmoPassed:
    size, face = picture.size, picture.face
    if face is None:
        size, face = face_in(picture.image_url, picture.seed, size)
    ext = ext_box(face, size or ROOMY, EMO, tallness=tallness_of(picture.ratio))
    return EmoPassed(check_pass=True, face_bbox=face, ext_bbox=ext, humanoid=picture.humanoid or UNSET)


EMO_DETECT = serve(
    DETECT,
    passed=_passed,
    request_documents=(
        EmoDetectRequest,
        lambda image_url: EmoDetectRequest(DETECT.name, Input(image_url), EmoDetectParameters("3:4")),
    ),
    response=PassedResponse[EmoPassed] | FailedResponse[CheckFailed],
    checks=(body.refuse_mistakes(body.NO_INPUT, *body.NO_IMAGE_URL), check_ratio, *PICTURE),
    provokes={rows.RATIO: f"a ratio other than 1:1 and 3:4, for {DETECT.name}"},
)


def _refuse(_: RequestContext, __: JsonDecision, ___: str) -> NoReturn:
    raise Refused(gateway.ACCESS_DENIED)


WITHOUT_VERSION = Endpoint(
    route=routes.FACE_DETECT,
    models=(EMO_WITHOUT_VERSION,),
    decision=JsonDecision,
    checks=(account.check_account, account.reject_async),
    body=_refuse,
)
"""A model that exists and that no account may call (observed)."""

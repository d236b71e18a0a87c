"""face-detect with emoji-detect-v1: whether a portrait can be animated."""

from functools import lru_cache

from emoji_mock.contract import routes, samples
from emoji_mock.contract.documents.detection import (
    Boxes,
    DetectRequest,
    FailedOutput,
    FailedResponse,
    Input,
    Parameters,
    PassedResponse,
)
from emoji_mock.contract.endpoint import MODEL, RATIO
from emoji_mock.contract.geometry import Box, Size
from emoji_mock.contract.models.emoji import DETECT
from emoji_mock.contract.row import Outcome
from emoji_mock.contract.rows import service
from emoji_mock.fake import responses
from emoji_mock.fake.checks import account, body, image, request
from emoji_mock.fake.checks.faces import boxes_for
from emoji_mock.fake.checks.request import JsonDecision
from emoji_mock.fake.context import RequestContext
from emoji_mock.fake.endpoints.documentation import RESOLVE, Documentation, rows_of
from emoji_mock.fake.endpoints.endpoint import Endpoint
from emoji_mock.fake.rules import magic_urls

_check_parameters = body.refuse_mistakes(
    body.NO_INPUT,
    (lambda sent: sent.get("parameters") is None, service.NO_PARAMETERS),
    *body.NO_IMAGE_URL,
    body.NO_OBJECT,
    (lambda sent: sent["parameters"].get("ratio") != RATIO, service.PARAMETER_INVALID),
)


def _body(context: RequestContext, decision: JsonDecision, request_id: str) -> bytes:
    # A `data:` URL holds a whole picture, which is too large for the cache.
    begin = _begin_cached if len(decision.image_url) < _SHORT else _begin
    start = begin(decision.image_url, context.options.seed or 0, decision.size, decision.face)
    return start + request_id.encode() + _END


def _begin(image_url: str, seed: int, size: Size | None, face: Box | None) -> bytes:
    """Return the body for a picture that passes, up to the request id, which comes last."""
    return responses.passed(boxes_for(image_url, seed, size, face), "").removesuffix(_END)


_begin_cached = lru_cache(maxsize=256)(_begin)
_END = b'"}'
_SHORT = 2048


def _request(outcome: str, name: str) -> DetectRequest:
    return DetectRequest(MODEL, Input(f"https://{magic_urls.HOST}/{outcome}/{name}.png"), Parameters(RATIO))


FACE_DETECT = Endpoint(
    route=routes.FACE_DETECT,
    models=(MODEL,),
    model=DETECT,
    decision=JsonDecision,
    opening=request.OPEN_DETECTION,
    checks=(
        account.check_account,
        account.reject_async,
        account.limit_rate,
        _check_parameters,
        image.apply_rule,
        image.apply_magic_url,
        image.inspect_image,
    ),
    body=_body,
    outcome=Outcome.PASSED,
    provokes={
        **request.PROVOKES,
        **account.PROVOKES,
        **body.PROVOKES,
        service.NO_PARAMETERS: "leave parameters out",
        service.PARAMETER_INVALID: "a ratio other than 1:1",
        **image.PROVOKES,
    },
    documentation=Documentation(
        summary=f"Detect the face in a portrait ({MODEL})",
        description=(
            "Say whether a portrait can be animated: passed with two boxes, failed with a reason, or an error.\n\n"
            "A failed detection comes with HTTP 200 and is billed like a passed one; an error is not billed."
        ),
        request=DetectRequest,
        request_examples={
            "passed": _request("passed", "640x800"),
            "failed": _request("failed", "FacePose"),
            "error": _request("error", "Throttling.RateQuota"),
        },
        parameters=(RESOLVE,),
        response=PassedResponse[Boxes] | FailedResponse[FailedOutput],
        success={200: f"Passed, or failed; billed at {DETECT.price} CNY."},
        examples=lambda _: {"passed": samples.response("passed")["body"]},
        rows=rows_of(DETECT),
    ),
)

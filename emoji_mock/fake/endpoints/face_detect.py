"""face-detect: whether a portrait can be animated."""

from emoji_mock.contract.endpoint import EndpointName
from emoji_mock.contract.row import Outcome
from emoji_mock.fake import responses
from emoji_mock.fake.checks import body as request
from emoji_mock.fake.checks import boxes as boxes_module
from emoji_mock.fake.context import RequestContext
from emoji_mock.fake.endpoints.endpoint import Endpoint


def _body(call: RequestContext, request_id: str) -> bytes:
    boxes = boxes_module.boxes_for(call.image_url, call.options.seed or 0, call.size, call.face)
    return responses.passed(boxes, request_id)


FACE_DETECT = Endpoint(
    name=EndpointName.FACE_DETECT,
    checks=(
        request.authenticate, request.posted, request.size_of_body, request.parse, request.model, request.account,
        request.activated, request.synchronous, request.rate, request.parameters, request.rule, request.steer,
        request.look,
    ),
    body=_body,
    outcome=Outcome.PASSED,
)  # fmt: skip
"""Its checks stand in the order in which they are made."""

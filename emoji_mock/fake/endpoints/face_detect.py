"""face-detect: whether a portrait can be animated."""

from emoji_mock.contract.endpoint import EndpointName
from emoji_mock.contract.row import Outcome
from emoji_mock.fake import checks, portrait, replies
from emoji_mock.fake.call import Call
from emoji_mock.fake.endpoints.endpoint import Endpoint


def _body(call: Call, request_id: str) -> bytes:
    boxes = portrait.boxes_for(call.image_url, call.options.seed or 0, call.size, call.face)
    return replies.passed(boxes, request_id)


FACE_DETECT = Endpoint(
    name=EndpointName.FACE_DETECT,
    checks=(
        checks.authenticate, checks.posted, checks.size_of_body, checks.parse, checks.model, checks.account,
        checks.activated, checks.synchronous, checks.rate, checks.parameters, checks.rule, checks.steer, checks.look,
    ),
    body=_body,
    outcome=Outcome.PASSED,
)  # fmt: skip
"""Its checks stand in the order in which they are made."""

"""The vendor's other services: real paths, where no model that is known here is served."""

from typing import NoReturn

from emoji_mock.contract import routes
from emoji_mock.contract.rows import gateway
from emoji_mock.fake.checks import request
from emoji_mock.fake.checks.refusal import Refused
from emoji_mock.fake.checks.request import JsonDecision
from emoji_mock.fake.context import RequestContext
from emoji_mock.fake.endpoints.endpoint import Endpoint


def _refuse(context: RequestContext, decision: JsonDecision, _: str) -> NoReturn:
    raise Refused(gateway.WRONG_PATH if decision.model in context.models else gateway.UNKNOWN_MODEL)


OTHER_SERVICE = Endpoint(
    route=routes.OTHER_SERVICE,
    decision=JsonDecision,
    opening=(
        request.authenticate,
        request.require_post,
        request.limit_body,
        request.require_json,
        request.load_document,
        request.require_model,
    ),
    body=_refuse,
    provokes={gateway.WRONG_PATH: "VideoSynthesis of the official SDK with emoji-v1, but without task='image2video'"},
)

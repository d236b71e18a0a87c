"""What the detections by other models than emoji-detect-v1 have in common."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from emoji_mock.contract import samples
from emoji_mock.contract.documents.detection import Input, PassedResponse, Usage
from emoji_mock.contract.documents.siblings import PictureRequest
from emoji_mock.contract.row import Outcome, Row
from emoji_mock.fake import responses
from emoji_mock.fake.checks import account, body, image, request
from emoji_mock.fake.checks.request import JsonDecision
from emoji_mock.fake.endpoints.documentation import RESOLVE, Documentation, rows_of
from emoji_mock.fake.endpoints.endpoint import Endpoint
from emoji_mock.fake.rules import magic_urls

if TYPE_CHECKING:
    from collections.abc import Callable

    from msgspec import Struct

    from emoji_mock.contract.geometry import Box, Size
    from emoji_mock.contract.model import DetectionModel
    from emoji_mock.fake.context import RequestContext

PICTURE: tuple[Callable[[RequestContext, JsonDecision], None], ...] = (
    image.apply_rule,
    image.apply_magic_url,
    image.inspect_image,
)
"""The checks of the picture."""
WITHOUT_PARAMETERS = (body.refuse_mistakes(body.NO_INPUT, *body.NO_IMAGE_URL, body.NO_OBJECT), *PICTURE)
"""The checks of body and picture by a model that has no parameters: they may be missing, and are ignored."""


class PassedPicture(NamedTuple):
    """A picture that passes, as far as it is known, and what else its answer depends on."""

    image_url: str
    seed: int
    size: Size | None
    face: Box | None
    ratio: str
    humanoid: bool
    whole_body: bool | None = None
    """Whether it shows a whole body, if it was looked at."""


def serve(
    model: DetectionModel,
    *,
    passed: Callable[[PassedPicture], Struct],
    response: Any,  # noqa: ANN401 - a msgspec model, or a union of some
    request_documents: tuple[Any, Callable[[str], Struct]] | None = None,
    checks: tuple[Callable[[RequestContext, JsonDecision], None], ...] = WITHOUT_PARAMETERS,
    provokes: dict[Row, str] | None = None,
) -> Endpoint[JsonDecision]:
    """Return the endpoint of a detection by `model`; `passed` makes the output for a picture that passes.

    `request_documents` are the model of a request's body and a function that makes such a body of a picture's URL, by
    default without parameters; `checks` are those of the body and the picture.
    """
    return Endpoint(
        route=model.route,
        models=(model.name,),
        model=model,
        decision=JsonDecision,
        opening=request.OPEN_DETECTION,
        checks=(account.check_account, account.reject_async, account.limit_rate, *checks),
        body=_body_by(passed, model.ratios[0] if model.ratios else ""),
        outcome=Outcome.PASSED,
        provokes=provokes or {},
        documentation=_documentation(model, request_documents or _bodies_of(model), response),
    )


def _body_by(
    passed: Callable[[PassedPicture], Struct], ratio: str
) -> Callable[[RequestContext, JsonDecision, str], bytes]:
    def begin(picture: PassedPicture) -> bytes:
        return responses.encode(PassedResponse(passed(picture), Usage(), "")).removesuffix(_END)

    begin_cached = lru_cache(maxsize=256)(begin)

    def make_body(context: RequestContext, decision: JsonDecision, request_id: str) -> bytes:
        url, options = decision.image_url, context.options
        asked = str(body.ratio_of(decision, ratio)) if ratio else ""
        picture = PassedPicture(
            url, options.seed or 0, decision.size, decision.face, asked, options.humanoid, decision.whole_body
        )
        # A `data:` URL holds a whole picture, which is too large for the cache.
        start = begin_cached(picture) if len(url) < _SHORT else begin(picture)
        return start + request_id.encode() + _END

    return make_body


_END = b'"}'
_SHORT = 2048


def _bodies_of(model: DetectionModel) -> tuple[Any, Callable[[str], Struct]]:
    return PictureRequest, lambda image_url: PictureRequest(model.name, Input(image_url))


def _documentation(
    model: DetectionModel,
    request_documents: tuple[Any, Callable[[str], Struct]],
    response: Any,  # noqa: ANN401
) -> Documentation:
    kind, make = request_documents
    return Documentation(
        summary=f"{model.title} ({model.name})",
        description=f"Say whether the picture can be animated. An image costs {model.price} CNY, passed or failed.",
        request=kind,
        request_examples={
            outcome: make(f"https://{magic_urls.HOST}/{outcome}/{name}.png")
            for outcome, name in (("passed", "640x800"), ("failed", "FacePose"), ("error", "Throttling.RateQuota"))
        },
        parameters=(RESOLVE,),
        response=response,
        success={200: f"Passed, or failed; billed at {model.price} CNY."},
        examples=lambda _: {"passed": samples.passed(model.name)["body"]},
        rows=rows_of(model),
    )

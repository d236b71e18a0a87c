"""Check the request itself: its key, its method, its size, and its JSON, which is read on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import msgspec

from emoji_mock.contract.documents.detection import DetectRequest
from emoji_mock.contract.endpoint import BODY_LIMIT, MEDIA_TYPE
from emoji_mock.contract.models import TASK_MODELS
from emoji_mock.contract.rows import gateway, service
from emoji_mock.fake.checks.head_check import HeadCheck
from emoji_mock.fake.checks.refusal import Refused
from emoji_mock.fake.context import Decision

if TYPE_CHECKING:
    from emoji_mock.fake.context import RequestContext
    from emoji_mock.fake.request_head import RequestHead

PROVOKES = {
    gateway.INVALID_KEY: "the key sk-mock-invalid, or the host of another region",
    gateway.NO_KEY: "send no Authorization header",
    gateway.WRONG_METHOD: "send a GET",
    gateway.TOO_LARGE: "send a body over 6 MiB",
    service.BODY_INVALID: "send a body that is not a JSON object",
    gateway.NO_MODEL: "leave the model out",
    gateway.UNKNOWN_MODEL: "a model that does not exist",
    gateway.WRONG_PATH: "the model emoji-v1",
}
"""Which request gets a row from these checks."""

_VALID = msgspec.json.Decoder(DetectRequest)
_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
_USED = frozenset({"image_url", "ratio"}).union(
    *((*model.fields, *model.optional, *model.parameters) for model in TASK_MODELS)
)
"""The fields of `input` and `parameters` that any check reads; all others are ignored."""


class JsonDecision(Decision):
    """What is decided about a call with a JSON body."""

    document: dict[str, Any] | None = None
    """The body, read loosely; None if it is a wholly valid request for a detection."""


def authenticate(context: RequestContext, decision: Decision) -> None:
    """Find the caller by the key in the Authorization header, or refuse the call."""
    head = context.head
    decision.caller = head.caller
    if head.refused_as is not None:
        raise Refused(head.refused_as)


@HeadCheck
def require_post(head: RequestHead) -> None:
    """Refuse every method but POST."""
    if head.method != "POST":
        raise Refused(gateway.WRONG_METHOD, method=head.method)


@HeadCheck
def require_get(head: RequestHead) -> None:
    """Refuse every method but GET."""
    if head.method != "GET":
        raise Refused(gateway.WRONG_METHOD, method=head.method)


@HeadCheck
def require_json(head: RequestHead) -> None:
    """Refuse every media type but JSON."""
    kind = head.headers.get("content-type", "")
    if kind.partition(";")[0].strip().lower() != MEDIA_TYPE:
        raise Refused(service.BODY_INVALID)  # inferred: never observed on this path


def limit_body(context: RequestContext, _: Decision) -> None:
    """Refuse a body over the limit."""
    if len(context.request.body) > BODY_LIMIT:
        raise Refused(gateway.TOO_LARGE)


def load_detect_request(context: RequestContext, decision: JsonDecision) -> None:
    """Parse a request for a detection: strictly, or else as any JSON object, so that later checks name the mistake."""
    body = context.request.body
    try:
        if not body.isascii():
            body.decode()  # the decoder checks only what it keeps
        sent = _VALID.decode(body)
        decision.model, decision.image_url = sent.model, sent.input.image_url
    except msgspec.ValidationError:
        _load(body, decision)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused(service.BODY_INVALID) from None


def load_document(context: RequestContext, decision: JsonDecision) -> None:
    """Parse the body as a JSON object, without checking its fields."""
    _load(context.request.body, decision)


def _load(body: bytes, decision: JsonDecision) -> None:
    decision.document = document = _loose(body)
    given: Any = document.get("input")
    decision.model = _text(document.get("model"))
    decision.image_url = _text(cast("dict[str, Any]", given).get("image_url")) if isinstance(given, dict) else ""


def _loose(body: bytes) -> dict[str, Any]:
    try:
        if not body.isascii():
            body.decode()
        kept = _OBJECT.decode(body)
        return {name: _decoded(kept[name]) for name in ("model", "input", "parameters") if name in kept}
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise Refused(service.BODY_INVALID) from None


def _decoded(raw: msgspec.Raw) -> Any:  # noqa: ANN401 - any JSON
    try:
        fields = _OBJECT.decode(raw)
    except msgspec.ValidationError:  # not an object
        return msgspec.json.decode(raw)
    return {name: msgspec.json.decode(value) for name, value in fields.items() if name in _USED}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def require_model(_: RequestContext, decision: JsonDecision) -> None:
    """Refuse a request that names no model. The registry refuses models that are not served on the path."""
    if decision.document is None and decision.model:
        return  # the usual case
    given = decision.model if decision.document is None else decision.document.get("model")
    if isinstance(given, list | dict):
        raise Refused(service.BODY_INVALID)  # inferred
    if given in (None, ""):
        raise Refused(gateway.NO_MODEL)


OPEN_DETECTION = (authenticate, require_post, limit_body, require_json, load_detect_request, require_model)
"""The checks of a detection until its model is known, in the vendor's order."""

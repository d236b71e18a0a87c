"""The checks of face-detect, each a small function that refuses the call or lets it by; some serve other endpoints too.

The first place of authentication is observed, the order of the rest is inferred (see docs/contract.md).
"""

import re
from collections.abc import Callable
from typing import Any, cast

import msgspec

from emoji_mock.contract.endpoint import (
    ASYNC_HEADER,
    BODY_LIMIT,
    ELSEWHERE,
    MEDIA_TYPE,
    MODEL,
    RATIO,
    RESOLVE_HEADER,
    SIBLINGS,
)
from emoji_mock.contract.hosts import OTHER_REGIONS
from emoji_mock.contract.models.detection import DetectRequest
from emoji_mock.contract.row import Outcome, Row
from emoji_mock.contract.rows import gateway, service
from emoji_mock.fake import conditions
from emoji_mock.fake.accounting.api_keys import identify, redact
from emoji_mock.fake.checks import image
from emoji_mock.fake.checks import limits as account_module
from emoji_mock.fake.context import RequestContext
from emoji_mock.fake.refusal import Refused, said_of
from emoji_mock.fake.rules import magic_urls

_VALID = msgspec.json.Decoder(DetectRequest)
_LOOSE = msgspec.json.Decoder(dict[str, msgspec.Raw])
_READ = frozenset({"image_url", "driven_id", "face_bbox", "ext_bbox", "ratio"})
"""What anybody reads of `input` and `parameters`; whatever else they hold, it is ignored."""


def authenticate(call: RequestContext) -> None:
    """Take the key from the Authorization header; two such headers hold no key that anyone could have issued."""
    scheme, _, key = call.headers.get("authorization", "").strip().partition(" ")
    call.key = key = key.lstrip()
    if not key and scheme.lower() in ("", "bearer"):
        raise Refused(gateway.NO_KEY)
    if scheme.lower() != "bearer" or not key.isascii() or not key.isprintable() or " " in key:
        raise Refused(gateway.INVALID_KEY)
    call.caller = identify(key)
    if call.caller.fate is gateway.INVALID_KEY or call.host in OTHER_REGIONS:
        raise Refused(gateway.INVALID_KEY)


def posted(call: RequestContext) -> None:
    """Take a POST and nothing else."""
    if call.request.method != "POST":
        raise Refused(gateway.WRONG_METHOD, method=call.request.method)


def fetched(call: RequestContext) -> None:
    """Take a GET and nothing else."""
    if call.request.method != "GET":
        raise Refused(gateway.WRONG_METHOD, method=call.request.method)


def size_of_body(call: RequestContext) -> None:
    """Refuse a body over the limit."""
    if len(call.request.body) > BODY_LIMIT:
        raise Refused(gateway.TOO_LARGE)


def media_type(call: RequestContext) -> None:
    """Take JSON and nothing else."""
    kind = call.headers.get("content-type", "")
    if kind != MEDIA_TYPE and kind.partition(";")[0].strip().lower() != MEDIA_TYPE:
        raise Refused(service.BODY_INVALID)  # inferred: never seen on this path


def parse(call: RequestContext) -> None:
    """Read the body: valid throughout, or at least a JSON object whose mistakes the later checks name."""
    media_type(call)
    body = call.request.body
    try:
        if not body.isascii():
            body.decode()  # the decoder looks only into what it keeps
        call.sent = _VALID.decode(body)
        call.model, call.image_url = call.sent.model, call.sent.input.image_url
    except msgspec.ValidationError:
        call.document = loose(body)
        call.model = text(call.document.get("model"))
        given: Any = call.document.get("input")
        call.image_url = text(cast("dict[str, Any]", given).get("image_url")) if isinstance(given, dict) else ""
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused(service.BODY_INVALID) from None


def loose(body: bytes) -> dict[str, Any]:
    """Return the body as loose JSON. Raises Refused unless it is an object."""
    try:
        if not body.isascii():
            body.decode()
        kept = _LOOSE.decode(body)
        return {name: _opened(kept[name]) for name in ("model", "input", "parameters") if name in kept}
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise Refused(service.BODY_INVALID) from None


def _opened(raw: msgspec.Raw) -> Any:  # noqa: ANN401 - any JSON
    try:
        fields = _LOOSE.decode(raw)
    except msgspec.ValidationError:  # no object
        return msgspec.json.decode(raw)
    return {name: msgspec.json.decode(value) for name, value in fields.items() if name in _READ}


def text(value: object) -> str:
    """Return `value` if it is text, or nothing."""
    return value if isinstance(value, str) else ""


def model(call: RequestContext) -> None:
    """Know the model, and that it lives on this path."""
    if call.model == MODEL:
        return
    some_model(call)
    if call.model in ELSEWHERE:
        raise Refused(gateway.WRONG_PATH)
    if call.model not in SIBLINGS:
        raise Refused(gateway.UNKNOWN_MODEL)


def some_model(call: RequestContext) -> None:
    """Be told some model."""
    given = call.model if call.document is None else call.document.get("model")
    if isinstance(given, list | dict):
        raise Refused(service.BODY_INVALID)  # inferred
    if given in (None, ""):
        raise Refused(gateway.NO_MODEL)


_ACCOUNT_FATES = (gateway.ACCESS_DENIED, gateway.ARREARS, gateway.UNPURCHASED, gateway.EXHAUSTED)


def account(call: RequestContext) -> None:
    """Look at the account: what the model has become, arrears, the free tier."""
    if call.options.retired:
        raise Refused(gateway.ACCESS_DENIED)
    if call.caller.fate in _ACCOUNT_FATES:
        raise Refused(call.caller.fate)
    if call.options.limits is not None or call.store.has_limits:
        account_module.account(call)


def activated(call: RequestContext) -> None:
    """Refuse a sibling as a service that the account has not activated: true to the vendor's words, and to ours."""
    if call.model in SIBLINGS:
        raise Refused(gateway.UNPURCHASED)


def synchronous(call: RequestContext) -> None:
    """Refuse to answer asynchronously."""
    if call.headers.get(ASYNC_HEADER, "").strip().lower() == "enable":
        raise Refused(gateway.NOT_ASYNCHRONOUS)


def throttled(call: RequestContext) -> None:
    """Throttle the key that is there for it."""
    if call.caller.fate is gateway.THROTTLED:
        raise Refused(gateway.THROTTLED)


def rate(call: RequestContext) -> None:
    """Throttle the key that is there for it, and whoever calls a model more often than the limits let."""
    throttled(call)
    if call.options.limits is not None or call.store.has_limits:
        account_module.submitted(call)


def _input(document: dict[str, Any]) -> dict[str, Any]:
    given: dict[str, Any] = document["input"]
    return given


_COMPLAINTS: tuple[tuple[Callable[[dict[str, Any]], bool], Row], ...] = (
    (lambda sent: sent.get("input") is None, service.NO_INPUT),
    (lambda sent: sent.get("parameters") is None, service.NO_PARAMETERS),
    (lambda sent: not isinstance(sent["input"], dict), service.ILLEGAL_INPUT),
    (lambda sent: _input(sent).get("image_url") is None, service.FIELD_REQUIRED),
    (lambda sent: not isinstance(_input(sent)["image_url"], str), service.PARAMETER_INVALID),
    (lambda sent: not isinstance(sent["parameters"], dict), service.PARAMETER_INVALID),
    (lambda sent: sent["parameters"].get("ratio") != RATIO, service.PARAMETER_INVALID),
)
"""What is wrong with a body that is not valid throughout, in the order in which it is looked for."""


def parameters(call: RequestContext) -> None:
    """Say what is wrong with a body that is not valid throughout."""
    if call.document is None:
        return
    for wrong, row in _COMPLAINTS:
        if wrong(call.document):
            raise Refused(row)


def _refused(call: RequestContext, row: Row, *, later: bool = False) -> Refused:
    return Refused(row, later=later, **said_of(call.image_url))


def rule(call: RequestContext) -> None:
    """Do what a rule says of such a call."""
    taken = conditions.take_rule(call)
    if taken is None:
        return
    if taken.row is not None:
        raise _refused(call, taken.row, later=taken.outcome is Outcome.FAILED)
    if taken.outcome is not None:
        call.face, call.size, call.settled = taken.face, taken.image_size, True


def steer(call: RequestContext) -> None:
    """Do what a picture's URL on the reserved host says."""
    if call.settled or magic_urls.HOST not in call.image_url.lower():
        return
    try:
        steered = magic_urls.read(call.image_url)
    except ValueError as error:
        # Our own words in the vendor's shape: such a URL never reaches the vendor, and whoever wrote it needs to know.
        raise Refused(service.BAD_URL, message=f"emoji-mock: {redact(str(error))}") from None
    if steered is None:
        return
    if steered.row is not None:
        raise _refused(call, steered.row)
    call.size = steered.size and image.check_sides(steered.size)


_LOCATED = re.compile(r"//[^/?#\s\x00-\x20\x7f][^\s\x00-\x20\x7f]*")  # RFC 3986: neither blanks nor control characters


def look(call: RequestContext) -> None:
    """Look at the picture as far as it is held, and know its size."""
    scheme, mark, rest = call.image_url.partition(":")
    scheme = scheme.lower()
    if call.settled:
        return
    if scheme == "data" and mark:
        call.size = image.inspect_data_url(call)
    elif scheme == "oss" and rest.startswith("//"):
        if call.headers.get(RESOLVE_HEADER, "").strip().lower() != "enable":
            raise Refused(service.BAD_MEDIA)
        call.size, call.face = image.inspect_upload(call)
    elif scheme not in ("http", "https") or not _LOCATED.fullmatch(rest):
        raise Refused(service.BAD_URL)

"""Cases with a mistake in the request. None shows a picture that can be fetched, so no service can bill one."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, Unpack

from emoji_mock.conformance.cases.case import BAD_KEY, KEY, Case, Ending, body
from emoji_mock.contract.endpoint import BODY_LIMIT, MEDIA_TYPE
from emoji_mock.contract.rows import gateway, service
from emoji_mock.contract.rows.table import SEEN, known
from emoji_mock.fake.rules.magic_urls import HOST, url_for

if TYPE_CHECKING:
    from emoji_mock.contract.exchange import Headers
    from emoji_mock.contract.provenance import Provenance
    from emoji_mock.contract.row import Row

_GUESS = known("I", "emoji-mock")
# The fake takes it for a picture like any other; nobody can fetch it (RFC 6761).
_NOWHERE = f"https://{HOST}/portrait.png"
_GOOD = body(_NOWHERE)
_AUTHORIZED = ("authorization", f"Bearer {KEY}")
_KIND = ("content-type", MEDIA_TYPE)


class _Changes(TypedDict, total=False):
    method: str
    path: str
    headers: Headers
    body: bytes
    padded: int
    live: bool


def _wrong(
    name: str,
    row: Row,
    provenance: Provenance | None = None,
    also: tuple[Ending, ...] = (),
    **changes: Unpack[_Changes],
) -> Case:
    changes.setdefault("body", _GOOD)
    return Case(name=name, expected=(row, *also), provenance=provenance or row.provenance, **changes)


def _authorization(*values: str) -> Headers:
    return (*(("authorization", value) for value in values), _KIND)


_AUTH = (
    _wrong("auth/no-header", gateway.NO_KEY, headers=_authorization()),
    _wrong("auth/bearer-alone", gateway.NO_KEY, _GUESS, headers=_authorization("Bearer")),
    _wrong("auth/bad-key", gateway.INVALID_KEY, headers=_authorization(f"Bearer {BAD_KEY}")),
    _wrong("auth/basic", gateway.INVALID_KEY, _GUESS, headers=_authorization("Basic c2s6")),
    _wrong("auth/no-scheme", gateway.INVALID_KEY, _GUESS, headers=_authorization(BAD_KEY)),
    _wrong("auth/two-words", gateway.INVALID_KEY, _GUESS, headers=_authorization(f"Bearer {BAD_KEY} {BAD_KEY}")),
    _wrong("auth/two-headers", gateway.INVALID_KEY, _GUESS, headers=_authorization(f"Bearer {KEY}", f"Bearer {KEY}")),
    _wrong(
        "auth/other-region",
        gateway.INVALID_KEY,
        headers=(("host", "dashscope-intl.aliyuncs.com"), _AUTHORIZED, _KIND),
        live=False,
    ),
)

_ROUTING = (
    _wrong("route/unknown-path", gateway.NOT_FOUND, path="/api/v1/services/aigc/image2video/face-detected"),
    _wrong("route/get", gateway.WRONG_METHOD, method="GET", body=b""),
    _wrong("route/put", gateway.WRONG_METHOD, _GUESS, method="PUT"),
    _wrong("route/delete", gateway.WRONG_METHOD, _GUESS, method="DELETE", body=b""),
)

_BODY = (
    _wrong("body/over-6-mib", gateway.TOO_LARGE, padded=BODY_LIMIT + 1),
    _wrong("body/empty", service.BODY_INVALID, body=b""),
    _wrong("body/not-json", service.BODY_INVALID, body=b"{"),
    _wrong("body/an-array", service.BODY_INVALID, body=b"[]"),
    _wrong("body/a-string", service.BODY_INVALID, body=b'"emoji"'),
    _wrong("body/null", service.BODY_INVALID, body=b"null"),
    _wrong("body/not-utf-8", service.BODY_INVALID, _GUESS, body=_GOOD.replace(b"portrait", b"\xff")),
    _wrong("body/no-content-type", service.BODY_INVALID, _GUESS, headers=(_AUTHORIZED,)),
    _wrong(
        "body/a-form",
        service.BODY_INVALID,
        _GUESS,
        headers=(_AUTHORIZED, ("content-type", "application/x-www-form-urlencoded")),
    ),
)

_MODEL = (
    _wrong("model/missing", gateway.NO_MODEL, body=body(_NOWHERE, without=("model",))),
    _wrong("model/null", gateway.NO_MODEL, _GUESS, body=body(_NOWHERE, model=None)),
    _wrong("model/empty", gateway.NO_MODEL, _GUESS, body=body(_NOWHERE, model="")),
    _wrong("model/unknown", gateway.UNKNOWN_MODEL, body=body(_NOWHERE, model="emoji-detect-v0")),
    _wrong("model/a-number", gateway.UNKNOWN_MODEL, _GUESS, body=body(_NOWHERE, model=5)),
    _wrong("model/an-object", service.BODY_INVALID, _GUESS, body=body(_NOWHERE, model={})),
    _wrong("model/of-another-path", gateway.WRONG_PATH, body=body(_NOWHERE, model="emoji-v1")),
)

_PARAMETERS = (
    _wrong("async/enabled", gateway.NOT_ASYNCHRONOUS, headers=(_AUTHORIZED, _KIND, ("x-dashscope-async", "enable"))),
    _wrong("input/missing", service.NO_INPUT, body=body(without=("input",))),
    _wrong("input/null", service.NO_INPUT, _GUESS, body=body(input=None)),
    _wrong("input/a-string", service.ILLEGAL_INPUT, body=body(input="portrait")),
    _wrong("input/an-array", service.ILLEGAL_INPUT, _GUESS, body=body(input=[])),
    _wrong("input/both-missing", service.NO_INPUT, _GUESS, body=body(without=("input", "parameters"))),
    _wrong("image-url/missing", service.FIELD_REQUIRED, body=body(input={})),
    _wrong("image-url/null", service.FIELD_REQUIRED, _GUESS, body=body(None)),
    _wrong("image-url/a-number", service.PARAMETER_INVALID, body=body(5)),
    _wrong("parameters/missing", service.NO_PARAMETERS, body=body(_NOWHERE, without=("parameters",))),
    _wrong("parameters/null", service.NO_PARAMETERS, _GUESS, body=body(_NOWHERE, parameters=None)),
    _wrong("parameters/an-array", service.PARAMETER_INVALID, body=body(_NOWHERE, parameters=[])),
    _wrong("ratio/missing", service.PARAMETER_INVALID, body=body(_NOWHERE, parameters={})),
    _wrong("ratio/3-to-4", service.PARAMETER_INVALID, body=body(_NOWHERE, parameters={"ratio": "3:4"})),
    _wrong("ratio/a-number", service.PARAMETER_INVALID, body=body(_NOWHERE, parameters={"ratio": 1})),
)

_EITHER = (service.CANNOT_DOWNLOAD, service.BAD_MEDIA)
_UNFETCHED = (service.CANNOT_DOWNLOAD, service.URL_REFUSED, service.URL_TIMEOUT, service.DOWNLOAD_TIMED_OUT)
_WHICH = known("I", "errors emoji-mock", "several rows fit; which one comes is not known")

_URL = (
    _wrong("image-url/nowhere", service.BAD_URL, _WHICH, body=body(url_for(service.BAD_URL)), also=_UNFETCHED),
    _wrong("image-url/empty", service.BAD_URL, _WHICH, body=body(""), also=(service.FIELD_REQUIRED, *_EITHER)),
    _wrong("image-url/no-url", service.BAD_URL, _WHICH, body=body("portrait.png"), also=_EITHER),
    _wrong("image-url/without-a-host", service.BAD_URL, _WHICH, body=body("https://"), also=_EITHER),
    _wrong("image-url/ftp", service.BAD_URL, _WHICH, body=body(f"ftp://{HOST}/portrait.png"), also=_EITHER),
    _wrong("image-url/oss-without-the-header", service.BAD_MEDIA, body=body("oss://dashscope-instant/portrait.png")),
)

_ASYNC = ("x-dashscope-async", "enable")
_NOTHING = "/api/v1/nothing"

# Of two mistakes the earlier is told. Only the first place is observed.
_ORDER = (
    _wrong("order/auth-before-route", gateway.NO_KEY, SEEN, path=_NOTHING, headers=_authorization()),
    _wrong("order/auth-before-body", gateway.NO_KEY, _GUESS, headers=_authorization(), body=b"["),
    _wrong("order/route-before-body", gateway.NOT_FOUND, _GUESS, path=_NOTHING, body=b"["),
    _wrong("order/size-before-json", gateway.TOO_LARGE, _GUESS, body=b"[", padded=BODY_LIMIT + 1),
    _wrong("order/model-before-input", gateway.UNKNOWN_MODEL, _GUESS, body=body(model="emoji-detect-v0", input=None)),
    _wrong(
        "order/async-before-input",
        gateway.NOT_ASYNCHRONOUS,
        _GUESS,
        headers=(_AUTHORIZED, _KIND, _ASYNC),
        body=body(input=None),
    ),
    _wrong(
        "order/account-before-async",
        gateway.ARREARS,
        _GUESS,
        headers=(("authorization", "Bearer sk-mock-arrears"), _KIND, _ASYNC),
        live=False,
    ),
    _wrong(
        "order/account-before-input",
        gateway.EXHAUSTED,
        _GUESS,
        headers=(("authorization", "Bearer sk-mock-exhausted"), _KIND),
        body=body(input=None),
        live=False,
    ),
)

REQUESTS: tuple[Case, ...] = (*_AUTH, *_ROUTING, *_BODY, *_MODEL, *_PARAMETERS, *_URL, *_ORDER)
"""Every mistake that a request can hold, in the order in which it is looked for."""

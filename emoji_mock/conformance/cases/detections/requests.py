"""Cases of an invalid detection. No picture in them can be fetched, so no service can bill one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from emoji_mock.conformance.cases.case import Case, CaseFields, ExpectedAnswer, refusal
from emoji_mock.conformance.cases.payloads import ASYNC, AUTHORIZATION, JSON_CONTENT, PORTRAIT_URL, detection_body
from emoji_mock.conformance.cases.placeholders import BAD_KEY, KEY
from emoji_mock.contract.endpoint import BODY_LIMIT
from emoji_mock.contract.rows import gateway, service
from emoji_mock.contract.rows.table import OBSERVED, known
from emoji_mock.fake.rules.magic_urls import HOST, url_for

if TYPE_CHECKING:
    from emoji_mock.contract.exchange import Headers
    from emoji_mock.contract.provenance import Provenance
    from emoji_mock.contract.row import Row

_GUESS = known("I", "emoji-mock")
_VALID_BODY = detection_body(PORTRAIT_URL)


def _wrong(
    name: str,
    row: Row,
    provenance: Provenance | None = None,
    also: tuple[ExpectedAnswer, ...] = (),
    **fields: Unpack[CaseFields],
) -> Case:
    fields.setdefault("body", _VALID_BODY)
    return refusal(name, row, provenance, also, **fields)


def _authorization(*values: str) -> Headers:
    return (*(("authorization", value) for value in values), JSON_CONTENT)


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
        headers=(("host", "dashscope-intl.aliyuncs.com"), AUTHORIZATION, JSON_CONTENT),
        live=False,
    ),
)

_ROUTING = (
    _wrong("route/unknown-path", gateway.NOT_FOUND, path="/api/v1/services/aigc/image2video/face-detected"),
    _wrong(
        "route/other-service",
        gateway.WRONG_PATH,
        known("SI", "sdk emoji-mock", "the path is the SDK's; the answer is that to a model on another model's path"),
        path="/api/v1/services/aigc/video-generation/video-synthesis",
    ),
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
    _wrong("body/not-utf-8", service.BODY_INVALID, _GUESS, body=_VALID_BODY.replace(b"portrait", b"\xff")),
    _wrong("body/no-content-type", service.BODY_INVALID, _GUESS, headers=(AUTHORIZATION,)),
    _wrong(
        "body/a-form",
        service.BODY_INVALID,
        _GUESS,
        headers=(AUTHORIZATION, ("content-type", "application/x-www-form-urlencoded")),
    ),
)

_MODEL = (
    _wrong("model/missing", gateway.NO_MODEL, body=detection_body(PORTRAIT_URL, without=("model",))),
    _wrong("model/null", gateway.NO_MODEL, _GUESS, body=detection_body(PORTRAIT_URL, model=None)),
    _wrong("model/empty", gateway.NO_MODEL, _GUESS, body=detection_body(PORTRAIT_URL, model="")),
    _wrong("model/unknown", gateway.UNKNOWN_MODEL, body=detection_body(PORTRAIT_URL, model="emoji-detect-v0")),
    _wrong("model/a-number", gateway.UNKNOWN_MODEL, _GUESS, body=detection_body(PORTRAIT_URL, model=5)),
    _wrong("model/an-object", service.BODY_INVALID, _GUESS, body=detection_body(PORTRAIT_URL, model={})),
    _wrong("model/of-another-path", gateway.WRONG_PATH, body=detection_body(PORTRAIT_URL, model="emoji-v1")),
)

_PARAMETERS = (
    _wrong("async/enabled", gateway.NOT_ASYNCHRONOUS, headers=(AUTHORIZATION, JSON_CONTENT, ASYNC)),
    _wrong("input/missing", service.NO_INPUT, body=detection_body(without=("input",))),
    _wrong("input/null", service.NO_INPUT, _GUESS, body=detection_body(input=None)),
    _wrong("input/a-string", service.ILLEGAL_INPUT, body=detection_body(input="portrait")),
    _wrong("input/an-array", service.ILLEGAL_INPUT, _GUESS, body=detection_body(input=[])),
    _wrong("input/both-missing", service.NO_INPUT, _GUESS, body=detection_body(without=("input", "parameters"))),
    _wrong("image-url/missing", service.FIELD_REQUIRED, body=detection_body(input={})),
    _wrong("image-url/null", service.FIELD_REQUIRED, _GUESS, body=detection_body(None)),
    _wrong("image-url/a-number", service.PARAMETER_INVALID, body=detection_body(5)),
    _wrong("parameters/missing", service.NO_PARAMETERS, body=detection_body(PORTRAIT_URL, without=("parameters",))),
    _wrong("parameters/null", service.NO_PARAMETERS, _GUESS, body=detection_body(PORTRAIT_URL, parameters=None)),
    _wrong("parameters/an-array", service.PARAMETER_INVALID, body=detection_body(PORTRAIT_URL, parameters=[])),
    _wrong("ratio/missing", service.PARAMETER_INVALID, body=detection_body(PORTRAIT_URL, parameters={})),
    _wrong("ratio/3-to-4", service.PARAMETER_INVALID, body=detection_body(PORTRAIT_URL, parameters={"ratio": "3:4"})),
    _wrong("ratio/a-number", service.PARAMETER_INVALID, body=detection_body(PORTRAIT_URL, parameters={"ratio": 1})),
)

_EITHER = (service.CANNOT_DOWNLOAD, service.BAD_MEDIA)
_UNFETCHED = (service.CANNOT_DOWNLOAD, service.URL_REFUSED, service.URL_TIMEOUT, service.DOWNLOAD_TIMED_OUT)
_WHICH = known("I", "errors emoji-mock", "several rows fit; which of them the vendor gives is not known")

_URL = (
    _wrong(
        "image-url/nowhere", service.BAD_URL, _WHICH, body=detection_body(url_for(service.BAD_URL)), also=_UNFETCHED
    ),
    _wrong(
        "image-url/empty", service.BAD_URL, _WHICH, body=detection_body(""), also=(service.FIELD_REQUIRED, *_EITHER)
    ),
    _wrong("image-url/no-url", service.BAD_URL, _WHICH, body=detection_body("portrait.png"), also=_EITHER),
    _wrong("image-url/without-a-host", service.BAD_URL, _WHICH, body=detection_body("https://"), also=_EITHER),
    _wrong("image-url/ftp", service.BAD_URL, _WHICH, body=detection_body(f"ftp://{HOST}/portrait.png"), also=_EITHER),
    _wrong(
        "image-url/oss-without-the-header",
        service.BAD_MEDIA,
        body=detection_body("oss://dashscope-instant/portrait.png"),
    ),
)

_NO_PATH = "/api/v1/nothing"

# Requests with two mistakes: the answer names the one that is checked first. Only the first case is observed.
_ORDER = (
    _wrong("order/auth-before-route", gateway.NO_KEY, OBSERVED, path=_NO_PATH, headers=_authorization()),
    _wrong("order/auth-before-body", gateway.NO_KEY, _GUESS, headers=_authorization(), body=b"["),
    _wrong("order/route-before-body", gateway.NOT_FOUND, _GUESS, path=_NO_PATH, body=b"["),
    _wrong("order/size-before-json", gateway.TOO_LARGE, _GUESS, body=b"[", padded=BODY_LIMIT + 1),
    _wrong(
        "order/model-before-input",
        gateway.UNKNOWN_MODEL,
        _GUESS,
        body=detection_body(model="emoji-detect-v0", input=None),
    ),
    _wrong(
        "order/async-before-input",
        gateway.NOT_ASYNCHRONOUS,
        _GUESS,
        headers=(AUTHORIZATION, JSON_CONTENT, ASYNC),
        body=detection_body(input=None),
    ),
    _wrong(
        "order/account-before-async",
        gateway.ARREARS,
        _GUESS,
        headers=(("authorization", "Bearer sk-mock-arrears"), JSON_CONTENT, ASYNC),
        live=False,
    ),
    _wrong(
        "order/account-before-input",
        gateway.EXHAUSTED,
        _GUESS,
        headers=(("authorization", "Bearer sk-mock-exhausted"), JSON_CONTENT),
        body=detection_body(input=None),
        live=False,
    ),
)

REQUEST_CASES: tuple[Case, ...] = (*_AUTH, *_ROUTING, *_BODY, *_MODEL, *_PARAMETERS, *_URL, *_ORDER)
"""Every mistake that a request can contain, in the order of the checks."""

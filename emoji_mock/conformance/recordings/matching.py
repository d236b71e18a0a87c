"""Match requests with recordings: the parts of a request that must be equal."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

from emoji_mock.conformance.cases.placeholders import BAD_KEY, KEY
from emoji_mock.conformance.recordings.named_secrets import REDACTED
from emoji_mock.conformance.recordings.redaction import Redactor
from emoji_mock.contract.endpoint import ASYNC_HEADER, BODY_LIMIT, RESOLVE_HEADER
from emoji_mock.contract.hosts import OTHER_REGIONS
from emoji_mock.fake.accounting.api_keys import identify

if TYPE_CHECKING:
    from emoji_mock.contract.exchange import Request

_ANY_KEY = re.compile(r"\bsk-[A-Za-z0-9._-]+")
_REDACTOR = Redactor()


class RequestKey(NamedTuple):
    """The parts of a request that decide its answer. Requests with equal parts get the same recording."""

    method: str
    host: str
    target: str
    authorization: str
    content_type: str
    flags: tuple[str, str]
    body: str | bytes


def request_key(request: Request) -> RequestKey:
    """Return the parts of `request` that decide its answer."""
    headers = request.by_name()
    return RequestKey(
        request.method,
        headers.get("host", "") if headers.get("host") in OTHER_REGIONS else "",
        request.target,
        _caller(headers.get("authorization", "")),
        headers.get("content-type", "").lower(),
        (headers.get(ASYNC_HEADER, ""), headers.get(RESOLVE_HEADER, "")),
        _content(request.body),
    )


def _caller(authorization: str) -> str:
    """Return an Authorization header with `<key>` for any valid key, and with the row's name for a reserved key."""

    def placeholder(key: re.Match[str]) -> str:
        refused_as = identify(key[0]).refused_as
        return (
            KEY if refused_as is None else BAD_KEY if refused_as.name == "invalid-api-key" else f"<{refused_as.name}>"
        )

    return _REDACTOR.text(_ANY_KEY.sub(placeholder, authorization)).replace(REDACTED, KEY)


def _content(body: bytes) -> str | bytes:
    """Return the content of a JSON body whatever its spelling, and any other body without trailing spaces."""
    if len(body) > BODY_LIMIT:
        return "too large"
    try:
        return json.dumps(json.loads(body), sort_keys=True)
    except (ValueError, RecursionError):
        return body.rstrip(b" ")

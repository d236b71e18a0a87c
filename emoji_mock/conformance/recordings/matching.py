"""Match requests with recordings: the parts of a request that must be equal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from emoji_mock.conformance.cases.placeholders import BAD_KEY, KEY
from emoji_mock.conformance.recordings.canonical import (
    canonical_json,
    canonical_media_type,
    canonical_query,
    differences,
)
from emoji_mock.conformance.recordings.named_secrets import REDACTED
from emoji_mock.conformance.recordings.redaction import Redactor
from emoji_mock.contract.endpoint import ASYNC_HEADER, BODY_LIMIT, RESOLVE_HEADER
from emoji_mock.contract.hosts import is_elsewhere
from emoji_mock.fake.accounting.api_keys import identify
from emoji_mock.fake.request_head import read_head

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from emoji_mock.contract.exchange import Request

_ANY_KEY = re.compile(r"\bsk-[A-Za-z0-9._-]+")
_BLANKS = re.compile(r"[ \t]+")
_REDACTOR = Redactor()
_BODILESS = frozenset({"GET", "HEAD", "DELETE", "OPTIONS"})
"""Methods of requests whose media type says nothing, if they have no body."""


class RequestKey(NamedTuple):
    """The parts of a request that decide its answer. Requests with equal parts get the same recording."""

    method: str
    path: str
    host: str
    query: tuple[tuple[str, str], ...]
    authorization: str
    content_type: str
    asynchronous: bool
    resolve: bool
    body: Hashable


_NAMES = (
    "method",
    "path",
    "host",
    "query",
    "key",
    "Content-Type",
    "X-DashScope-Async",
    "X-DashScope-OssResourceResolve",
)
"""What a message calls the parts before the body."""


def request_key(request: Request) -> RequestKey:
    """Return the parts of `request` that decide its answer, in one spelling for all."""
    head = read_head(request)
    is_bodiless = not request.body and head.method in _BODILESS
    return RequestKey(
        head.method,
        request.target if request.target.startswith("<") else head.path,  # a placeholder is no path
        head.host if is_elsewhere(head.host) else "",
        canonical_query(head.query),
        _caller(request.header("authorization")),
        "" if is_bodiless else canonical_media_type(head.headers.get("content-type", "")),
        head.enables(ASYNC_HEADER),
        head.enables(RESOLVE_HEADER),
        _content(request.body),
    )


def differing_parts(one: RequestKey, other: RequestKey) -> list[str]:
    """Return the names of the parts that differ; of two JSON bodies, the places in them."""
    parts = [name for name, ours, theirs in zip(_NAMES, one, other, strict=False) if ours != theirs]
    return [*parts, *differences(one.body, other.body)]


def nearest(key: RequestKey, recorded: Iterable[RequestKey]) -> RequestKey | None:
    """Return the recorded request with the same method and path of which the fewest parts differ."""
    same = (one for one in recorded if (one.method, one.path) == (key.method, key.path))
    return min(same, key=lambda one: len(differing_parts(key, one)), default=None)


def _caller(authorization: str) -> str:
    """Return an Authorization header with `<key>` for any valid key, and with the row's name for a reserved key."""

    def placeholder(key: re.Match[str]) -> str:
        refused_as = identify(key[0]).refused_as
        return (
            KEY if refused_as is None else BAD_KEY if refused_as.name == "invalid-api-key" else f"<{refused_as.name}>"
        )

    scheme, blank, rest = _BLANKS.sub(" ", authorization.strip()).partition(" ")
    spelled = scheme.lower() + blank + rest if blank or scheme.lower() == "bearer" else scheme
    return _REDACTOR.text(_ANY_KEY.sub(placeholder, spelled)).replace(REDACTED, KEY)


def _content(body: bytes) -> Hashable:
    """Return the content of a JSON body whatever its spelling, and any other body without trailing spaces."""
    if len(body) > BODY_LIMIT:
        return "too large"
    try:
        return canonical_json(body)
    except (ValueError, RecursionError):
        return body.rstrip(b" ")

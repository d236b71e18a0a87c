"""Redaction: what must not be seen is taken out before anything is shown or written.

Taken out are keys, account ids, signed URLs, what goes by a secret's name, and whatever the caller names; mock keys are
no secret and stay.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

import msgspec

from emoji_mock.conformance.recordings.named_secrets import GONE, without_named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emoji_mock.contract.exchange import Headers

_SCHEME = r"\b[a-z][a-z0-9+.-]{0,15}(?::|%3a)(?:\\?/|%2f){2}"

_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    # Keys of the vendor, as they stand, percent-encoded, or escaped in JSON; and whatever else authorizes.
    (
        re.compile(r"(?<![A-Za-z0-9])sk(?:-|%2d|\\u002d)(?!mock-)[A-Za-z0-9._%\\-]{4,}", re.IGNORECASE),
        "<key>",
    ),
    (re.compile(r"\b(Bearer|Basic)(\s+|%20)(?!<|sk-mock-)[^\s\"',;<]+", re.IGNORECASE), rf"\1\2{GONE}"),
    (re.compile(r"(?:\bCAI|LTAI|STS\.)[A-Za-z0-9._+/=-]{6,}"), GONE),
    (re.compile(r"\beyJ[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]*"), GONE),  # a JWT (RFC 7519)
    (re.compile(r"\bacs:[\w*-]{0,32}:[^\s\"'<>,\\]+", re.IGNORECASE), f"acs:{GONE}"),  # who or what is whose
    # A URL's query is where signatures live, and its user part where passwords do.
    (re.compile(rf"({_SCHEME})[^\s/\"'<>@\\]{{1,512}}@", re.IGNORECASE), r"\1"),
    (
        re.compile(rf"({_SCHEME}[^\s\"'<>?#]{{0,1024}}?)(?:\?|%3f|\\u003f)[^\s\"'<>]*", re.IGNORECASE),
        rf"\1?{GONE}",
    ),
    # Account numbers have 16 digits; times have 13, and the storage's request ids are hexadecimal.
    (re.compile(r"(?<![\dA-F.])\d{15,20}(?![\dA-F.])"), "<account>"),
    (re.compile(r"\b(?:llm|ws)-[a-z0-9]{8,}\b", re.IGNORECASE), "<workspace>"),
    (re.compile(r"(?<![a-z0-9-])[a-z0-9-]{1,63}(\.cn-beijing\.maas\.aliyuncs\.com)", re.IGNORECASE), r"<workspace>\1"),
)
_SHOWN_HEADERS = frozenset(
    {
        "accept", "access-control-allow-headers", "access-control-allow-methods", "access-control-allow-origin",
        "access-control-expose-headers", "access-control-max-age", "authorization", "content-type", "date", "host",
        "req-arrive-time", "req-cost-time", "resp-start-time", "retry-after", "server", "vary", "x-dashscope-async",
        "x-dashscope-call-gateway", "x-dashscope-ossresourceresolve", "x-envoy-upstream-service-time",
        "x-oss-request-id", "x-request-id",
    }
)  # fmt: skip
FRAMING = frozenset({"content-length", "content-encoding", "transfer-encoding", "connection", "keep-alive"})
"""Headers that belong to a connection: whoever sends the message writes its own."""
_LOOKED_AT = 16 * 1024
"""How much of a text is looked through; what stands behind is dropped, but for blanks."""
_SEAM = 1024


class Redactor:
    """Takes out of text the secrets that it was told of, each for a word of its own, and all that look like one."""

    def __init__(self, words: Mapping[str, str] | None = None) -> None:
        spellings: dict[str, str] = {}
        for secret, word in (words or {}).items():
            if secret:
                escaped = msgspec.json.encode(secret).decode()[1:-1]
                slashed = escaped.replace("/", "\\/")
                spellings |= dict.fromkeys((quote(secret, safe=""), quote(secret), slashed, escaped, secret), word)
        self._words = spellings
        longest_first = sorted(spellings, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, longest_first))) if spellings else None

    def text(self, text: str) -> str:
        """Return `text` without secrets."""
        if self._known is not None:
            text = self._known.sub(lambda found: self._words[found[0]], text)
        said = text.rstrip()
        blank = text[len(said) :]
        if len(said) > _LOOKED_AT:
            # What the cut may have gone through is dropped as well.
            said, blank = said[: _LOOKED_AT - _SEAM], GONE
        said = without_named(said)
        for pattern, instead in _PATTERNS:
            said = pattern.sub(instead, said)
        return said + blank

    def headers(self, headers: Headers) -> Headers:
        """Return `headers` in lower case without secrets; only the name stays of one that may be harmful."""
        kept: list[tuple[str, str]] = []
        for name, value in headers:
            lower = name.lower()
            if lower in FRAMING:
                continue  # framing belongs to the connection
            harmless = lower in _SHOWN_HEADERS or lower.startswith("x-ratelimit-")
            kept.append((self.text(lower), self.text(value) if harmless else GONE))
        return tuple(kept)

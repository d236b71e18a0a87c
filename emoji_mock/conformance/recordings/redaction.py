"""Remove secrets from text before it is shown or written.

Secrets are keys, account ids, the queries of URLs, values with the name of a secret, and whatever the caller names.
Mock keys are not secrets.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

import msgspec

from emoji_mock._support.encodings.escapes import Replacement, replace_all, unescape_ascii
from emoji_mock._support.encodings.secret_search import SecretSearch
from emoji_mock.conformance.recordings.named_secrets import REDACTED, redact_named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emoji_mock.contract.exchange import Headers

_KEY = re.compile(r"(?<![A-Za-z0-9])sk-(?!mock-)[A-Za-z0-9._%-]{4,}", re.IGNORECASE)
"""A key of the vendor, without escapes."""
_SCHEME = r"\b[a-z][a-z0-9+.-]{0,15}(?::|%3a)(?:\\?/|%2f){2}"

_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b(Bearer|Basic)(\s+|%20)(?!<|sk-mock-)[^\s\"',;<]+", re.IGNORECASE), rf"\1\2{REDACTED}"),
    (re.compile(r"(?:\bCAI|LTAI|STS\.)[A-Za-z0-9._+/=-]{6,}"), REDACTED),
    (re.compile(r"\beyJ[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]*"), REDACTED),  # a JWT (RFC 7519)
    (
        re.compile(r"\bacs:[\w*-]{0,32}:[^\s\"'<>,\\]+", re.IGNORECASE),
        f"acs:{REDACTED}",
    ),  # a resource name: it contains an account
    # A URL's query contains signatures, its user part passwords.
    (re.compile(rf"({_SCHEME})[^\s/\"'<>@\\]{{1,512}}@", re.IGNORECASE), r"\1"),
    (
        re.compile(rf"({_SCHEME}[^\s\"'<>?#]{{0,1024}}?)(?:\?|%3f|\\u003f)[^\s\"'<>]*", re.IGNORECASE),
        rf"\1?{REDACTED}",
    ),
    # Account numbers have 16 digits; times have 13, and the storage's request ids are hexadecimal.
    (re.compile(r"(?<![\dA-F.])\d{15,20}(?![\dA-F.])"), "<account>"),
    (re.compile(r"\b(?:llm|ws)-[a-z0-9]{8,}\b", re.IGNORECASE), "<workspace>"),
    (
        re.compile(r"(?<![a-z0-9-])[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63}\.maas\.aliyuncs\.com)", re.IGNORECASE),
        r"<workspace>\1",
    ),
)
_KNOWN_HEADERS = frozenset(
    {
        "accept", "access-control-allow-headers", "access-control-allow-methods", "access-control-allow-origin",
        "access-control-expose-headers", "access-control-max-age", "authorization", "content-type", "date", "host",
        "req-arrive-time", "req-cost-time", "resp-start-time", "retry-after", "server", "vary", "x-dashscope-async",
        "x-dashscope-call-gateway", "x-dashscope-ossresourceresolve", "x-envoy-upstream-service-time",
        "x-oss-request-id", "x-request-id",
    }
)  # fmt: skip
FRAMING = frozenset({"content-length", "content-encoding", "transfer-encoding", "connection", "keep-alive"})
"""Headers of a connection, not of an exchange: each sender writes its own."""
_SEARCHED = 16 * 1024
"""How much of a text is searched, in characters; the rest is dropped, apart from trailing blanks."""
_OVERLAP = 1024


class Redactor:
    """Replaces known secrets by the words given for them, and everything that looks like a secret by `<redacted>`.

    `search` finds the known secrets in any encoding.
    """

    def __init__(self, words: Mapping[str, str] | None = None) -> None:
        spellings: dict[str, str] = {}
        for secret, word in (words or {}).items():
            if secret:
                escaped = msgspec.json.encode(secret).decode()[1:-1]
                slashed = escaped.replace("/", "\\/")
                spellings |= dict.fromkeys((quote(secret, safe=""), quote(secret), slashed, escaped, secret), word)
        self._words = spellings
        longest_first = sorted(spellings, key=len, reverse=True)
        self.search = SecretSearch(words or {})
        self._known = re.compile("|".join(map(re.escape, longest_first))) if spellings else None

    def text(self, text: str) -> str:
        """Return `text` without secrets."""
        if self._known is not None:
            text = self._known.sub(lambda found: self._words[found[0]], text)
        content = text.rstrip()
        blank = text[len(content) :]
        if len(content) > _SEARCHED:
            # A secret at the cut would be cut in two: drop some more.
            content, blank = self.search.hide(content[: 2 * _SEARCHED])[: _SEARCHED - _OVERLAP], REDACTED
        content = redact_named(_redact_keys(self.search.hide(content)))
        for pattern, replacement in _PATTERNS:
            content = pattern.sub(replacement, content)
        return content + blank

    def headers(self, headers: Headers) -> Headers:
        """Return `headers` in lower case without secrets; of unknown headers only the name stays."""
        kept: list[tuple[str, str]] = []
        for name, value in headers:
            lower = name.lower()
            if lower in FRAMING:
                continue
            known = lower in _KNOWN_HEADERS or lower.startswith("x-ratelimit-")
            kept.append((self.text(lower), self.text(value) if known else REDACTED))
        return tuple(kept)


def _redact_keys(text: str) -> str:
    """Return `text` without keys of the vendor, also if they are escaped."""
    view = unescape_ascii(text)
    return replace_all(text, (Replacement(*view.span(*found.span()), "<key>") for found in _KEY.finditer(view.text)))

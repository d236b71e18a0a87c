"""Redact secrets by their names: JSON fields (nested in strings, too), XML elements, and pairs as in a query.

The end of a name decides, in any case of letters. The time is proportional to the length of the text.
"""

from __future__ import annotations

import re

REDACTED = "<redacted>"
"""The text in place of a secret."""

_ENDS = (
    r"(?:(?:api|access|secret|private|unique)[_-]?key|(?:key|parent|user)[_-]?id"
    r"|(?:account|owner|session|tenant|workspace)(?:[_-]?id)?|uid|authorization|cookie|credentials?|passw(?:or)?d|policy"
    r"|secret|sig|signature|signature[_-]?provided|string[_-]?to[_-]?sign|token)"
)
# In JSON nested in strings, a quotation mark has as many backslashes as the nesting requires.
_FIELD = re.compile(rf"{_ENDS}(?P<quote>\\{{0,7}}[\"'])\s{{0,16}}:\s{{0,16}}", re.IGNORECASE)
_BARE = re.compile(r"[^,}\]\s]*")
_ELEMENT = re.compile(
    rf"<(?P<name>[\w.:-]{{0,64}}{_ENDS})(?P<more>\s[^<>]{{0,256}})?>(?:(?!<\\?/(?P=name)).)*+",
    re.IGNORECASE | re.DOTALL,
)
_PAIR = re.compile(
    rf"({_ENDS}(?:=|%3d|\\u003d)|[_-]{_ENDS}:\s|\bx-(?:oss|amz)-[a-z-]{{1,64}}=)"
    r"(?:[^\s&\"'<>;,\\]|\\(?![\"'nrtu]))+",
    re.IGNORECASE,
)


def redact_named(text: str) -> str:
    """Return `text` without the values whose names are those of secrets."""
    text = _redact_fields(text)
    if "</" in text or "<\\/" in text:  # otherwise a word in angle brackets is one of our placeholders
        text = _ELEMENT.sub(rf"<\g<name>\g<more>>{REDACTED}", text)
    return _PAIR.sub(rf"\1{REDACTED}", text)


def _redact_fields(text: str) -> str:
    kept: list[str] = []
    at = 0
    while field := _FIELD.search(text, at):
        quote = field["quote"]
        kept += (text[at : field.end()], quote, REDACTED, quote)
        at = _value_end(text, field.end(), quote)
    return "".join((*kept, text[at:]))


def _value_end(text: str, start: int, quote: str) -> int:
    """Return the end of the value that begins at `start`: a string, an object or list, or a bare word."""
    mark = re.compile(rf"(?<!\\){re.escape(quote)}")
    if mark.match(text, start):
        return _string_end(mark, text, start + len(quote))
    if text[start : start + 1] not in ("[", "{"):
        bare = _BARE.match(text, start)
        return bare.end() if bare else start
    token, depth, at = re.compile(rf"{mark.pattern}|[\[\]{{}}]"), 0, start
    while found := token.search(text, at):
        at = found.end()
        if found[0] == quote:
            at = _string_end(mark, text, at)
            continue
        depth += 1 if found[0] in "[{" else -1
        if depth == 0:
            return at
    return len(text)


def _string_end(mark: re.Pattern[str], text: str, start: int) -> int:
    found = mark.search(text, start)
    return found.end() if found else len(text)

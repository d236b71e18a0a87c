"""Summarize an answer of any form: its outcome, code, message and number of billed images."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from emoji_mock.contract.row import Outcome

if TYPE_CHECKING:
    from emoji_mock.contract.exchange import Response
    from emoji_mock.contract.row import Row

_FIRST_ERROR = 400
FLAGS = ("check_pass", "pass")
"""The fields in which models say whether a picture passed."""
MESSAGES = ("message", "reason")
"""The fields in which models say why a picture failed."""
_XML = re.compile(r"<(Code|Message)>([^<]*)</\1>")


class ResponseSummary(NamedTuple):
    """The outcome, code, message and number of billed images of an answer.

    `document` is the body if that is a JSON object; `outcome` is None if the body gives no hint of one.
    """

    document: dict[str, Any] | None
    outcome: Outcome | None
    code: str
    message: str
    images: int

    def matches(self, row: Row) -> bool:
        """Whether the answer has the code and the message of `row`."""
        return self.code == (row.code or "") and self.message in message_variants(row)


def summarize(response: Response) -> ResponseSummary:
    """Summarize `response`. Looks for code and message at every place where the vendor puts them."""
    document = _object(_parsed(response.body))
    if document is None:
        if response.body.startswith(b"<?xml"):
            return _summarize_xml(response)
        error = response.status >= _FIRST_ERROR and not response.body
        return ResponseSummary(None, Outcome.ERROR if error else None, "", "", 0)
    output = _object(document.get("output")) or {}
    # Some models say in a field whether a picture passed, and need no code for one that failed.
    has_failed = bool(output.get("code")) or any(output.get(name) is False for name in FLAGS)
    source = output if has_failed else document
    if response.status >= _FIRST_ERROR or (source is document and "code" in document):
        outcome: Outcome | None = Outcome.ERROR
    elif "output" not in document:
        outcome = None
    else:
        outcome = Outcome.FAILED if has_failed else Outcome.PASSED
    count = (_object(document.get("usage")) or {}).get("image_count")
    images = int(count) if isinstance(count, int | float) and 0 < count < 1_000_000 else 0  # noqa: PLR2004
    return ResponseSummary(document, outcome, _text(source.get("code")), _message(source), images)


def _summarize_xml(response: Response) -> ResponseSummary:
    """Summarize an answer of the storage, in XML."""
    elements = {name: unescape(value) for name, value in _XML.findall(response.body.decode(errors="replace"))}
    outcome = Outcome.ERROR if response.status >= _FIRST_ERROR else Outcome.DONE
    return ResponseSummary(None, outcome, elements.get("Code", ""), elements.get("Message", ""), 0)


def message_variants(row: Row, **values: str) -> tuple[str, ...]:
    """Return the message of `row` as documented, and with the suffix that is observed since late 2025."""
    text = row.text(**values)
    return (text, text + row.suffix) if row.suffix else (text,)


def _message(source: dict[str, Any]) -> str:
    return _text(next((source[name] for name in MESSAGES if name in source), None))


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _parsed(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _object(value: object) -> dict[str, Any] | None:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None

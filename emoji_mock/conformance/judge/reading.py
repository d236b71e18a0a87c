"""What an answer says, read leniently: the outcome it tells of, its code and message, what it bills."""

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
_XML = re.compile(r"<(Code|Message)>([^<]*)</\1>")


class Reading(NamedTuple):
    """What an answer says; `document` is None when its body is no JSON object."""

    document: dict[str, Any] | None
    outcome: Outcome | None
    code: str
    message: str
    images: int

    def tells(self, row: Row) -> bool:
        """Say whether this is the code and the message of `row`."""
        return self.code == (row.code or "") and self.message in texts(row)


def read(response: Response) -> Reading:
    """Return what `response` says, wherever it says it."""
    document = _object(_parsed(response.body))
    if document is None:
        if response.body.startswith(b"<?xml"):
            return _of_xml(response)
        error = response.status >= _FIRST_ERROR and not response.body
        return Reading(None, Outcome.ERROR if error else None, "", "", 0)
    output = _object(document.get("output")) or {}
    said = output if output.get("code") else document
    if response.status >= _FIRST_ERROR or (said is document and "code" in document):
        outcome: Outcome | None = Outcome.ERROR
    elif "output" not in document:
        outcome = None
    else:
        outcome = Outcome.FAILED if said is output else Outcome.PASSED
    count = (_object(document.get("usage")) or {}).get("image_count")
    images = int(count) if isinstance(count, int | float) and 0 < count < 1_000_000 else 0  # noqa: PLR2004
    return Reading(document, outcome, _word(said.get("code")), _word(said.get("message")), images)


def _of_xml(response: Response) -> Reading:
    """Return what the storage says."""
    told = {name: unescape(value) for name, value in _XML.findall(response.body.decode(errors="replace"))}
    outcome = Outcome.ERROR if response.status >= _FIRST_ERROR else Outcome.DONE
    return Reading(None, outcome, told.get("Code", ""), told.get("Message", ""), 0)


def texts(row: Row, **values: str) -> tuple[str, ...]:
    """Return the wordings of a row's message: as documented, and with the suffix seen since late 2025."""
    text = row.text(**values)
    return (text, text + row.suffix) if row.suffix else (text,)


def _word(value: object) -> str:
    return "" if value is None else str(value)


def _parsed(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _object(value: object) -> dict[str, Any] | None:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None

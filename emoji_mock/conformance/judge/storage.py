"""Whether an error of the storage has the form that OSS gives it: XML, its elements in their order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from emoji_mock.conformance.judge.difference import Difference, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

_ERROR = re.compile(rb'<\?xml version="1\.0" encoding="UTF-8"\?>\s*<Error>(.*)</Error>\s*', re.DOTALL)
_ELEMENT = re.compile(rb"<(\w+)>[^<]*</\1>")
_WANTED = ["Code", "Message", "RequestId", "HostId"]
_SHOWN = 200


def judge_xml(body: bytes, *, guess: bool) -> Iterator[Difference]:
    """Yield in what `body` differs from an error of OSS; it may hold more elements than we know."""
    found = _ERROR.fullmatch(body)
    if found is None:
        yield Difference(Kind.BODY, "body", "an XML error", body.decode(errors="replace")[:_SHOWN] or "nothing", guess)
        return
    names = [name.decode() for name in _ELEMENT.findall(found[1])]
    for name in _WANTED:
        if name not in names:
            yield Difference(Kind.MISSING_FIELD, f"Error.{name}", "present", "missing", guess)
    told = [name for name in names if name in _WANTED]
    if told != [name for name in _WANTED if name in told]:
        yield Difference(Kind.KEY_ORDER, "Error", ", ".join(_WANTED), ", ".join(told), guess)

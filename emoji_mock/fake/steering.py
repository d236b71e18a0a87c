"""Steering without code: picture URLs on a reserved host that say what they want to be answered with."""

import re
from typing import NamedTuple

from emoji_mock.contract.catalogue import find
from emoji_mock.contract.geometry import Size
from emoji_mock.contract.row import Outcome, Row

# RFC 6761 reserves .test, so such a URL never leads anywhere.
HOST = "emoji-mock.test"

_STEERED = re.compile(
    rf"https?://{re.escape(HOST)}(?::\d+)?/(passed|failed|error)/([^?#]+?)(?:\.(?:jpe?g|png|bmp|webp))?(?:[?#].*)?",
    re.IGNORECASE | re.DOTALL | re.ASCII,
)
_SIZE = re.compile(r"([1-9]\d{0,4})x([1-9]\d{0,4})", re.IGNORECASE | re.ASCII)


class Steered(NamedTuple):
    """What a steered URL wants: a row to answer with, or the size that the picture has."""

    row: Row | None = None
    size: Size | None = None


def read(image_url: str) -> Steered | None:
    """Return what `image_url` wants, or None if it is not steered. Raises UnknownCodeError for a code that is none."""
    found = _STEERED.fullmatch(image_url)
    if found is None:
        return None
    outcome, name = Outcome(found[1].lower()), found[2]
    if outcome is not Outcome.PASSED:
        return Steered(row=find(name, outcome))
    size = _SIZE.fullmatch(name)
    return Steered(size=Size(int(size[1]), int(size[2])) if size else None)


def url_for(row: Row) -> str:
    """Return the URL that steers to `row`."""
    return f"https://{HOST}/{row.outcome}/{row.name}.png"

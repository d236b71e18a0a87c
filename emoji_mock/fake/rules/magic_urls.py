"""Magic URLs: a picture's URL on a reserved host that selects the answer."""

import re
from typing import NamedTuple

from emoji_mock._support.validation import did_you_mean, nearest
from emoji_mock.contract.catalogue import find
from emoji_mock.contract.geometry import Size
from emoji_mock.contract.row import Outcome, Row

# RFC 6761 reserves .test, so such a URL never leads anywhere.
HOST = "emoji-mock.test"

_MAGIC = re.compile(
    rf"https?://{re.escape(HOST)}(?::\d+)?/(passed|failed|error)/([^?#]+?)(?:\.(?:jpe?g|png|bmp|webp|wav|mp3|mp4|mov|avi))?(?:[?#].*)?",
    re.IGNORECASE | re.DOTALL | re.ASCII,
)
_WORD = re.compile(rf"https?://{re.escape(HOST)}(?::\d+)?/([a-z]{{3,16}})/[^/?#]", re.IGNORECASE | re.ASCII)
_SIZE = re.compile(r"([1-9]\d{0,4})x([1-9]\d{0,4})", re.IGNORECASE | re.ASCII)
_LIKE_A_SIZE = re.compile(r"x*\d[\dx]*", re.IGNORECASE | re.ASCII)
_SHOWN = 40


class MagicUrl(NamedTuple):
    """The meaning of a magic URL: the row to answer with, or the size of the picture."""

    row: Row | None = None
    size: Size | None = None


def read(image_url: str) -> MagicUrl | None:
    """Return the meaning of `image_url`, or None if it is not a magic URL.

    Raises ValueError for an outcome, a code or a size that is misspelt.
    """
    found = _MAGIC.fullmatch(image_url)
    if found is None:
        _check_word(image_url)
        return None
    outcome, name = Outcome(found[1].lower()), found[2]
    if outcome is not Outcome.PASSED:
        return MagicUrl(row=find(name, outcome))
    size = _SIZE.fullmatch(name)
    if size is None and _LIKE_A_SIZE.fullmatch(name):
        raise ValueError(f"the size must be width and height in pixels, such as passed/640x800, not {name[:_SHOWN]!r}.")
    return MagicUrl(size=Size(int(size[1]), int(size[2])) if size else None)


def _check_word(image_url: str) -> None:
    found = _WORD.match(image_url)
    if found is None:
        return
    if near := nearest(found[1], ("passed", "failed", "error"), alike=0.7):
        raise ValueError(f"unknown outcome {found[1]!r}; {did_you_mean(near)}")


def url_for(row: Row) -> str:
    """Return the magic URL for `row`."""
    return f"https://{HOST}/{row.outcome}/{row.name}.png"

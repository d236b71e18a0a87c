"""Shell patterns for URLs, compared in a time that is bounded, whatever the pattern and the URL."""

from __future__ import annotations

import re
from fnmatch import translate
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

LOOKED_AT = 4096
"""How many characters of a URL a pattern is compared with."""
COMPILED = 2 * 1024 * 1024
"""How many characters of compiled patterns are kept, each of which takes up to 32 bytes: 64 MiB."""
FORGOTTEN = 16 * 1024
"""So many characters of patterns that no rule has any longer may stay: 512 KiB."""
_BEFORE, _, _AFTER = translate("x").partition("x")
_POSITION = 32  # moving on by a position takes as long as comparing so many characters


class _Cached:
    """How many `characters` the patterns have that `compile_pattern` keeps compiled, or more."""

    def __init__(self) -> None:
        self.characters = 0


_cached = _Cached()


class _Piece(NamedTuple):
    """The part of a pattern between two stars: as many characters as `width`, in plain text if it is not `wild`."""

    width: int
    wild: bool
    text: str
    regex: re.Pattern[str] | None

    def is_at(self, url: str, place: int) -> bool:
        """Return whether the piece is at `place` in `url`."""
        return url.startswith(self.text, place) if self.regex is None else self.regex.match(url, place) is not None

    def find(self, url: str, begin: int) -> int:
        """Return the first place of the piece in `url` from `begin` on, or -1."""
        if self.regex is None:
            return url.find(self.text, begin)
        found = self.regex.search(url, begin)
        return -1 if found is None else found.start()


class UrlPattern:
    """A pattern with `*`, `?` and `[…]`, with the meaning that `fnmatch.fnmatchcase` gives them.

    `cost` says how long a comparison takes at worst, in characters compared for each character of a URL. Plain text is
    found in a time that does not depend on its length; a piece with `?` or `[…]` between two stars is tried at every
    place.
    """

    __slots__ = ("_first", "_last", "_middle", "cost")

    def __init__(self, pattern: str) -> None:
        pieces = _split(pattern)
        self._first, self._last = pieces[0], pieces[-1] if len(pieces) > 1 else None
        self._middle = [piece for piece in pieces[1:-1] if piece.width]
        self.cost = sum(piece.width + _POSITION for piece in self._middle if piece.wild)

    def matches(self, url: str) -> bool:
        """Return whether the whole `url` matches."""
        if self._last is None:
            return len(url) == self._first.width and self._first.is_at(url, 0)
        place, end = self._first.width, len(url) - self._last.width
        if place > end or not self._first.is_at(url, 0) or not self._last.is_at(url, end):
            return False
        for piece in self._middle:
            found = piece.find(url, place)
            if found < 0:
                return False
            place = found + piece.width
        return place <= end


@lru_cache(maxsize=10_000)  # as many as there are rules; `forget_patterns` empties it
def compile_pattern(pattern: str) -> UrlPattern:
    """Return `pattern` in the form that is compared."""
    if _cached.characters + len(pattern) > COMPILED:  # those of refused and replaced rules are among them
        _forget_all()
    _cached.characters += len(pattern)
    return UrlPattern(pattern)


def forget_patterns(kept: Iterable[str]) -> None:
    """Free the memory of compiled patterns if they are much longer, together, than those that are `kept`."""
    if _cached.characters > FORGOTTEN and _cached.characters > 2 * sum(map(len, kept)):
        _forget_all()


def _forget_all() -> None:
    compile_pattern.cache_clear()
    _cached.characters = 0


def _split(pattern: str) -> list[_Piece]:
    """Return the pieces between the stars; a star in brackets is a character."""
    pieces: list[list[str]] = [[]]
    place = 0
    while place < len(pattern):
        length = _length_of_set(pattern, place) if pattern[place] == "[" else 1
        part = pattern[place : place + length]
        place += length
        if part == "*":
            pieces.append([])
        else:
            pieces[-1].append(part)
    return [_piece(characters) for characters in pieces]


def _length_of_set(pattern: str, place: int) -> int:
    """Return the length of `[…]` at `place`, or 1 if the bracket is not closed and so stands for itself."""
    begin = place + 1 + pattern.startswith("!", place + 1)
    end = pattern.find("]", begin + pattern.startswith("]", begin))
    return 1 if end < 0 else end + 1 - place


def _piece(characters: list[str]) -> _Piece:
    text = "".join(characters)
    if not any(part == "?" or len(part) > 1 for part in characters):
        return _Piece(len(characters), False, text, None)  # noqa: FBT003 - a field
    # fnmatch knows how a set is written as a regular expression, with all its exceptions.
    regexes = [translate(part)[len(_BEFORE) : -len(_AFTER)] for part in characters]
    return _Piece(len(characters), True, text, re.compile("".join(regexes), re.DOTALL))  # noqa: FBT003 - a field

"""Read text through its escapes: percent-encoding, JSON and HTML, in any order and nested."""

from __future__ import annotations

import re
from bisect import bisect_right
from html import unescape
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_LAYERS = 4
"""How many escapes may be nested in each other, as in a URL in JSON in a query."""
# `%73`, `\u0073`, `\x73`, `\n`, `\/`, `&#115;`, `&#x73;`, `&sol;`; JSON nested in a string has more backslashes.
_ESCAPE = re.compile(
    r"%(?:u00)?(?P<percent>[0-7][0-9a-f])|\\{1,8}(?:u(?:0{4})?00|x)(?P<hex>[0-7][0-9a-f])|\\{1,8}(?P<plain>[/\"'nrtbf])"
    r"|&(?:#0{0,8}[1-9][0-9]{1,2}|#x0{0,8}[2-7][0-9a-f]|[a-z]{2,8});",
    re.IGNORECASE,
)
_LOWER = {capital: capital + 32 for capital in range(ord("A"), ord("Z") + 1)}
_PLAIN = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


class _Layer:
    """The parts of a changed text: where each begins there, and where it begins and ends in the text before."""

    def __init__(self) -> None:
        self._after: list[int] = []
        self._before: list[int] = []
        self._ends: list[int] = []

    def add(self, after: int, before: int, end: int) -> None:
        """Add the next part."""
        self._after.append(after)
        self._before.append(before)
        self._ends.append(end)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where the characters from `start` to `end` are in the text before."""
        part = bisect_right(self._after, start) - 1
        begins = self._before[part] + start - self._after[part]
        part = bisect_right(self._after, end - 1) - 1
        following = self._after[part + 1] if part + 1 < len(self._after) else -1
        ends = self._ends[part] if end == following else self._before[part] + end - self._after[part]
        return begins, min(ends, self._ends[part])


class TextView(NamedTuple):
    """A text that was changed to be searched, and what leads from a place in it to the place in the original."""

    text: str
    layers: tuple[_Layer, ...] = ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where the characters from `start` to `end`, at least one, are in the original."""
        for layer in reversed(self.layers):
            start, end = layer.span(start, end)
        return start, end

    def without(self, pattern: re.Pattern[str]) -> TextView:
        """Return a view without what matches `pattern`."""
        return self._replaced(pattern, _nothing)

    def unescaped(self) -> TextView:
        """Return a view with every escape of an ASCII character resolved, but not what it may have hidden."""
        return self._replaced(_ESCAPE, _character)

    def _replaced(self, pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str | None]) -> TextView:
        """Return a view in which what `replace` returns replaces each match: a character, "", or None to leave it."""
        text = self.text
        kept: list[str] = []
        layer = _Layer()
        length = at = 0
        for found in pattern.finditer(text):
            character = replace(found)
            if character is None:
                continue
            if found.start() > at:
                kept.append(text[at : found.start()])
                layer.add(length, at, found.start())
                length += found.start() - at
            at = found.end()
            if character:
                kept.append(character)
                layer.add(length, found.start(), at)
                length += 1
        if not at:
            return self
        layer.add(length, at, len(text))
        return TextView("".join((*kept, text[at:])), (*self.layers, layer))


class Replacement(NamedTuple):
    """Where a text is to be replaced, and by what."""

    start: int
    end: int
    word: str


def replace_all(text: str, replacements: Iterable[Replacement]) -> str:
    """Return `text` with each replacement made; of those that overlap, the first one covers the others."""
    kept: list[str] = []
    at = 0
    for start, end, word in sorted(replacements, key=lambda one: (one.start, -one.end)):
        if start >= at:
            kept += (text[at:start], word)
        at = max(at, end)
    return "".join((*kept, text[at:])) if kept else text


def lower_ascii(text: str) -> str:
    """Return `text` with its ASCII letters in lower case; every character keeps its place."""
    return text.lower() if text.isascii() else text.translate(_LOWER)


def unescape_ascii(text: str) -> TextView:
    """Return a view of `text` with every escape of an ASCII character resolved, those of nested escapes too."""
    view = TextView(text)
    while len(view.layers) < _LAYERS and ("%" in view.text or "\\" in view.text or "&" in view.text):
        inner = view.unescaped()
        if inner is view:
            break
        view = inner
    return view


def _nothing(_: re.Match[str]) -> str:
    return ""


def _character(escape: re.Match[str]) -> str | None:
    """Return the ASCII character that an escape stands for, or None if that is another one."""
    digits, plain = escape["percent"] or escape["hex"], escape["plain"]
    if digits:
        return chr(int(digits, 16))
    if plain:
        return _PLAIN.get(plain, plain)
    character = unescape(escape[0])
    return character if len(character) == 1 and character.isascii() else None

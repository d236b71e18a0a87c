"""Read text through its escapes: percent-encoding, JSON and HTML, in any order and nested."""

from __future__ import annotations

import re
from bisect import bisect_right
from html import unescape
from typing import NamedTuple

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
        kept: list[str] = []
        layer = _Layer()
        length = at = 0
        for found in pattern.finditer(self.text):
            if found.start() > at:
                kept.append(self.text[at : found.start()])
                layer.add(length, at, found.start())
                length += found.start() - at
            at = found.end()
        if not at:
            return self
        layer.add(length, at, len(self.text))
        return TextView("".join((*kept, self.text[at:])), (*self.layers, layer))


def lower_ascii(text: str) -> str:
    """Return `text` with its ASCII letters in lower case; every character keeps its place."""
    return text.lower() if text.isascii() else text.translate(_LOWER)


def unescape_ascii(text: str) -> TextView:
    """Return a view of `text` with every escape of an ASCII character resolved, those of nested escapes too."""
    view = TextView(text)
    while len(view.layers) < _LAYERS and ("%" in view.text or "\\" in view.text or "&" in view.text):
        inner = _unescaped(view)
        if inner is view:
            break
        view = inner
    return view


def _unescaped(view: TextView) -> TextView:
    text = view.text
    kept: list[str] = []
    layer = _Layer()
    length = at = 0
    for found in _ESCAPE.finditer(text):
        character = _character(found)
        if len(character) != 1 or not character.isascii():
            continue
        if found.start() > at:
            kept.append(text[at : found.start()])
            layer.add(length, at, found.start())
            length += found.start() - at
        kept.append(character)
        at = found.end()
        layer.add(length, found.start(), at)
        length += 1
    if not kept:
        return view
    layer.add(length, at, len(text))
    return TextView("".join((*kept, text[at:])), (*view.layers, layer))


def _character(found: re.Match[str]) -> str:
    digits, plain = found["percent"] or found["hex"], found["plain"]
    return chr(int(digits, 16)) if digits else _PLAIN.get(plain, plain) if plain else unescape(found[0])

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
    r"%(?P<percent>[0-7][0-9a-f])|\\{1,8}(?:u00|x)(?P<hex>[0-7][0-9a-f])|\\{1,8}(?P<plain>[/\"'nrtbf])"
    r"|&(?:#0{0,8}[1-9][0-9]{1,2}|#x0{0,8}[2-7][0-9a-f]|[a-z]{2,8});",
    re.IGNORECASE,
)
_PLAIN = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


class _Layer(NamedTuple):
    """Where parts of the text without escapes begin, there and in the text with them."""

    after: list[int]
    before: list[int]

    def place(self, index: int) -> int:
        part = bisect_right(self.after, index) - 1
        return self.before[part] + index - self.after[part]


class UnescapedText(NamedTuple):
    """A text without escapes, and what leads from a place in it to the place in the original."""

    text: str
    layers: tuple[_Layer, ...]

    def place(self, index: int) -> int:
        """Return the place in the original of the character at `index`, or of the end."""
        for layer in reversed(self.layers):
            index = layer.place(index)
        return index


def unescape_ascii(text: str) -> UnescapedText:
    """Return `text` with every escape of an ASCII character resolved, those of nested escapes too."""
    layers: list[_Layer] = []
    while len(layers) < _LAYERS and ("%" in text or "\\" in text or "&" in text):
        kept: list[str] = []
        layer = _Layer([0], [0])
        length = at = 0
        for found in _ESCAPE.finditer(text):
            character = _character(found)
            if len(character) != 1 or not character.isascii():
                continue
            kept += (text[at : found.start()], character)
            length += found.start() - at
            at = found.end()
            layer.after.extend((length, length + 1))
            layer.before.extend((found.start(), at))
            length += 1
        if not kept:
            break
        text = "".join((*kept, text[at:]))
        layers.append(layer)
    return UnescapedText(text, tuple(layers))


def _character(found: re.Match[str]) -> str:
    digits, plain = found["percent"] or found["hex"], found["plain"]
    return chr(int(digits, 16)) if digits else _PLAIN.get(plain, plain) if plain else unescape(found[0])

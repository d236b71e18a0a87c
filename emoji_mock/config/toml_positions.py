"""Find the positions of keys and values in a TOML document, which tomllib does not report.

Only for documents that tomllib has parsed: this module checks nothing.
"""

from __future__ import annotations

import re
import tomllib
from itertools import count
from typing import NamedTuple

Steps = tuple[str | int, ...]
"""The path to a value: names of keys, and places in arrays from 0."""

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'  # up to two quotes may precede the closing ones
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\])*"'
    r"|'[^']*'"
    r"|#[^\n]*"
    r"|[\[\]{}=,\n]"
    r"|[^\s\[\]{}=,#\"']+",
    re.DOTALL,
)
_ENDS = frozenset({"", "\n", ",", "]", "}"})


class Span(NamedTuple):
    """The first character of a part of the text, and the one after its last."""

    start: int
    end: int


class Positions:
    """The positions of the keys and values of `text`; the position of a table is that of its header."""

    def __init__(self, text: str) -> None:
        self.keys: dict[Steps, Span] = {}
        self.values: dict[Steps, Span] = {}
        self._text = text
        self._tokens = [found for found in _TOKEN.finditer(text) if found[0][0] != "#"]
        self._next = 0
        self._lengths: dict[Steps, int] = {}  # of the arrays of tables read so far
        self._read()

    def nearest(self, steps: Steps) -> Span | None:
        """Return the position of the value at `steps`, or else of the nearest table around it."""
        for length in range(len(steps), 0, -1):
            if (found := self.values.get(steps[:length])) is not None:
                return found
        return None

    def _read(self) -> None:
        table: Steps = ()
        while following := self._peek():
            if following == "\n":
                self._take()
            elif following == "[":
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> Steps:
        self._take()
        doubled = self._peek() == "["
        if doubled:
            self._take()
        names, span = self._key("]")
        for _ in range(1 + doubled):
            self._take()
        table: Steps = ()
        for place, name in enumerate(names):
            table = (*table, name)
            if doubled and place == len(names) - 1:
                self._lengths[table] = self._lengths.get(table, 0) + 1
                self.values.setdefault(table, span)
            if table in self._lengths:
                table = (*table, self._lengths[table] - 1)
        self.values.setdefault(table, span)
        return table

    def _pair(self, table: Steps) -> None:
        names, span = self._key("=")
        self._take()
        for length in range(1, len(names)):
            self.values.setdefault((*table, *names[:length]), span)
        steps = (*table, *names)
        self.keys[steps] = span
        self._value(steps)

    def _key(self, end: str) -> tuple[list[str], Span]:
        first = last = self._tokens[self._next]
        while self._peek() != end:
            last = self._tokens[self._next]
            self._take()
        span = Span(first.start(), last.end())
        named: object = tomllib.loads(f"{self._text[span.start : span.end]}=0")
        names: list[str] = []
        while isinstance(named, dict):
            ((name, named),) = named.items()  # pyright: ignore[reportUnknownVariableType]
            names.append(str(name))  # pyright: ignore[reportUnknownArgumentType]
        return names, span

    def _value(self, steps: Steps) -> None:
        start = self._tokens[self._next].start()
        opened = self._take()
        if opened == "[":
            for place in count():
                if self._closed("]"):
                    break
                self._value((*steps, place))
        elif opened == "{":
            while not self._closed("}"):
                self._pair(steps)
        else:
            while self._peek() not in _ENDS:  # a date may contain a space
                self._take()
        self.values[steps] = Span(start, self._tokens[self._next - 1].end())

    def _closed(self, bracket: str) -> bool:
        while self._peek() in ("\n", ","):
            self._take()
        if self._peek() != bracket:
            return False
        self._take()
        return True

    def _peek(self) -> str:
        return self._tokens[self._next][0] if self._next < len(self._tokens) else ""

    def _take(self) -> str:
        token = self._peek()
        self._next += 1
        return token

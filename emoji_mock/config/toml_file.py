"""Reading TOML files into our types, with mistakes told as a compiler does: file, line, column, field, and the line."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, TypeVar
from unicodedata import east_asian_width

import msgspec

from emoji_mock._support.files import read
from emoji_mock._support.terminal import plain
from emoji_mock._support.validation import Mistake, mistake
from emoji_mock.config.toml_positions import Places, Span
from emoji_mock.fake.accounting.api_keys import redact

if TYPE_CHECKING:
    from pathlib import Path

T = TypeVar("T")

LONGEST_FILE = 1024 * 1024
"""How long a file may be, in bytes."""
_DOTS = 100  # in a line outside of strings; a key of many parts costs the square of their number
_STRING_OR_COMMENT = re.compile(r'"(?:\\.|[^"\\])*"|\'[^\']*\'|#.*')
_SHOWN = 160
_SYNTAX = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


class FileError(ValueError):
    """A file that cannot be used: `file:line:column: field: problem`. `shown` adds the line, and a caret below it."""

    def __init__(self, name: str, problem: str, text: str = "", span: Span | None = None) -> None:
        self.line = self.column = 0
        where, self.shown = name, ""
        if span is not None:
            before = text[: span.start]
            self.line, self.column = before.count("\n") + 1, span.start - before.rfind("\n")
            where = f"{name}:{self.line}:{self.column}"
        super().__init__(plain(redact(f"{where}: {problem}")))
        self.shown = str(self) if span is None else f"{self}\n{self._excerpt(text, span)}"

    def _excerpt(self, text: str, span: Span) -> str:
        line = text.split("\n")[self.line - 1]
        start = self.column - 1
        marked = line[start : start + span.end - span.start]
        margin = f"{self.line:>4} | "
        caret = f"{' ' * (len(margin) - 2)}| {_blank(line[:start])}{'^' * max(1, len(_blank(marked)))}"
        return f"{margin}{plain(redact(line)[:_SHOWN])}\n{caret[: _SHOWN + len(margin)]}"


def _blank(text: str) -> str:
    """Return white space as wide as `text` is in a terminal."""
    return "".join("\t" if one == "\t" else "  " if east_asian_width(one) in "WF" else " " for one in text)


def read_file(path: Path, kind: type[T]) -> T:
    """Return what the file at `path` holds. Raises FileError."""
    try:
        content = read(path, LONGEST_FILE + 1)
    except OSError as error:
        raise FileError(str(path), error.strerror or str(error)) from None
    if len(content) > LONGEST_FILE:
        raise FileError(str(path), f"is longer than {LONGEST_FILE} bytes")
    try:
        return read_text(content.decode("utf-8-sig"), kind, str(path))
    except UnicodeDecodeError:
        raise FileError(str(path), "is not UTF-8 text") from None


def read_text(text: str, kind: type[T], name: str) -> T:
    """Return what the TOML `text` of the file `name` holds. Raises FileError."""
    text = text.replace("\r\n", "\n")
    for number, line in enumerate(text.split("\n"), 1):
        if line.count(".") > _DOTS and _STRING_OR_COMMENT.sub("", line).count(".") > _DOTS:
            raise FileError(name, f"line {number} has more than {_DOTS} dots")
    try:
        return msgspec.convert(tomllib.loads(text), kind)
    except tomllib.TOMLDecodeError as error:
        raise FileError(name, f"is not TOML: {_SYNTAX.sub('', str(error))}", text, _at(text, str(error))) from None
    except RecursionError:
        raise FileError(name, "is nested too deeply") from None
    except msgspec.ValidationError as error:
        raise _placed(name, mistake(str(error), kind), text) from None
    except ValueError as error:  # a number with thousands of digits
        raise FileError(name, str(error)) from None


def _placed(name: str, wrong: Mistake, text: str) -> FileError:
    places = Places(text)
    span = places.keys.get(wrong.steps) if wrong.unknown else None
    field = f"{wrong.field}: " if wrong.field else ""
    return FileError(name, f"{field}{wrong.problem}", text, span or places.nearest(wrong.steps) or Span(0, 0))


def _at(text: str, told: str) -> Span:
    """Return where tomllib stumbled: it says line and column, or the end."""
    found = _SYNTAX.search(told)
    if found is None or found[1] is None:
        end = len(text.rstrip("\n"))
        return Span(end, end)
    start = sum(len(line) + 1 for line in text.split("\n")[: int(found[1]) - 1]) + int(found[2]) - 1
    return Span(start, start)

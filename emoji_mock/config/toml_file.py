"""Read TOML files into our types; errors name file, line, column and field, and quote the line as a compiler does."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any, TypeVar
from unicodedata import east_asian_width

import msgspec

from emoji_mock._support.files import read
from emoji_mock._support.terminal import plain, without_user_parts
from emoji_mock._support.validation import InvalidField, describe_error
from emoji_mock.config.toml_positions import Positions, Span
from emoji_mock.fake.accounting.api_keys import redact

if TYPE_CHECKING:
    from pathlib import Path

T = TypeVar("T")

MAX_FILE_BYTES = 1024 * 1024
"""The largest file that is read."""
_MAX_DOTS = 100
"""In a line, outside of strings: tomllib takes quadratic time for a key of many parts."""
_STRING_OR_COMMENT = re.compile(r'"(?:\\.|[^"\\])*"|\'[^\']*\'|#.*')
_PASSWORD = re.compile(r"(password[\"']?\s*=\s*).+", re.IGNORECASE)
"""A password that was written where only the name of its file may be."""
_MAX_SHOWN = 160
"""Characters of a quoted line."""
_SYNTAX = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


class FileError(ValueError):
    """An invalid file: `file:line:column: field: problem`. `shown` adds the line with carets below the field."""

    def __init__(self, name: str, problem: str, text: str = "", span: Span | None = None) -> None:
        self.line = self.column = 0
        where, self.shown = name, ""
        if span is not None:
            before = text[: span.start]
            self.line, self.column = before.count("\n") + 1, span.start - before.rfind("\n")
            where = f"{name}:{self.line}:{self.column}"
        super().__init__(plain(_without_secrets(f"{where}: {problem}")))
        self.shown = str(self) if span is None else f"{self}\n{self._excerpt(text, span)}"

    def _excerpt(self, text: str, span: Span) -> str:
        line = text.split("\n")[self.line - 1]
        start = self.column - 1
        marked = line[start : start + span.end - span.start]
        margin = f"{self.line:>4} | "
        caret = f"{' ' * (len(margin) - 2)}| {_blank(line[:start])}{'^' * max(1, len(_blank(marked)))}"
        return f"{margin}{plain(_without_secrets(line)[:_MAX_SHOWN])}\n{caret[: _MAX_SHOWN + len(margin)]}"


def _without_secrets(text: str) -> str:
    return _PASSWORD.sub(r"\1…", redact(without_user_parts(text)))


def _blank(text: str) -> str:
    """Return white space of the width that `text` has on a terminal."""
    return "".join("\t" if one == "\t" else "  " if east_asian_width(one) in "WF" else " " for one in text)


def read_file(path: Path, kind: type[T]) -> T:
    """Return the content of the file at `path` as a `kind`. Raises FileError."""
    try:
        content = read(path, MAX_FILE_BYTES + 1)
    except OSError as error:
        raise FileError(str(path), error.strerror or str(error)) from None
    if len(content) > MAX_FILE_BYTES:
        raise FileError(str(path), f"must have at most {MAX_FILE_BYTES} bytes")
    try:
        return read_text(content.decode("utf-8-sig"), kind, str(path))
    except UnicodeDecodeError:
        raise FileError(str(path), "must be UTF-8 text") from None


def read_text(text: str, kind: type[T], name: str) -> T:
    """Return the TOML `text` of the file `name` as a `kind`. Raises FileError."""
    text = text.replace("\r\n", "\n")
    for number, line in enumerate(text.split("\n"), 1):
        if line.count(".") > _MAX_DOTS and _STRING_OR_COMMENT.sub("", line).count(".") > _MAX_DOTS:
            raise FileError(name, f"line {number} must have at most {_MAX_DOTS} dots")
    try:
        return msgspec.convert(tomllib.loads(text), kind, dec_hook=_read_value)
    except tomllib.TOMLDecodeError as error:
        raise FileError(
            name, f"is not TOML: {_SYNTAX.sub('', str(error))}", text, _syntax_error_span(text, str(error))
        ) from None
    except RecursionError:
        raise FileError(name, "is nested too deeply") from None
    except msgspec.ValidationError as error:
        raise _error_at(name, describe_error(str(error), kind), text) from None
    except ValueError as error:  # a number with thousands of digits
        raise FileError(name, str(error)) from None


def _read_value(kind: type[Any], value: object) -> object:
    """Return `value` as a type of ours. Raises ValueError, to which msgspec adds the place."""
    return kind(value)


def _error_at(name: str, invalid: InvalidField, text: str) -> FileError:
    positions = Positions(text)
    span = positions.keys.get(invalid.steps) if invalid.is_unknown else None
    field = f"{invalid.field}: " if invalid.field else ""
    return FileError(name, f"{field}{invalid.problem}", text, span or positions.nearest(invalid.steps) or Span(0, 0))


def _syntax_error_span(text: str, message: str) -> Span:
    """Return the position in tomllib's `message`: a line and a column, or the end of the text."""
    found = _SYNTAX.search(message)
    if found is None or found[1] is None:
        end = len(text.rstrip("\n"))
        return Span(end, end)
    start = sum(len(line) + 1 for line in text.split("\n")[: int(found[1]) - 1]) + int(found[2]) - 1
    return Span(start, start)

"""The types of settings: how a value is read from text and checked, and what it is in a TOML file.

pytest loads this module at every start, so each type imports what it needs when it reads its first value.
No message names the setting: the caller adds the name of the flag, the field or the ini key.
"""

from __future__ import annotations

from argparse import ArgumentTypeError
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

TomlType: TypeAlias = Any
"""What msgspec takes as a type: a class, a union, Annotated."""
_INT64 = 2**63 - 1
SWITCH = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}


class BadValueError(ValueError, ArgumentTypeError):
    """A value that a setting cannot have; argparse prints the message of such an error, too."""


class ValueType:
    """Any text, and the base of the other types; `expected` completes "must be"."""

    expected = "text"
    is_switch = False
    """Whether a flag takes no value."""
    is_repeated = False
    """Whether the flag of `serve` may be given more than once."""
    is_single = False
    """Whether a flag given twice is refused; of the others the last one holds."""

    def read(self, text: str) -> object:
        """Return the value that is written as `text`. Raises BadValueError."""
        return text

    def read_one(self, text: str) -> object:
        """Return one of several values of a flag that may be repeated. Raises BadValueError."""
        return self.read(text)

    def combine(self, values: Sequence[Any], before: object) -> object:  # noqa: ARG002 - for subclasses
        """Return all `values` of a flag that was repeated, over the file's value `before`. Raises BadValueError."""
        return list(values)

    def check(self, value: object) -> object:
        """Return `value`, given by Python code, as a fake takes it. Raises BadValueError."""
        return value

    def relative_to(self, folder: Path, value: Any) -> Any:  # noqa: ANN401, ARG002 - for subclasses
        """Return the `value` of a file in `folder`, from where a relative path starts. Raises BadValueError."""
        return value

    def toml(self) -> TomlType:
        """Return the type by which msgspec validates the TOML value."""
        return str

    def wrong(self, value: object) -> BadValueError:
        """Return the error for a value that is not what is expected."""
        return BadValueError(f"must be {self.expected}, not {value!r}")


class Integer(ValueType):
    """A whole number from `low` to `high`, both included."""

    def __init__(self, low: int, high: int = _INT64, expected: str = "") -> None:
        self.low, self.high = low, high
        bounds = f"from {low} on" if high == _INT64 else f"from {low} to {high}"
        self.expected = expected or f"a whole number {bounds}"

    def read(self, text: str) -> int:
        """Return the number; a sign is accepted where the number may be negative."""
        if self.low >= 0 and not (text.isascii() and text.isdecimal()):
            raise self.wrong(text)
        try:
            number = int(text)
        except ValueError:
            raise self.wrong(text) from None
        if not self.low <= number <= self.high:
            raise self.wrong(text)
        return number

    def check(self, value: object) -> object:
        """Accept an int within the bounds; None leaves it unset."""
        if value is not None and not (isinstance(value, int) and self.low <= value <= self.high):
            raise self.wrong(value)
        return value

    def toml(self) -> TomlType:
        """Return int with the bounds."""
        from msgspec import Meta  # noqa: PLC0415

        return Annotated[int, Meta(ge=self.low, le=self.high)]


COUNT, POSITIVE = Integer(0), Integer(1)


class Number(ValueType):
    """A number from `low` to `high`, both included."""

    def __init__(self, low: float, high: float) -> None:
        self.low, self.high = low, high
        self.expected = f"a number from {low:g} to {high:g}"

    def read(self, text: str) -> float:
        """Return the number."""
        try:
            number = float(text)
        except ValueError:
            raise self.wrong(text) from None
        if not self.low <= number <= self.high:
            raise self.wrong(text)
        return number

    def check(self, value: object) -> object:
        """Accept an int or a float within the bounds."""
        if not (isinstance(value, int | float) and self.low <= value <= self.high):
            raise self.wrong(value)
        return value

    def toml(self) -> TomlType:
        """Return float with the bounds."""
        from msgspec import Meta  # noqa: PLC0415

        return Annotated[float, Meta(ge=self.low, le=self.high)]


class Choice(ValueType):
    """One of a few whole numbers."""

    def __init__(self, *choices: int) -> None:
        self.choices = choices
        self.expected = " or ".join(map(str, choices))

    def read(self, text: str) -> int:
        """Return the number."""
        for choice in self.choices:
            if text.strip() == str(choice):
                return choice
        raise self.wrong(text)

    def check(self, value: object) -> object:
        """Accept one of the choices."""
        if value not in self.choices:
            raise self.wrong(value)
        return value

    def toml(self) -> TomlType:
        """Return a Literal of the choices."""
        literal: Any = Literal  # which type checkers allow with constants only
        return literal[self.choices]


class Switch(ValueType):
    """True or false."""

    expected = "true or false"
    is_switch = True

    def read(self, text: str) -> bool:
        """Return what a line of an ini file says: `true`, `no`, `1` and the like."""
        try:
            return SWITCH[text.lower()]
        except KeyError:
            raise self.wrong(text) from None

    def check(self, value: object) -> object:
        """Accept a bool."""
        if not isinstance(value, bool):
            raise self.wrong(value)
        return value

    def toml(self) -> TomlType:
        """Return bool."""
        return bool


class HostNames(ValueType):
    """Host names without a port."""

    expected = "a host name without a port"
    is_repeated = True

    def read(self, text: str) -> str:
        """Return one name."""
        from emoji_mock.fake.network.addresses import read_address  # noqa: PLC0415

        address = read_address(text)
        if address is None or address.port:
            raise self.wrong(text)
        return address.host

    def check(self, value: Any) -> list[str]:  # noqa: ANN401 - a list of text
        """Accept a list of names."""
        return [self.read(name) for name in value]

    def toml(self) -> TomlType:
        """Return an array of text."""
        return list[str]


class PathName(ValueType):
    """The path of a file or a folder, which need not exist; with `expand_home`, `~` is a home folder."""

    def __init__(self, *, expand_home: bool = False) -> None:
        self._expand_home = expand_home

    def read(self, text: str) -> Path:
        """Return the path as it is written."""
        from pathlib import Path  # noqa: PLC0415

        return Path(text)

    def check(self, value: Any) -> Path:  # noqa: ANN401 - text, or a path
        """Accept text or a path."""
        from pathlib import Path  # noqa: PLC0415

        try:
            return Path(value).expanduser() if self._expand_home else Path(value)
        except RuntimeError:
            problem = "the home folder of this user is not known; write the whole path"
            raise BadValueError(f"{str(value)!r}: {problem}") from None

    def relative_to(self, folder: Path, value: Any) -> Path:  # noqa: ANN401 - as above
        """Return the path, from `folder` if it is relative."""
        return folder / self.check(value)

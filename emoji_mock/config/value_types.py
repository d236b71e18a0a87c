"""The types of settings: how a value is read from text and checked, and what it is in a TOML file.

pytest loads this module at every start, so each type imports what it needs when it reads its first value.
No message names the setting: whoever asks knows whether it is a flag, a field or a line of an ini file.
"""

from __future__ import annotations

from argparse import ArgumentTypeError
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from pathlib import Path

    from emoji_mock.fake.accounting.limits import Limits
    from emoji_mock.fake.network.latency import Latency
    from emoji_mock.fake.rules.rule import Rule

TomlType: TypeAlias = Any
"""What msgspec takes as a type: a class, a union, Annotated."""
_INT64 = 2**63 - 1
_SWITCH = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}


class BadValueError(ValueError, ArgumentTypeError):
    """A value that a setting cannot have; argparse prints the message of such an error, too."""


class ValueType:
    """Any text, and the base of the other types; `expected` completes "is not"."""

    expected = "text"
    is_switch = False
    """Whether a flag takes no value."""
    is_repeated = False
    """Whether the flag of `serve` may be given more than once."""

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

    def toml(self) -> TomlType:
        """Return the type by which msgspec validates the TOML value."""
        return str

    def wrong(self, value: object) -> BadValueError:
        """Return the error for a value that is not what is expected."""
        return BadValueError(f"{value!r} is not {self.expected}")


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
        return Literal.__getitem__(self.choices)


class Switch(ValueType):
    """True or false."""

    expected = "true or false"
    is_switch = True

    def read(self, text: str) -> bool:
        """Return what a line of an ini file says: `true`, `no`, `1` and the like."""
        try:
            return _SWITCH[text.lower()]
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
            raise BadValueError(f"{str(value)!r}: the home folder of this user is not known") from None


class ScenarioName(ValueType):
    """The name of a shipped scenario, the path of a scenario's file, or, from Python code, a Scenario."""

    expected = "the name of a scenario, a path or a Scenario"

    def read(self, text: str) -> str:
        """Return `text`; a name must exist, a path is read later, from the folder where it begins."""
        from emoji_mock.config.scenarios import find, is_path  # noqa: PLC0415

        if not is_path(text):
            with _without_name("scenario"):
                find(text)
        return text

    def check(self, value: object) -> object:
        """Accept text, a Scenario, or None for none."""
        from emoji_mock.fake.rules.scenario import Scenario  # noqa: PLC0415

        if not isinstance(value, str | Scenario | None):
            raise self.wrong(value)
        return value


class LatencyValue(ValueType):
    """Seconds, or a distribution of seconds."""

    expected = "a number of seconds or a distribution such as lognormal:0.2,0.5"

    def read(self, text: str) -> Latency:
        """Return the latency that is written as `0.2` or `lognormal:0.2,0.5`."""
        from emoji_mock.fake.network.latency import read_latency  # noqa: PLC0415

        with _without_name("latency"):
            return read_latency(text)

    def check(self, value: object) -> object:
        """Accept seconds, text, a Latency, or None for none."""
        from emoji_mock.fake.network.latency import LONGEST, Latency  # noqa: PLC0415

        if isinstance(value, str):
            return self.read(value)
        if isinstance(value, bool) or not isinstance(value, int | float | Latency | None):
            raise self.wrong(value)
        if isinstance(value, int | float) and not 0 <= value <= LONGEST:
            raise BadValueError(f"{value!r} is not from 0 to {LONGEST:g} seconds")
        return value

    def toml(self) -> TomlType:
        """Return seconds with their bounds, or a table of one distribution."""
        from msgspec import Meta  # noqa: PLC0415

        from emoji_mock.fake.network.latency import LONGEST, Latency  # noqa: PLC0415

        return Annotated[float, Meta(ge=0, le=LONGEST)] | Latency


class LimitList(ValueType):
    """The limits of every account."""

    expected = "a dict such as {'rps': 1}"
    is_repeated = True

    def read(self, text: str) -> Limits:
        """Return the limits that are written as `rps=1,images=200`."""
        from emoji_mock.fake.accounting.limits import read_limits  # noqa: PLC0415

        with _without_name("limits"):
            return read_limits(text)

    def read_one(self, text: str) -> str:
        """Return `text` once it can be read: only the text says which limits it leaves as they are."""
        self.read(text)
        return text

    def combine(self, values: Sequence[str], before: Any) -> Limits:  # noqa: ANN401 - as the base has it
        """Return the file's limits `before` with those of the command line in their place."""
        from emoji_mock.fake.accounting.limits import read_limits  # noqa: PLC0415

        return read_limits(" ".join(values), before)

    def check(self, value: object) -> object:
        """Accept Limits, a dict, or None for none."""
        from emoji_mock.fake.accounting.limits import Limits, make_limits  # noqa: PLC0415

        if value is None or isinstance(value, Limits):
            return value
        if not isinstance(value, dict):
            raise self.wrong(value)
        try:
            return make_limits(value)  # type: ignore[arg-type]  # pyright: ignore[reportUnknownArgumentType]  # it checks the names
        except TypeError as error:
            raise BadValueError(str(error)) from None

    def toml(self) -> TomlType:
        """Return the table of limits."""
        from emoji_mock.fake.accounting.limits import Limits  # noqa: PLC0415

        return Limits


class FaultRule(ValueType):
    """A fault on the command line, always or by chance: `reset=0.05`."""

    is_repeated = True

    def read(self, text: str) -> Rule:
        """Return the rule."""
        from emoji_mock.fake.network.faults import fault_kind  # noqa: PLC0415
        from emoji_mock.fake.rules.rule import Rule  # noqa: PLC0415

        kind, given, chance = text.partition("=")
        try:
            share = float(chance) if given else None
        except ValueError:
            raise BadValueError(f"{chance!r} is not a chance such as 0.05") from None
        with _without_name("fault"):
            return Rule(fault=fault_kind(kind), chance=share)


class RuleList(ValueType):
    """The rules of a TOML file."""

    def toml(self) -> TomlType:
        """Return an array of tables."""
        from msgspec import Meta  # noqa: PLC0415

        from emoji_mock.fake.rules.active_rule import RULES_OF_ONE  # noqa: PLC0415
        from emoji_mock.fake.rules.rule import Rule  # noqa: PLC0415

        return Annotated[list[Rule], Meta(max_length=RULES_OF_ONE)]


@contextmanager
def _without_name(field: str) -> Generator[None]:
    """Take the name of the field, with which the fake's own errors begin, from the message of a ValueError."""
    try:
        yield
    except ValueError as error:
        raise BadValueError(str(error).removeprefix(f"{field}: ")) from None

"""The types of settings whose values are the fake's own: scenarios, latency, limits, faults and rules.

As in value_types.py, what is heavy is imported when the first value is read.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

from emoji_mock.config.value_types import SWITCH, BadValueError, TomlType, ValueType

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from datetime import datetime
    from pathlib import Path

    from emoji_mock.fake.accounting.limits import Limits
    from emoji_mock.fake.network.latency import Latency
    from emoji_mock.fake.rules.rule import Rule
    from emoji_mock.fake.vision.eyes import Eyes


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

    def relative_to(self, folder: Path, value: str) -> str:
        """Return the path of a scenario, from `folder` if it is relative; a name as it is."""
        from emoji_mock.config.scenarios import is_path  # noqa: PLC0415

        return str(folder / value) if is_path(value) else value


class LatencyValue(ValueType):
    """Seconds, or a distribution of seconds."""

    expected = "seconds, or a distribution such as lognormal:0.2,0.5"

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
            raise BadValueError(f"must be from 0 to {LONGEST:g} seconds, not {value!r}")
        return value

    def toml(self) -> TomlType:
        """Return seconds with their bounds, or a table of one distribution."""
        from msgspec import Meta  # noqa: PLC0415

        from emoji_mock.fake.network.latency import LONGEST, Latency  # noqa: PLC0415

        return Annotated[float, Meta(ge=0, le=LONGEST)] | Latency


class TimeValue(ValueType):
    """A date, which begins in China, or a time."""

    def read(self, text: str) -> datetime:
        """Return the time that is written as `2026-10-10` or `2026-10-09T16:00Z`."""
        return _time(text)

    def check(self, value: object) -> object:
        """Accept a date, a datetime, text, or None for none."""
        if isinstance(value, TomlTime):
            return value.at
        return None if value is None else _time(value)

    def toml(self) -> TomlType:
        """Return the type of a TOML date, a TOML time or text."""
        return TomlTime


class TomlTime:
    """A time as a TOML file says it."""

    def __init__(self, value: object) -> None:
        self.at = _time(value)


def _time(value: object) -> datetime:
    from emoji_mock.fake.options import read_time  # noqa: PLC0415

    try:
        return read_time(value)
    except ValueError as error:
        raise BadValueError(str(error)) from None


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


class EyesValue(ValueType):
    """Whether held pictures are judged by what is seen in them, and by which thresholds."""

    expected = "on, off or a dict such as {'roll': 25}"

    def read(self, text: str) -> Eyes | bool:
        """Return the eyes that are written as `on` or `roll=25,yaw=30`; False for `off`."""
        from emoji_mock.fake.vision.eyes import Eyes, read_eyes  # noqa: PLC0415

        is_on = SWITCH.get(text.strip().lower())
        if is_on is not None:
            return Eyes() if is_on else False  # None is what is not given
        try:
            return read_eyes(text)
        except ValueError as error:
            raise BadValueError(str(error)) from None

    def check(self, value: object) -> object:
        """Accept Eyes, a dict of thresholds, text, a bool, or None for off."""
        from emoji_mock.fake.vision.eyes import Eyes, make_eyes  # noqa: PLC0415

        if value is None or isinstance(value, Eyes):
            return value
        if isinstance(value, bool):
            return Eyes() if value else None
        if isinstance(value, str):
            return self.read(value) or None
        if not isinstance(value, dict):
            raise self.wrong(value)
        try:
            return make_eyes(value)  # pyright: ignore[reportUnknownArgumentType]  # it checks the names
        except (TypeError, ValueError) as error:
            raise BadValueError(str(error)) from None

    def toml(self) -> TomlType:
        """Return true, false, or the table of thresholds."""
        from emoji_mock.fake.vision.eyes import Eyes  # noqa: PLC0415

        return bool | Eyes


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
            raise BadValueError(f"the chance must be a number such as 0.05, not {chance!r}") from None
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

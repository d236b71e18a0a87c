"""How the fake of a test behaves: its mark, then the flags, then the ini file, then the defaults."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Literal

import pytest
from msgspec import structs

from emoji_mock.assembly import Fake
from emoji_mock.fake.accounting.limits import Limits, LimitsGiven, make_limits, read_limits
from emoji_mock.fake.clock import Clock
from emoji_mock.fake.network.latency import Latency, read_latency
from emoji_mock.fake.network.random_source import RandomSource
from emoji_mock.fake.options import Options
from emoji_mock.testing.rule_registry import RuleRegistry

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from emoji_mock.fake.rules.scenario import Scenario

_TRUE = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
_NUMBERS: dict[str, type[int | float]] = {"seed": int, "failed_as": int, "time_scale": float}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What `@pytest.mark.emoji` takes."""

    seed: int | None = None
    failed_as: Literal[200, 400] = 200
    details: bool = False
    retired: bool = False
    time_scale: float = 0.0
    scenario: Scenario | None = None
    latency: float | str | Latency | None = None
    limits: Limits | LimitsGiven | None = None
    strict: bool = True


NAMES = tuple(field.name for field in fields(Settings))


def settings_for(item: pytest.Item) -> tuple[Options, Settings]:
    """Return the options of a test's fake, and all that was set."""
    wanted = _from_config(item.config)
    for mark in reversed(list(item.iter_markers("emoji"))):  # the nearest last, so that it decides
        unknown = [*map(repr, mark.args), *sorted(set(mark.kwargs) - set(NAMES))]
        if unknown:
            accepted = ", ".join(f"{name}=" for name in NAMES)
            pytest.fail(f"@pytest.mark.emoji takes no {', '.join(unknown)}; it takes {accepted}", pytrace=False)
        try:
            given = _found(mark.kwargs, item.path.parent, item.config.rootpath)
            _check(given)
        except ValueError as error:
            told = f"@pytest.mark.emoji: {getattr(error, 'shown', '') or error}"
            raise pytest.fail.Exception(told, pytrace=False) from None
        wanted |= given
    return _settled(wanted)


def settings_of(config: pytest.Config) -> tuple[Options, Settings]:
    """Return what flags and ini file say, for a fake that no mark can reach. Raises UsageError."""
    return _settled(_from_config(config))


def _settled(wanted: dict[str, Any]) -> tuple[Options, Settings]:
    settings = Settings(**wanted)
    options = _options(settings)
    if settings.scenario is not None:  # before whose weather goes what was said
        said = {name: getattr(options, name) for name in ("latency", "limits") if getattr(options, name) is not None}
        settings = replace(settings, scenario=structs.replace(settings.scenario, **said))
    return options, settings


def fresh_book(options: Options, settings: Settings, node_id: str = "") -> RuleRegistry:
    """Return a fresh fake and its book, the scenario playing.

    Without a seed, the id of the test decides what is left to chance: the same in every run.
    """
    random_source = RandomSource(node_id if options.seed is None else options.seed)
    book = RuleRegistry(Fake(options, clock=Clock(), random_source=random_source))
    book.play(settings.scenario)
    return book


def _options(settings: Settings) -> Options:
    wanted = {field.name: getattr(settings, field.name) for field in fields(settings)}
    del wanted["strict"], wanted["scenario"]
    wanted |= {"latency": _latency(settings.latency), "limits": _limits(settings.limits)}
    return Options(**wanted)


def _found(given: Mapping[str, Any], *folders: Path) -> dict[str, Any]:
    """Return what was given, with the scenario that was named by its name or its path in one of `folders`."""
    if not isinstance(given.get("scenario"), str):
        return dict(given)
    from emoji_mock.config.scenarios import find  # noqa: PLC0415 - few tests play one

    return {**given, "scenario": find(given["scenario"], *folders)}


def max_images_of(config: pytest.Config) -> int | None:
    """Return how many images the run may cost. Raises UsageError."""
    flag, line = config.getoption("emoji_max_images"), config.getini("emoji_max_images")
    given = str(line if flag is None else flag)
    if not given:
        return None
    if not (given.isascii() and given.isdecimal()):
        source = "the ini option emoji_max_images" if flag is None else "--emoji-max-images"
        raise pytest.UsageError(f"{source}: {given!r} is not a whole number from 0 on")
    return int(given)


def _limits(given: Limits | LimitsGiven | None) -> Limits | None:
    if given is None or isinstance(given, Limits):
        return given
    if not isinstance(given, dict):  # pyright: ignore[reportUnnecessaryIsInstance]  # not all check types
        raise ValueError(f"limits: {given!r} is no dict such as {{'rps': 1}}")  # noqa: TRY004 - told by field
    try:
        return make_limits(given)
    except TypeError as error:
        raise ValueError(f"limits: {error}") from None


def _latency(given: float | str | Latency | None) -> float | Latency | None:
    if isinstance(given, bool) or not isinstance(given, int | float | str | Latency | None):  # pyright: ignore[reportUnnecessaryIsInstance]  # not all check types
        raise ValueError(f"latency: {given!r} is neither seconds nor a distribution")  # noqa: TRY004 - told by field
    return read_latency(given) if isinstance(given, str) else given


def _from_config(config: pytest.Config) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    for name in NAMES:
        flag, line = config.getoption(f"emoji_{name}"), config.getini(f"emoji_{name}")
        if flag is None and not line:
            continue
        source = f"the ini option emoji_{name}" if flag is None else f"--emoji-{name.replace('_', '-')}"
        try:
            read = {name: _read(name, str(line if flag is None else flag))}
            found = _found(read, config.rootpath if flag is None else config.invocation_params.dir, config.rootpath)
            _check(found)
        except ValueError as error:
            raise pytest.UsageError(f"{source}: {getattr(error, 'shown', '') or error}") from None
        wanted |= found
    return wanted


def _read(name: str, text: str) -> float | bool | str | Limits:
    if name in ("scenario", "latency"):
        return text
    if name == "limits":
        return read_limits(text)
    try:
        return _NUMBERS[name](text) if name in _NUMBERS else _TRUE[text.lower()]
    except (KeyError, ValueError):
        raise ValueError(f"{text!r} is not {'a number' if name in _NUMBERS else 'true or false'}") from None


def _check(wanted: Mapping[str, Any]) -> None:
    for name, value in wanted.items():
        if name == "scenario":
            if isinstance(value, bool | int | float):
                raise ValueError(f"scenario: {value!r} is neither a name nor a path")
        elif name == "limits":
            _limits(value)
        elif name == "latency":
            Options(latency=_latency(value))
        elif name not in _NUMBERS and not isinstance(value, bool):
            raise ValueError(f"{name}: {value!r} is neither True nor False")
        if name == "seed" and value is not None and not isinstance(value, int):
            raise ValueError(f"seed: {value!r} is no number")
    Options(**{name: value for name, value in wanted.items() if name in _NUMBERS})

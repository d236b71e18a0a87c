"""How the fake of a test behaves: its mark, then the flags, then the ini file, then the defaults."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Literal

import pytest

from emoji_mock.fake.options import Options

if TYPE_CHECKING:
    from collections.abc import Mapping

_TRUE = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
_NUMBERS = ("seed", "failed_as")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What `@pytest.mark.emoji` takes."""

    seed: int | None = None
    failed_as: Literal[200, 400] = 200
    details: bool = False
    retired: bool = False
    strict: bool = True


NAMES = tuple(field.name for field in fields(Settings))


def settings_for(item: pytest.Item) -> tuple[Options, bool]:
    """Return the options of a test's fake, and whether unused rules fail it."""
    wanted = _from_config(item.config)
    for mark in reversed(list(item.iter_markers("emoji"))):  # the nearest last, so that it decides
        unknown = [*map(repr, mark.args), *sorted(set(mark.kwargs) - set(NAMES))]
        if unknown:
            accepted = ", ".join(f"{name}=" for name in NAMES)
            pytest.fail(f"@pytest.mark.emoji takes no {', '.join(unknown)}; it takes {accepted}", pytrace=False)
        wanted |= mark.kwargs
        _check(mark.kwargs, "@pytest.mark.emoji: ")
    settings = Settings(**wanted)
    return _options(settings), settings.strict


def options_of(config: pytest.Config) -> Options:
    """Return the options of a fake that serves a whole session, which no mark can reach."""
    return _options(Settings(**_from_config(config)))


def _options(settings: Settings) -> Options:
    return Options(seed=settings.seed, failed_as=settings.failed_as, details=settings.details, retired=settings.retired)


def _from_config(config: pytest.Config) -> dict[str, Any]:
    given = {name: config.getoption(f"emoji_{name}") or config.getini(f"emoji_{name}") for name in NAMES}
    wanted = {name: _read(name, str(text)) for name, text in given.items() if text}
    _check(wanted, "emoji_")
    return wanted


def _read(name: str, text: str) -> int | bool:
    try:
        return int(text) if name in _NUMBERS else _TRUE[text.lower()]
    except (KeyError, ValueError):
        wanted = "a number" if name in _NUMBERS else "true or false"
        pytest.fail(f"emoji_{name}: {text!r} is not {wanted}", pytrace=False)


def _check(wanted: Mapping[str, Any], whose: str) -> None:
    for name, value in wanted.items():
        if name not in _NUMBERS and not isinstance(value, bool):
            pytest.fail(f"{whose}{name}: {value!r} is neither True nor False", pytrace=False)
        if name == "seed" and value is not None and not isinstance(value, int):
            pytest.fail(f"{whose}seed: {value!r} is no number", pytrace=False)
    try:
        Options(**{name: value for name, value in wanted.items() if name in _NUMBERS})
    except ValueError as error:
        pytest.fail(f"{whose}{error}", pytrace=False)

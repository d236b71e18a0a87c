"""How the fake of a test behaves: its mark, then the flags, then the ini file, then the defaults."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Literal

import pytest

from emoji_mock.fake.options import Options

_TRUE = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}


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
    try:
        settings = Settings(**wanted)
        options = Options(
            seed=settings.seed, failed_as=settings.failed_as, details=settings.details, retired=settings.retired
        )
    except ValueError as error:
        pytest.fail(f"@pytest.mark.emoji: {error}", pytrace=False)
    return options, settings.strict


def _from_config(config: pytest.Config) -> dict[str, Any]:
    given = {name: config.getoption(f"emoji_{name}") or config.getini(f"emoji_{name}") for name in NAMES}
    return {name: _read(name, str(text)) for name, text in given.items() if text}


def _read(name: str, text: str) -> int | bool:
    try:
        return int(text) if name in ("seed", "failed_as") else _TRUE[text.lower()]
    except (KeyError, ValueError):
        wanted = "a number" if name in ("seed", "failed_as") else "true or false"
        raise pytest.UsageError(f"emoji_{name}: {text!r} is not {wanted}") from None

"""The configuration file of `emoji-mock serve`: the settings in TOML, and rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from emoji_mock.config.setting import Place
from emoji_mock.config.settings import settings_in
from emoji_mock.config.toml_file import FileError, read_file
from emoji_mock.fake.rules.scenario import Scenario

if TYPE_CHECKING:
    from pathlib import Path


def load(path: Path) -> dict[str, Any]:
    """Return what is set in the file at `path`, by the names of the settings.

    Raises FileError, with a hint if the file is a scenario.
    """
    try:
        given = msgspec.structs.asdict(read_file(path, file_type()))
    except FileError:
        if not _is_scenario(path):
            raise
    else:
        return {name: value for name, value in given.items() if value is not None}
    raise FileError(str(path), f"is a scenario, not a configuration; use --scenario {path}")


def file_type() -> type[msgspec.Struct]:
    """Return the type of the whole file: a field for each setting that it may hold."""
    optional: Any = None
    fields = [(setting.name, setting.type.toml() | optional, None) for setting in settings_in(Place.FILE)]
    return msgspec.defstruct("Config", fields, kw_only=True, forbid_unknown_fields=True)


def _is_scenario(path: Path) -> bool:
    try:
        return bool(read_file(path, Scenario).description)
    except FileError:
        return False

"""The configuration file: what `emoji-mock serve` takes from TOML, with mistakes told by file, line and field."""

from pathlib import Path
from typing import Annotated, Literal

import msgspec

from emoji_mock.config.toml_file import FileError, read_file
from emoji_mock.fake.accounting.limits import Limits
from emoji_mock.fake.network.latency import LONGEST, Latency
from emoji_mock.fake.rules.active_rule import RULES_OF_ONE
from emoji_mock.fake.rules.rule import Rule
from emoji_mock.fake.rules.scenario import Scenario


class Config(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What a configuration file may hold; what is left out is left to the command line and the defaults."""

    host: str | None = None
    port: Annotated[int, msgspec.Meta(ge=0, le=65535)] | None = None
    seed: int | None = None
    failed_as: Literal[200, 400] | None = None
    details: bool | None = None
    retired: bool | None = None
    journal_size: Annotated[int, msgspec.Meta(ge=1)] | None = None
    replay: str | None = None
    time_scale: Annotated[float, msgspec.Meta(ge=0, le=1000)] | None = None
    upload_dir: str | None = None
    upload_bytes: Annotated[int, msgspec.Meta(ge=1)] | None = None
    verbose: bool | None = None
    scenario: str | None = None
    latency: Annotated[float, msgspec.Meta(ge=0, le=LONGEST)] | Latency | None = None
    limits: Limits | None = None
    rules: Annotated[list[Rule], msgspec.Meta(max_length=RULES_OF_ONE)] = []


def load(path: Path) -> Config:
    """Return the configuration in the file at `path`. Raises FileError, which tells a scenario as such."""
    try:
        return read_file(path, Config)
    except FileError:
        if not _is_scenario(path):
            raise
    raise FileError(str(path), f"is a scenario, and no configuration: say --scenario {path}")


def _is_scenario(path: Path) -> bool:
    try:
        return bool(read_file(path, Scenario).description)
    except FileError:
        return False

"""The configuration file: what `emoji-mock serve` takes from TOML, with mistakes told by file and field."""

import tomllib
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from emoji_mock.fake.rules import Rule


class ConfigError(ValueError):
    """A configuration file that cannot be used; the message names file and field."""


class Config(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What a configuration file may hold; what is left out is left to the command line and the defaults."""

    host: str | None = None
    port: Annotated[int, msgspec.Meta(ge=0, le=65535)] | None = None
    seed: int | None = None
    failed_as: Literal[200, 400] | None = None
    details: bool | None = None
    retired: bool | None = None
    journal_size: Annotated[int, msgspec.Meta(ge=1)] | None = None
    verbose: bool | None = None
    rules: list[Rule] = []


def load(path: Path) -> Config:
    """Return the configuration in the file at `path`. Raises ConfigError."""
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8-sig")), Config)
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: is not UTF-8 text") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: is not TOML: {error}") from None
    except RecursionError:
        raise ConfigError(f"{path}: is nested too deeply") from None
    except msgspec.ValidationError as error:
        problem = str(error).replace(" | null", "")  # TOML has no null
        raise ConfigError(f"{path}: {problem}") from None
    except ValueError as error:  # a number with thousands of digits
        raise ConfigError(f"{path}: {error}") from None

"""Set up the fake of a test by its mark, then the flags, then the ini file, then the defaults."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from msgspec import structs

from emoji_mock.assembly import Fake
from emoji_mock.config.setting import Place
from emoji_mock.config.settings import settings_in
from emoji_mock.fake.clock import Clock
from emoji_mock.fake.network.random_source import RandomSource
from emoji_mock.fake.options import Options
from emoji_mock.testing.rule_registry import RuleRegistry

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from emoji_mock.config.setting import Setting
    from emoji_mock.fake.rules.scenario import Scenario

_REPORTED_PICTURE_BYTES = 4 * 1024 * 1024
"""How many bytes of pictures a test's fake keeps for the report of the run."""


class Setup(NamedTuple):
    """What a test's fake is made from."""

    options: Options
    scenario: Scenario | None
    strict: bool
    """Whether a rule that is never used fails the test."""


_SETUP = pytest.StashKey[Setup]()
"""The setup without a mark, which is the same for the whole run."""


def setup_for(item: pytest.Item) -> Setup:
    """Return the setup of a test's fake; a mistake in its mark fails the test."""
    marks = list(item.iter_markers("emoji"))
    if not marks:
        return setup_of_session(item.config)
    given = _from_config(item.config)
    for mark in reversed(marks):  # the nearest last, so that it decides
        try:
            given |= _from_mark(mark, item.path.parent, item.config.rootpath)
        except ValueError as error:
            text = f"@pytest.mark.emoji: {getattr(error, 'shown', '') or error}"
            raise pytest.fail.Exception(text, pytrace=False) from None
    return _setup(given)


def setup_of_session(config: pytest.Config) -> Setup:
    """Return the setup of a session's fake, which marks cannot reach, and of tests without one. Raises UsageError."""
    if _SETUP not in config.stash:
        config.stash[_SETUP] = _setup(_from_config(config))
    return config.stash[_SETUP]


def max_images_of(config: pytest.Config) -> int | None:
    """Return how many images the run may cost. Raises UsageError."""
    most: int | None = _from_config(config).get("max_images")
    return most


def new_registry(setup: Setup, node_id: str = "") -> RuleRegistry:
    """Return the registry of a fresh fake that plays the scenario.

    Without a seed, chance is seeded by the id of the test: the same in every run.
    """
    options = setup.options
    random_source = RandomSource(node_id if options.seed is None else options.seed)
    try:
        fake = Fake(options, clock=Clock(), random_source=random_source)
    except ImportError as error:  # names the extra that is missing
        raise pytest.fail.Exception(str(error), pytrace=False) from None
    registry = RuleRegistry(fake)
    registry.play(setup.scenario)
    return registry


def _setup(given: Mapping[str, Any]) -> Setup:
    defaults = {setting.name: setting.default_in(Place.MARK) for setting in settings_in(Place.MARK)}
    values: dict[str, Any] = {**defaults, **given}
    options = Options(**{name: values[name] for name in Options.__dataclass_fields__ if name in values})
    if values.get("report"):  # which shows the pictures of `data:` URLs, too
        options = replace(options, kept_picture_bytes=_REPORTED_PICTURE_BYTES)
    scenario: Scenario | None = values["scenario"]
    if scenario is not None:  # its latency and limits yield to those that are set
        own = {name: getattr(options, name) for name in ("latency", "limits") if getattr(options, name) is not None}
        scenario = structs.replace(scenario, **own)
    return Setup(options, scenario, strict=values["strict"])


def _from_mark(mark: pytest.Mark, *folders: Path) -> dict[str, Any]:
    known = {setting.name: setting for setting in settings_in(Place.MARK)}
    if mark.args:
        raise ValueError(f"{mark.args[0]!r} has no name; name each argument, such as @pytest.mark.emoji(failed_as=200)")
    values: dict[str, Any] = {}
    for name, value in mark.kwargs.items():
        if name not in known:
            from emoji_mock._support.validation import unknown  # noqa: PLC0415 - needed for an error only

            raise ValueError(unknown("argument", name, known))
        try:
            values[name] = known[name].type.check(value)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
    return _with_scenario(values, *folders)


def _from_config(config: pytest.Config) -> dict[str, Any]:
    """Return what flags and ini file set. Raises UsageError, which names the flag or the key."""
    values: dict[str, Any] = {}
    for setting in settings_in(Place.PYTEST):
        flag, line = config.getoption(setting.ini_key), config.getini(setting.ini_key)
        if flag is None and not line:
            continue
        source = f"the ini option {setting.ini_key}" if flag is None else setting.pytest_flag
        of_file = config.rootpath if config.inipath is None else config.inipath.parent
        folder = of_file if flag is None else config.invocation_params.dir
        try:
            values |= _with_scenario(
                {setting.name: _value(setting, line if flag is None else flag)}, folder, config.rootpath
            )
        except ValueError as error:
            raise pytest.UsageError(f"{source}: {getattr(error, 'shown', '') or error}") from None
    return values


def _value(setting: Setting, given: object) -> object:
    return setting.type.check(given if isinstance(given, bool) else setting.type.read(str(given)))


def _with_scenario(values: dict[str, Any], *folders: Path) -> dict[str, Any]:
    """Return `values` with the scenario itself for its name, or for its path in one of `folders`."""
    if not isinstance(values.get("scenario"), str):
        return values
    from emoji_mock.config.scenarios import find  # noqa: PLC0415 - few tests play one

    return {**values, "scenario": find(values["scenario"], *folders)}

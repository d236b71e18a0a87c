"""The settings of `emoji-mock serve`: the command line, then its files, then the defaults; and the files read again."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from msgspec import structs

from emoji_mock.config.setting import Place
from emoji_mock.config.settings import settings_in
from emoji_mock.fake.options import Options
from emoji_mock.fake.rules.scenario import Scenario
from emoji_mock.fake.store.ports import StoreUnavailableError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable, Collection, Generator, Mapping

    from emoji_mock.assembly import Fake
    from emoji_mock.config.reload import FileStamp
    from emoji_mock.config.setting import Setting


_RELOADED = frozenset({"rules", "latency", "limits", "scenario"})
"""The settings that a reload changes; the others need a restart."""
_NO_OTHERS: Mapping[str, object] = MappingProxyType({})


def add_flags(
    parser: ArgumentParser, defaults: Mapping[str, object] = _NO_OTHERS, without: Collection[str] = ()
) -> None:
    """Add a flag for each setting of `serve` but those in `without`; `defaults` are those of a verb that has others.

    The flags of a topic are a group of the help text.
    """
    groups: dict[str, Any] = {}
    for setting in settings_in(Place.SERVE):
        if setting.name in without:
            continue
        if setting.topic not in groups:
            groups[setting.topic] = parser.add_argument_group(setting.topic)
        kind: dict[str, Any] = {"action": "store_true"}
        if not setting.type.is_switch:
            kind = {"type": setting.type.read_one, "metavar": setting.metavar}
            kind["action"] = "append" if setting.type.is_repeated or setting.type.is_single else "store"
        text = setting.help_in(Place.SERVE, defaults.get(setting.name, setting.default_in(Place.SERVE)))
        groups[setting.topic].add_argument(*setting.serve_flags, dest=setting.name, default=None, help=text, **kind)


class ServeSettings:
    """What is set, by name in `values`; `given` are the flags. Raises ValueError."""

    def __init__(self, given: Namespace, defaults: Mapping[str, object] = _NO_OTHERS) -> None:
        declared = {setting.name: setting.default for setting in settings_in(Place.SERVE | Place.FILE)}
        self._defaults = {name: value for name, value in {**declared, **defaults}.items() if value is not None}
        self._given = {name: value for name, value in vars(given).items() if value is not None}
        self.stamps: dict[Path, FileStamp] = {}
        """The files that were read, or should have been, each with its stamp from before it was read."""
        self.values = self._values_at_start = self._read()

    def _read(self) -> dict[str, Any]:
        given = self._given
        values: dict[str, Any] = {}
        if "config" in given:
            values = self._read_config(given["config"])
        for setting in settings_in(Place.SERVE | Place.FILE):
            name = setting.name
            if name in given:
                values[name] = _given_value(setting, given[name], values.get(name))
            if name in values:
                try:
                    values[name] = setting.type.check(values[name])
                except ValueError as error:
                    raise ValueError(f"{name}: {error}") from None
        self._watch_scenario(values.get("scenario", ""))
        return self._defaults | values

    def _read_config(self, path: Path) -> dict[str, Any]:
        """Return what the file sets. Its relative paths start from its own folder."""
        from emoji_mock.config.file import load  # noqa: PLC0415 - few servers have a file
        from emoji_mock.config.reload import stamp_of  # noqa: PLC0415 - as above

        self.stamps = {one: stamp_of(one) for one in (path, *self.stamps)}  # also of the scenario, if this file is bad
        types = {setting.name: setting.type for setting in settings_in(Place.FILE)}
        values: dict[str, Any] = {}
        for name, value in load(path).items():
            try:
                values[name] = types[name].relative_to(path.parent, value)
            except ValueError as error:
                raise ValueError(f"{path}: {name}: {error}") from None
        return values

    def _watch_scenario(self, name: str) -> None:
        """Watch the file of a scenario from now on, even if it is missing or invalid, and no former one."""
        watched = [self._given["config"]] if "config" in self._given else []
        self.stamps = {path: stamp for path, stamp in self.stamps.items() if path in watched}
        if not name:
            return
        from emoji_mock.config.reload import stamp_of  # noqa: PLC0415 - as above
        from emoji_mock.config.scenarios import is_path  # noqa: PLC0415 - as above

        if is_path(name):
            self.stamps[Path(name)] = stamp_of(Path(name))

    def is_flag(self, name: str) -> bool:
        """Return whether the setting `name` was given by a flag."""
        return name in self._given

    def options(self) -> Options:
        """Return the options of the fake."""
        return Options(**{name: self.values[name] for name in Options.__dataclass_fields__ if name in self.values})

    def scenario(self) -> Scenario:
        """Return the rules of the file, the faults of the command line, and the scenario, as one scenario."""
        base = self._named_scenario()
        rules = [*self.values.get("rules", []), *self.values.get("fault", []), *base.rules]
        given = {name: self.values.get(name, getattr(base, name)) for name in ("latency", "limits")}
        return structs.replace(base, rules=rules, **given)

    def _named_scenario(self) -> Scenario:
        if "scenario" not in self.values:
            return Scenario()
        from emoji_mock.config.scenarios import find  # noqa: PLC0415 - few servers play one

        return find(self.values["scenario"])

    def changed_since_start(self) -> list[str]:
        """Return the names of the settings that a file has changed and that need a restart."""
        names = sorted({*self.values, *self._values_at_start} - _RELOADED)
        return [name for name in names if self.values.get(name) != self._values_at_start.get(name)]

    def reload(self) -> Scenario:
        """Read the files again and return the scenario. Raises ValueError, and then keeps the former values."""
        before, self.values = self.values, self._read()
        try:
            return self.scenario()
        except ValueError:
            self.values = before
            raise


def _given_value(setting: Setting, given: Any, before: object) -> object:  # noqa: ANN401 - what the flag has read
    """Return what a flag sets over the file's value `before`. Raises ValueError where it is given twice and may not."""
    if setting.type.is_repeated:
        return setting.type.combine(given, before)
    if not setting.type.is_single:
        return given
    if len(given) > 1:
        raise ValueError(f"{setting.serve_flags[0]} is given {len(given)} times; leave only one")
    return given[0]


@contextmanager
def watching(settings: ServeSettings, fake: Fake, print_message: Callable[[str], None]) -> Generator[None]:
    """Reload the files of `settings` into `fake` when they change, and print a message each time."""
    if "config" not in settings.values and "scenario" not in settings.values:
        yield
        return
    from emoji_mock.config.reload import Watcher  # noqa: PLC0415 - few servers have a file

    with Watcher(lambda: settings.stamps, lambda: reload(settings, fake, print_message)):
        yield


def reload(settings: ServeSettings, fake: Fake, print_message: Callable[[str], None]) -> None:
    """Apply the rules, latency and limits of the changed files; print which other settings need a restart."""
    try:
        scenario = settings.reload()
        fake.play(scenario, lasting=True)
    except (ValueError, StoreUnavailableError) as error:
        print_message(f"{getattr(error, 'shown', '') or error}\nnot reloaded: the former rules stay in force")
        return
    count = len(scenario.rules)
    changed = settings.changed_since_start()
    names = ", ".join(f"`{name}`" for name in changed)
    restart = f"; {names} {'needs' if len(changed) == 1 else 'need'} a restart" if changed else ""
    print_message(f"reloaded: {count} rule{'s' * (count != 1)}{restart}")

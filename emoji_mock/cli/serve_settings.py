"""What `emoji-mock serve` was told: the command line, then its files, then the defaults; and the files read again."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import structs

from emoji_mock.fake.accounting.limits import read_limits
from emoji_mock.fake.options import Options
from emoji_mock.fake.rules.scenario import Scenario

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Generator

    from emoji_mock.assembly import Fake


_FOLLOWED = frozenset({"rules", "latency", "limits", "scenario"})


class Settings:
    """What was said, by name in `chosen`. Raises ValueError."""

    def __init__(self, said: Namespace) -> None:
        self._said = {name: value for name, value in vars(said).items() if value is not None}
        self.chosen = self._begun_with = self._read()

    def _read(self) -> dict[str, Any]:
        chosen: dict[str, Any] = {}
        if (path := self._said.get("config")) is not None:
            from emoji_mock.config.config_file import load  # noqa: PLC0415 - only a file needs the reader

            chosen = {name: value for name, value in structs.asdict(load(path)).items() if value is not None}
        chosen |= self._said
        if "upload_dir" in chosen:
            chosen["upload_dir"] = _expanded(chosen["upload_dir"])
        if "limit" in chosen:
            chosen["limits"] = read_limits(" ".join(chosen["limit"]), chosen.get("limits"))
        return chosen

    def options(self) -> Options:
        """Return the options of the fake."""
        return Options(**{name: self.chosen[name] for name in Options.__dataclass_fields__ if name in self.chosen})

    def scenario(self) -> Scenario:
        """Return what callers meet: the rules of the file, the faults of the command line, then the scenario."""
        base = self._named()
        rules = [*self.chosen.get("rules", []), *self.chosen.get("fault", []), *base.rules]
        weather = {name: self.chosen.get(name, getattr(base, name)) for name in ("latency", "limits")}
        return structs.replace(base, rules=rules, **weather)

    def _named(self) -> Scenario:
        if "scenario" not in self.chosen:
            return Scenario()
        from emoji_mock.config.scenarios import find  # noqa: PLC0415 - few servers play one

        return find(self.chosen["scenario"], self._folder())

    def _folder(self) -> Path:
        """Return where the path of a scenario begins: beside the file that names it."""
        return Path() if "scenario" in self._said or "config" not in self._said else self._said["config"].parent

    def files(self) -> list[Path]:
        """Return the files that were read, and may change."""
        from emoji_mock.config.scenarios import is_path, path_of  # noqa: PLC0415 - likewise

        paths = [self._said["config"]] if "config" in self._said else []
        if is_path(self.chosen.get("scenario", "")):
            paths.append(path_of(self.chosen["scenario"], self._folder()))
        return paths

    def waiting(self) -> list[str]:
        """Return the names of what a file has changed since the start, and only the next start will heed."""
        names = sorted({*self.chosen, *self._begun_with} - _FOLLOWED)
        return [name for name in names if self.chosen.get(name) != self._begun_with.get(name)]

    def read_again(self) -> Scenario:
        """Return what callers meet now that a file has changed; if it is no good, all stays as it was."""
        before, self.chosen = self.chosen, self._read()
        try:
            return self.scenario()
        except ValueError:
            self.chosen = before
            raise


def _expanded(folder: str) -> Path:
    try:
        return Path(folder).expanduser()
    except RuntimeError:
        raise ValueError(
            f"upload_dir: {str(folder)!r} begins with the home of nobody that this machine knows"
        ) from None


@contextmanager
def watching(settings: Settings, fake: Fake, say: Callable[[str], None]) -> Generator[None]:
    """Let `fake` follow the files of `settings` meanwhile, and `say` so."""
    if "config" not in settings.chosen and "scenario" not in settings.chosen:
        yield
        return
    from emoji_mock.config.reload import Watcher  # noqa: PLC0415 - most servers have no file

    with Watcher(settings.files, lambda: reload(settings, fake, say)):
        yield


def reload(settings: Settings, fake: Fake, say: Callable[[str], None]) -> None:
    """Play what the files say now: rules, latency and limits; the rest waits for the next start."""
    try:
        scenario = settings.read_again()
        fake.play(scenario, lasting=True)
    except ValueError as error:
        say(f"{getattr(error, 'shown', '') or error}\nWhat was read before still holds.")
        return
    count = len(scenario.rules)
    waiting = settings.waiting()
    later = f"; {', '.join(waiting)} wait{'s' * (len(waiting) == 1)} for the next start" if waiting else ""
    say(f"read again: {count} rule{'s' * (count != 1)} hold{'s' * (count == 1)} now{later}")

"""Find scenarios: those that are shipped by name, others by the path of their file."""

from importlib.resources.abc import Traversable
from pathlib import Path

from msgspec import structs

from emoji_mock._support.validation import unknown
from emoji_mock.config.toml_file import FileError, read_file, read_text
from emoji_mock.contract.samples import folder
from emoji_mock.fake.rules.scenario import Scenario

_SUFFIX = ".toml"


def shipped() -> dict[str, Traversable]:
    """Return the files of the shipped scenarios by name, from the installed package or the checkout."""
    entries = sorted(folder("scenarios").iterdir(), key=lambda entry: entry.name)
    return {entry.name.removesuffix(_SUFFIX): entry for entry in entries}


def is_path(text: str) -> bool:
    """Return whether `text` is the path of a file, not the name of a shipped scenario."""
    return text.endswith(_SUFFIX) or "/" in text or "\\" in text


def find(text: str, *folders: Path) -> Scenario:
    """Return the shipped scenario of that name, or the scenario in that file, looked for in each of `folders`.

    Raises ValueError; for a mistake in a file a FileError.
    """
    return load(path_of(text, *folders)) if is_path(text) else load(_shipped(text))


def path_of(text: str, *folders: Path) -> Path:
    """Return the path `text` in the first of `folders` that has such a file, or else in the first folder."""
    candidates = [folder / text for folder in folders] or [Path(text)]
    return next((path for path in candidates if path.exists()), candidates[0])


def load(file: Traversable) -> Scenario:
    """Return the scenario in `file`. Raises FileError."""
    if isinstance(file, Path):
        scenario = read_file(file, Scenario)
    else:
        scenario = read_text(file.read_text("utf-8"), Scenario, str(file))
    if not scenario.description:
        raise FileError(str(file), 'description: missing; say what the scenario is for: description = "…"')
    return scenario if scenario.name else structs.replace(scenario, name=file.name.removesuffix(_SUFFIX))


def _shipped(name: str) -> Traversable:
    known = shipped()
    if name in known:
        return known[name]
    raise ValueError(f"scenario: {unknown('scenario', name, known)}, or name a file that ends with {_SUFFIX}")

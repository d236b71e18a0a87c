"""Recordings on the disk: one file a case, below a folder that also says when they were made, and of what."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from emoji_mock import __version__
from emoji_mock._support.files import read
from emoji_mock.conformance.cases.case import BAD_KEY, KEY
from emoji_mock.conformance.recordings.recording import Recording, RecordingError, parsed, recorded
from emoji_mock.conformance.recordings.redaction import Redactor

if TYPE_CHECKING:
    from collections.abc import Callable
    from os import PathLike

    from emoji_mock.conformance.cases.case import Case
    from emoji_mock.conformance.targets.sending import Played
    from emoji_mock.conformance.targets.target import Target

_ABOUT = "about.json"
_FILE_LIMIT = 2 * 1024 * 1024
"""How much of a file is read; a longer one is no recording."""
_FILES = 10_000


class Recorder:
    """Writes every exchange that it is told of below `folder`, without the secrets of `target`.

    Raises RecordingError where there are recordings already, unless it is to `force`.
    """

    def __init__(
        self, folder: Path, target: Target, clock: Callable[[], float] = time.time, *, force: bool = False
    ) -> None:
        if not force and next(folder.rglob("*.json"), None):
            raise RecordingError(f"{folder} holds recordings already: name another folder, or say --force to mix them")
        self._folder, self._target = folder, target
        self.written = 0
        day = time.strftime("%Y-%m-%d", time.gmtime(clock()))
        _write(folder / _ABOUT, {"of": target.name, "recorded": day, "by": f"emoji-mock {__version__}"})

    def heard(self, case: Case, played: Played) -> None:
        """Write one exchange; what came before it is written as the words that it filled in."""
        filled, request, response = played
        # A real picture is written as the URL that steers a fake to the same ending, so a fake can replay it.
        words = {**self._target.secrets, filled.picture: case.picture, filled.key: KEY, filled.bad_key: BAD_KEY}
        words |= {value: word for word, value in filled.learned.items() if isinstance(value, str)}
        recording = recorded(case.name, self._target.name, request, response, Redactor(words))
        _write(self._folder / f"{case.name}.json", recording)
        self.written += 1


def load(folder: str | PathLike[str]) -> tuple[Recording, ...]:
    """Return the recordings below `folder`, in the order of their names. Raises RecordingError."""
    folder = Path(folder)
    paths = sorted(path for path in folder.rglob("*.json") if path.name != _ABOUT) if folder.is_dir() else []
    if not 0 < len(paths) <= _FILES:
        raise RecordingError(f"{folder}: holds {len(paths)} recordings; `emoji-mock record --out {folder}` makes some")
    return tuple(map(_load, paths))


def _load(path: Path) -> Recording:
    try:
        return parsed(read(path, _FILE_LIMIT))
    except OSError as error:
        raise RecordingError(f"{path}: {error.strerror or error}") from None
    except RecordingError as error:
        raise RecordingError(f"{path}: {error}") from None


def _write(path: Path, document: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n")

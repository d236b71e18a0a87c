"""A folder of recordings: one file for each case, and `about.json` with the target and the date."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from emoji_mock import __version__
from emoji_mock._support.encodings.secret_search import SecretSearch
from emoji_mock._support.files import make_folder, read, write
from emoji_mock.conformance.cases.placeholders import BAD_KEY, KEY
from emoji_mock.conformance.recordings.recording import Recording, RecordingError, parse_recording, record_exchange
from emoji_mock.conformance.recordings.redaction import Redactor

if TYPE_CHECKING:
    from collections.abc import Callable
    from os import PathLike

    from emoji_mock.conformance.cases.case import Case
    from emoji_mock.conformance.targets.sending import CaseExchange
    from emoji_mock.conformance.targets.target import Target

_ABOUT = "about.json"
_FILE_LIMIT = 2 * 1024 * 1024
"""The largest recording that is read, in bytes."""
_FILES = 10_000


class Recorder:
    """Writes exchanges below `folder`, without the secrets of `target`.

    Each file is written whole or not at all. Raises RecordingError if the folder contains recordings already, unless
    `force` is set, and OSError.
    """

    def __init__(
        self, folder: Path, target: Target, clock: Callable[[], float] = time.time, *, force: bool = False
    ) -> None:
        if not force and any(path.name != _ABOUT for path in folder.rglob("*.json")):
            raise RecordingError(
                f"{folder} contains recordings already: name another folder, or add --force to mix them"
            )
        self._folder, self._target = folder, target
        self._secrets = SecretSearch(target.secrets)
        self.written = 0
        day = time.strftime("%Y-%m-%d", time.gmtime(clock()))
        about = {"of": self._secrets.hide(target.name), "recorded": day, "by": f"emoji-mock {__version__}"}
        self._write(_ABOUT, about)

    def write(self, case: Case, exchange: CaseExchange) -> None:
        """Write one exchange, with placeholders for keys and captured values."""
        bindings, request, response = exchange
        # A real picture becomes the magic URL for the same outcome, so that a fake can replay the recording.
        words = {**self._target.secrets, bindings.picture: case.picture, bindings.key: KEY, bindings.bad_key: BAD_KEY}
        words |= {value: name for name, value in bindings.captured.items() if isinstance(value, str)}
        recording = record_exchange(case.name, self._target.name, request, response, Redactor(words))
        if self._secrets.holds(msgspec.json.encode(recording).decode()):
            raise RecordingError(
                f"{case.name}: the answer holds the key, or another secret, in a form that was not removed:"
                " its recording was not written"
            )
        self._write(f"{case.name}.json", recording)
        self.written += 1

    def _write(self, name: str, document: object) -> None:
        path = self._folder / name
        make_folder(path.parent, self._folder)
        content = msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"
        write(path, content, lasting=self._target.live)  # what a live service has answered was paid for


def load(
    folder: str | PathLike[str], on_invalid: Callable[[RecordingError], None] | None = None
) -> tuple[Recording, ...]:
    """Return the recordings below `folder`, sorted by path. Raises RecordingError.

    A file that is no recording raises it, too, or is left out after a call of `on_invalid` with the error.
    """
    folder = Path(folder)
    paths = sorted(path for path in folder.rglob("*.json") if path.name != _ABOUT) if folder.is_dir() else []
    if len(paths) > _FILES:
        raise RecordingError(f"{folder}: contains {len(paths)} recordings, more than {_FILES}")
    recordings: list[Recording] = []
    for path in paths:
        try:
            recordings.append(_load(path))
        except RecordingError as error:
            if on_invalid is None:
                raise
            on_invalid(error)
    if not recordings:
        raise RecordingError(f"{folder}: contains 0 recordings; `emoji-mock record --out {folder}` writes some")
    return tuple(recordings)


def _load(path: Path) -> Recording:
    try:
        return parse_recording(read(path, _FILE_LIMIT))
    except OSError as error:
        raise RecordingError(f"{path}: {error.strerror or error}") from None
    except RecordingError as error:
        raise RecordingError(f"{path}: {error}") from None

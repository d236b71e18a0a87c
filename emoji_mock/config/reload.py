"""Reload files when they change. Polls, because a library for watching files would be a dependency of every server."""

from __future__ import annotations

import logging
import time
from hashlib import blake2b
from threading import Event, Thread
from typing import TYPE_CHECKING, NamedTuple, Self

from emoji_mock._support.files import read
from emoji_mock.config.toml_file import MAX_FILE_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

log = logging.getLogger("emoji_mock")
INTERVAL = 0.25
"""Seconds from one poll to the next."""
_POLLS = 1
"""For how many polls a changed file stays the same before it is read: an editor may write in two steps."""
_POLLS_EMPTY = 8
"""The same for a file that has become empty, which is mostly one that is just being written."""
_COARSE_NS = 3_000_000_000
"""Nanoseconds after a change in which a second one may leave the times as they are (FAT: two seconds)."""


class FileStamp(NamedTuple):
    """What tells one state of a file from another. `content` is a digest, or the error of reading."""

    modified: tuple[int, ...]
    """Time, length, inode and device; nothing if there is no such file."""
    content: str
    changed: int = 0
    """The time of the last change, of its attributes too, in nanoseconds."""

    @property
    def state(self) -> tuple[tuple[int, ...], str]:
        """What a change is judged by: new attributes alone, such as another link, are none."""
        return self.modified, self.content

    @property
    def is_empty(self) -> bool:
        """Whether it is an empty file."""
        return len(self.modified) > 1 and self.modified[1] == 0


class Watcher:
    """Call `changed` when one of `files()` has changed and has then stayed the same for one poll.

    `files()` returns each file with its stamp from before `changed` last read it, so that no change between is lost, or
    with None. As a context manager it polls every `INTERVAL` seconds in its own thread.
    """

    def __init__(self, files: Callable[[], Mapping[Path, FileStamp | None]], changed: Callable[[], None]) -> None:
        self._files, self._changed = files, changed
        self._previous = self._stamps({})
        self._known: dict[Path, FileStamp] = self._stamps_of_read(self._previous)
        self._equal_polls = 0
        self._stopped = Event()
        self._thread = Thread(target=self._watch, name="emoji-mock-reload", daemon=True)

    def poll(self) -> None:
        """Compare the files once."""
        stamps = self._stamps(self._previous)
        now, known = _states(stamps), _states(self._known)
        self._equal_polls = self._equal_polls + 1 if now == _states(self._previous) else 0
        changed = [path for path, state in now.items() if state != known.get(path)]
        polls = _POLLS_EMPTY if any(stamps[path].is_empty for path in changed) else _POLLS
        if changed and self._equal_polls >= polls:
            self._known = stamps  # before the call, so that a failed reload is not repeated
            self._changed()
            self._known = self._stamps_of_read(stamps)
        self._previous = stamps

    def _stamps(self, before: Mapping[Path, FileStamp]) -> dict[Path, FileStamp]:
        return {path: stamp_of(path, before.get(path)) for path in self._files()}

    def _stamps_of_read(self, otherwise: Mapping[Path, FileStamp]) -> dict[Path, FileStamp]:
        """Return the stamps of the files as they were read, or those in `otherwise`."""
        return {path: stamp or otherwise.get(path) or stamp_of(path) for path, stamp in self._files().items()}

    def _watch(self) -> None:
        while not self._stopped.wait(INTERVAL):
            try:
                self.poll()
            except Exception:  # the next poll may succeed
                log.exception("emoji-mock could not reload its files")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()


def _states(stamps: Mapping[Path, FileStamp]) -> dict[Path, object]:
    return {path: stamp.state for path, stamp in stamps.items()}


def stamp_of(path: Path, before: FileStamp | None = None) -> FileStamp:
    """Return the stamp of the file at `path`. It is read again if it may differ from the stamp `before`."""
    try:
        found = path.stat()
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        return FileStamp((), str(error))
    modified = (found.st_mtime_ns, found.st_size, found.st_ino, found.st_dev)
    is_settled = time.time_ns() - found.st_ctime_ns > _COARSE_NS
    if is_settled and before is not None and (before.modified, before.changed) == (modified, found.st_ctime_ns):
        return before
    try:
        content = blake2b(read(path, MAX_FILE_BYTES + 1), digest_size=16).hexdigest()
    except OSError as error:
        content = str(error)
    return FileStamp(modified, content, found.st_ctime_ns)

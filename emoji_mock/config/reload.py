"""Files that are read again when they change: looked at now and then, since a lean server loads no file watcher."""

from __future__ import annotations

import logging
from threading import Event, Thread
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

log = logging.getLogger("emoji_mock")
INTERVAL = 0.25
"""Seconds from one look to the next."""


class Watcher:
    """Calls `changed` when one of `files()` is another than before and has been still for one look.

    As a context manager it looks every `INTERVAL` seconds, in a thread of its own.
    """

    def __init__(self, files: Callable[[], list[Path]], changed: Callable[[], None]) -> None:
        self._files, self._changed = files, changed
        self._known: dict[Path, tuple[int, ...]] = self._stamps()
        self._seen = self._known
        self._stopped = Event()
        self._thread = Thread(target=self._watch, name="emoji-mock-reload", daemon=True)

    def look(self) -> None:
        """Look once. An editor may write in two steps, so what has just changed is left until the next look."""
        stamps = self._stamps()
        if stamps != self._known and stamps == self._seen:
            self._known = stamps  # whatever becomes of it, once is enough
            self._changed()
            stamps = self._stamps() | stamps  # other files may be meant now; a change during the reading is not lost
            self._known = {path: stamps[path] for path in self._files()}
        self._seen = stamps

    def _stamps(self) -> dict[Path, tuple[int, ...]]:
        return {path: _stamp_of(path) for path in self._files()}

    def _watch(self) -> None:
        while not self._stopped.wait(INTERVAL):
            try:
                self.look()
            except Exception:  # whatever one look meets, the next may go well
                log.exception("emoji-mock could not read its files again")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()


def _stamp_of(path: Path) -> tuple[int, ...]:
    try:
        found = path.stat()
    except OSError:
        return ()
    return found.st_mtime_ns, found.st_size, found.st_ino

"""Reload files when they change. Polls, because a library for watching files would be a dependency of every server."""

from __future__ import annotations

import logging
from threading import Event, Thread
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

log = logging.getLogger("emoji_mock")
INTERVAL = 0.25
"""Seconds from one poll to the next."""


class Watcher:
    """Call `changed` when one of `files()` has changed and has then stayed the same for one poll.

    As a context manager it polls every `INTERVAL` seconds in its own thread.
    """

    def __init__(self, files: Callable[[], list[Path]], changed: Callable[[], None]) -> None:
        self._files, self._changed = files, changed
        self._known: dict[Path, tuple[int, ...]] = self._stamps()
        self._previous = self._known
        self._stopped = Event()
        self._thread = Thread(target=self._watch, name="emoji-mock-reload", daemon=True)

    def poll(self) -> None:
        """Compare the files once. An editor may write in two steps, so a change is reported one poll later."""
        stamps = self._stamps()
        if stamps != self._known and stamps == self._previous:
            self._known = stamps  # before the call, so that a failed reload is not repeated
            self._changed()
            stamps = self._stamps() | stamps  # `files()` may differ now; a change during the reload is not lost
            self._known = {path: stamps[path] for path in self._files()}
        self._previous = stamps

    def _stamps(self) -> dict[Path, tuple[int, ...]]:
        return {path: _stamp_of(path) for path in self._files()}

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


def _stamp_of(path: Path) -> tuple[int, ...]:
    try:
        found = path.stat()
    except OSError:
        return ()
    return found.st_mtime_ns, found.st_size, found.st_ino

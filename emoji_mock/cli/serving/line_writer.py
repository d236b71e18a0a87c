"""Write lines to stdout and stderr from a thread of its own: what cannot be written delays and ends nothing."""

from __future__ import annotations

import sys
from contextlib import suppress
from queue import Full, Queue
from threading import Thread
from typing import TYPE_CHECKING

from emoji_mock._support.terminal import write_line

if TYPE_CHECKING:
    from collections.abc import Callable

WAITING = 10_000
"""How many lines may wait for a terminal that is slow or gone; more are dropped."""
LAST_SECONDS = 2.0
"""How long the end of the server waits for a reader that does not read."""


def _write(text: str, error: bool) -> None:  # noqa: FBT001 - two streams
    write_line(sys.stderr if error else sys.stdout, text)


class LineWriter:
    """Write the lines that are put, in their order, by `write`: to stdout, or to stderr where it is an error."""

    def __init__(self, write: Callable[[str, bool], None] = _write) -> None:
        self._write = write
        self._lines: Queue[tuple[str, bool] | None] = Queue(maxsize=WAITING)
        self._thread = Thread(target=self._write_all, name="emoji-mock-lines", daemon=True)
        self._thread.start()

    def put(self, text: str, *, error: bool = False) -> None:
        """Write `text` to stdout, or to stderr."""
        with suppress(Full):
            self._lines.put_nowait((text, error))

    def close(self) -> None:
        """Wait until the last line is written, or for a little while."""
        with suppress(Full):
            self._lines.put(None, timeout=LAST_SECONDS)
        self._thread.join(LAST_SECONDS)

    def _write_all(self) -> None:
        while (line := self._lines.get()) is not None:
            self._write(*line)

"""Report, once for each kind, the requests that no recording fits, and how the nearest one differs."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from emoji_mock._support.fork_safety import Locked
from emoji_mock._support.terminal import plain
from emoji_mock.conformance.recordings.matching import RequestKey, differing_parts, nearest
from emoji_mock.fake.accounting.api_keys import redact

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from emoji_mock.conformance.recordings.recording import Recording

_REPORTS = 20
"""How many requests are reported: those of a caller of a thousand pictures would fill a terminal."""
_COMPARED = 200
"""How many requests are compared with the recordings; each costs as much time as there are recordings."""
_PARTS = 5
"""How many differing parts a report names."""
_SHOWN = 120
"""How many characters of method and path a report shows."""


class Misses(Locked):
    """The requests without a recording; `report` is called once for each kind. Safe from any thread."""

    def __init__(self, recordings: Mapping[RequestKey, Recording], report: Callable[[str], None]) -> None:
        super().__init__()
        self._recordings, self._report = recordings, report
        self._keys: set[int] = set()
        self._reported: set[str] = set()

    def add(self, key: RequestKey) -> None:
        """Report a request for which there is no recording, unless such a one was reported before."""
        mark = hash(key)
        if mark in self._keys or len(self._keys) >= _COMPARED or len(self._reported) >= _REPORTS:
            return
        sentence = self._sentence(key)
        with self._lock:
            self._keys.add(mark)
            if sentence in self._reported or len(self._reported) >= _REPORTS:
                return
            self._reported.add(sentence)
            is_last = len(self._reported) == _REPORTS
        with suppress(OSError, ValueError):  # a terminal that is closed ends no call
            self._report(sentence + (" Further such requests are not reported." if is_last else ""))

    def _sentence(self, key: RequestKey) -> str:
        request = plain(redact(f"{key.method} {key.path}"))[:_SHOWN]
        near = nearest(key, self._recordings)
        if near is None:
            return f"no recording fits {request}: none has this method and path. The fake answers itself."
        parts = ", ".join(differing_parts(key, near)[:_PARTS])
        case = self._recordings[near].case
        return f"no recording fits {request}: the nearest, {case}, differs in {parts}. The fake answers itself."

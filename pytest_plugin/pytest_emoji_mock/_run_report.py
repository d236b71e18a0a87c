"""Collect the calls of a whole test run, and write them as one HTML file."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct, structs

from emoji_mock.fake.accounting.journal import CallRecord  # noqa: TC001 - msgspec reads the fields
from emoji_mock.fake.accounting.pictures import unsigned

if TYPE_CHECKING:
    from emoji_mock.fake.accounting.journal import Entry, StoredCall
    from emoji_mock.fake.store.ports import Store

CALLS = 10_000
"""How many calls are kept, the newest."""
PICTURE_BYTES = 8 * 1024 * 1024
"""How many bytes of small pictures are kept, the first ones."""


class CollectedCalls(Struct):
    """What a worker sends: calls, and small pictures by test and digest."""

    calls: list[CallRecord]
    pictures: dict[str, bytes]


class RunReport:
    """The calls of a run. In its report, the account of a call is the test that made it."""

    def __init__(self) -> None:
        self._test = ""
        self._fresh: deque[StoredCall] = deque(maxlen=CALLS)
        self._calls: deque[CallRecord] = deque(maxlen=CALLS)
        self._pictures: dict[str, bytes] = {}
        self._room = PICTURE_BYTES

    def put(self, stored: StoredCall) -> None:
        """Collect a call of the current test. Safe from any thread."""
        self._fresh.append(stored)

    def begin(self, test: str) -> None:
        """Count what follows as calls of `test`."""
        self.end(None)
        self._test = test

    def end(self, store: Store | None) -> None:
        """Keep the calls since the beginning of the test, with the pictures that `store` holds."""
        fresh, self._fresh = self._fresh, deque(maxlen=CALLS)
        for stored in fresh:
            self._calls.append(structs.replace(stored.call, namespace=self._test or "(no test)"))
            if store is not None and stored.call.picture:
                self._keep_picture(store, stored.entry())

    def _keep_picture(self, store: Store, entry: Entry) -> None:
        place = f"{self._test} {entry.picture}"
        if place in self._pictures or self._room <= 0:
            return
        from emoji_mock.media.thumbnails import thumbnail  # noqa: PLC0415 - Pillow: where a picture was sent
        from emoji_mock.server.dashboard.pictures import data_of  # noqa: PLC0415 - likewise

        try:
            small = thumbnail(data_of(store, entry))
        except ValueError:  # not held, or no picture
            return
        self._room -= len(small)
        self._pictures[place] = small

    def encoded(self) -> bytes:
        """Return what was collected, to be added to the report of another process."""
        self.end(None)
        return msgspec.msgpack.encode(CollectedCalls([*self._calls], self._pictures))

    def add(self, encoded: bytes) -> None:
        """Add what another process has collected."""
        collected = msgspec.msgpack.decode(encoded, type=CollectedCalls)
        self._calls += collected.calls
        for place, small in collected.pictures.items():
            if self._room > 0:
                self._room -= len(small)
                self._pictures[place] = small

    def html(self) -> tuple[str, int]:
        """Return the report as an HTML file that loads nothing, and the number of its calls."""
        from emoji_mock.assembly import Fake  # noqa: PLC0415 - at the end of a run that wants a report
        from emoji_mock.fake.store.memory import MemoryStore  # noqa: PLC0415 - likewise
        from emoji_mock.server.dashboard.report import report_html  # noqa: PLC0415 - Jinja2

        self.end(None)
        store = MemoryStore(CALLS, picture_bytes=2 * PICTURE_BYTES)
        for call in sorted(self._calls, key=lambda call: call.real):
            store.record(call, picture=call.picture or unsigned(call.image_url))
        for place, small in self._pictures.items():
            test, _, digest = place.rpartition(" ")
            store.keep_picture(test, digest, small)
        count = len(self._calls)
        title = f"{count} faked call{'s' * (count != 1)} of a test run"
        return report_html(Fake(store=store), title=title, account="Test"), count

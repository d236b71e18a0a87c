"""The journal and the ledgers in memory."""

from bisect import bisect_left
from collections import deque
from itertools import islice
from operator import attrgetter

from msgspec import structs

from emoji_mock._support.fork_safety import Locked
from emoji_mock.contract.row import Outcome
from emoji_mock.fake.accounting.accounts import Accounts
from emoji_mock.fake.accounting.journal import Entry, Page
from emoji_mock.fake.accounting.ledger import Ledger

_number = attrgetter("number")


class MemoryJournal(Locked):
    """Implement JournalPort in memory; the journal keeps the last `size` entries."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._accounts = Accounts()
        self._journal: deque[Entry] = deque(maxlen=size)
        self._last = 0

    def reserve(self, namespace: str, most: int) -> bool:
        """Reserve an image for a call until it is recorded; return False if `most` are billed or reserved already."""
        with self._lock:
            return self._accounts.reserve(namespace, most)

    def record(self, entry: Entry, *, picture: str = "", reserved: bool = False) -> Entry:
        """Append an exchange to the journal, enter it into the ledger, and return the entry as it was stored."""
        with self._lock:
            self._last += 1
            wasted = self._accounts.enter(entry, picture or entry.image_url, reserved=reserved)
            stored = structs.replace(entry, number=self._last, wasted=wasted)
            self._journal.append(stored)
            return stored

    def waited_out(self, number: int) -> None:
        """Mark the entry `number`, if it is still kept."""
        with self._lock:
            place = bisect_left(self._journal, number, key=_number)  # a reset of one namespace leaves gaps
            if place < len(self._journal) and self._journal[place].number == number:
                self._journal[place] = structs.replace(self._journal[place], waited_out=True)

    def journal(
        self,
        *,
        namespace: str | None = None,
        outcome: Outcome | None = None,
        code: str | None = None,
        after: int = 0,
        limit: int = 100,
    ) -> Page:
        """Return the first `limit` matching entries with a number above `after`, oldest first."""
        with self._lock:
            entries = list(self._journal)
        matching = [
            entry
            for entry in entries
            if (namespace is None or entry.namespace == namespace)
            and (outcome is None or entry.outcome == outcome)
            and (code is None or code in (entry.code, entry.row))
        ]
        page = list(islice((entry for entry in matching if entry.number > after), limit))
        more = bool(page) and page[-1].number < matching[-1].number
        return Page(total=len(matching), entries=page, next=page[-1].number if more else None)

    def ledgers(self) -> dict[str, Ledger]:
        """Return a copy of every namespace's ledger."""
        with self._lock:
            return self._accounts.ledgers()

    def _remove_entries(self, namespace: str | None) -> None:
        self._accounts.clear(namespace)
        kept = [entry for entry in self._journal if namespace not in (None, entry.namespace)]
        self._journal.clear()
        self._journal.extend(kept)

"""The journal and the ledgers in memory."""

from bisect import bisect_left, bisect_right
from collections import deque
from itertools import chain, groupby, takewhile
from operator import attrgetter

from msgspec import structs

from emoji_mock._support.fork_safety import Locked
from emoji_mock.contract.row import Outcome
from emoji_mock.fake.accounting.accounts import Accounts, QuotaName
from emoji_mock.fake.accounting.call_filter import ALL_CALLS, CallFilter, LatestCalls, ends_in
from emoji_mock.fake.accounting.journal import CallRecord, Page, StoredCall
from emoji_mock.fake.accounting.ledger import Ledger
from emoji_mock.fake.accounting.limits import Limits
from emoji_mock.fake.accounting.shares import Shares, memory_of

ENTRY_BYTES = 6 * 1024
"""How many bytes of memory the journal has for each of its entries: as many as one with a picture in a `data:` URL."""
LEAST_BYTES = 1024 * 1024
"""How many bytes it has at least, so that a few entries fit whatever they hold."""
ENTRY_OVERHEAD = 1024
"""How many bytes of memory an entry takes beside its texts, at most: fields, numbers, id, its place in the store."""

_BATCH = 64
_number, _namespace = attrgetter("number"), attrgetter("call.namespace")


class MemoryJournal(Locked):
    """Implement JournalPort in memory; the journal keeps `size` entries, and ENTRY_BYTES for each.

    Accounts share both bounds (see Shares), so the numbers of the entries that are kept have gaps.
    """

    def __init__(self, size: int) -> None:
        super().__init__()
        self._accounts = Accounts()
        self._size = size
        self._last = self._resets = 0
        self._forget_all()

    def _forget_all(self) -> None:
        self._fresh: list[StoredCall] = []  # the last few, so that the accounts need not be weighed for each
        self._kept: dict[str, deque[StoredCall]] = {}  # by namespace, oldest first
        self._wide: dict[int, int] = {}  # the bytes of each entry that takes more than ENTRY_BYTES, by its number
        self._shares = Shares(self._size, max(LEAST_BYTES, self._size * ENTRY_BYTES))

    def reserve(self, namespace: str, model: str, limits: Limits) -> QuotaName | None:
        """Reserve an image for a call of a detection model until it is recorded; return the quota that is used up."""
        with self._lock:
            return self._accounts.reserve(namespace, model, limits)

    def record(self, call: CallRecord, *, picture: str = "", reserved: str = "") -> StoredCall:
        """Append an exchange to the journal, enter it into the ledger, and return it as it was stored."""
        with self._lock:
            self._last = number = self._last + 1
            wasted = self._accounts.enter(call, picture or call.image_url, reserved=reserved)
            stored = StoredCall(number, wasted, call)
            self._fresh.append(stored)
            if len(self._fresh) >= _BATCH:
                self._settle()
            return stored

    def _settle(self) -> None:
        """Give each fresh entry to its account, and drop the oldest entries of the accounts that give way."""
        is_over = False
        for namespace, entries in groupby(self._fresh, key=_namespace):
            mine = list(entries)
            self._kept.setdefault(namespace, deque()).extend(mine)
            is_over = self._shares.add(namespace, self._measure(mine), len(mine), last=1)
        self._fresh.clear()
        while is_over and (namespace := self._shares.giving_way()) is not None:
            kept, count = self._kept[namespace], self._shares.surplus(namespace)
            dropped = [kept.popleft().number for _ in range(count)]
            excess = sum(self._wide.pop(number, 0) for number in dropped) if self._wide else 0
            self._shares.remove(namespace, excess, count)
            if not kept:
                del self._kept[namespace]

    def _measure(self, entries: list[StoredCall]) -> int:
        """Note which of `entries` take more than ENTRY_BYTES, and return by how many bytes together."""
        excess = 0
        for entry in entries:
            if entry.call.is_short:
                continue  # most are; and to measure each text takes ten times as long
            size = ENTRY_OVERHEAD + memory_of(entry.call.texts) - ENTRY_BYTES
            if size > 0:
                self._wide[entry.number] = size
                excess += size
        return excess

    def waited_out(self, number: int) -> None:
        """Mark the entry `number`, if it is still kept."""
        with self._lock:
            self._settle()
            for kept in self._kept.values():
                place = bisect_left(kept, number, key=_number)  # numbers have gaps, also within an account
                if place < len(kept) and kept[place].number == number:
                    kept[place] = structs.replace(kept[place], waited_out=True)

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
            self._settle()
            parts = self._kept.values() if namespace is None else [self._kept.get(namespace, ())]
            entries = list(chain.from_iterable(parts))
        if namespace is None:
            entries.sort(key=_number)  # cheap: each account's are in order
        matching = [entry for entry in entries if ends_in(entry, outcome, code)]
        begin = bisect_right(matching, after, key=_number)
        page = matching[begin : begin + limit]
        more = begin + len(page) < len(matching)
        entries_of_page = [entry.entry() for entry in page]
        return Page(total=len(matching), entries=entries_of_page, next=page[-1].number if page and more else None)

    def latest_calls(
        self, wanted: CallFilter = ALL_CALLS, *, after: int = 0, before: int | None = None, limit: int = 100
    ) -> LatestCalls:
        """Return the newest `limit` entries that are `wanted`, numbered above `after` and below `before`."""
        with self._lock:
            self._settle()
            last, resets = self._last, self._resets
            parts = self._kept.values() if wanted.namespace is None else [self._kept.get(wanted.namespace, ())]
            kept = sum(map(len, parts))
            newest = [call for part in parts for call in takewhile(lambda one: one.number > after, reversed(part))]
        matching = [call for call in newest if (before is None or call.number < before) and wanted.matches(call)]
        matching.sort(key=_number, reverse=True)  # cheap: each account's are in order
        return LatestCalls([call.entry() for call in matching[:limit]], len(matching), kept, last, resets)

    def ledgers(self) -> dict[str, Ledger]:
        """Return a copy of every namespace's ledger."""
        with self._lock:
            return self._accounts.ledgers()

    def _remove_entries(self, namespace: str | None) -> int:
        """Remove the entries and the ledger of `namespace`, or of all, and return how many entries there were."""
        self._accounts.clear(namespace)
        self._settle()
        self._resets += 1
        if namespace is None:
            count = sum(map(len, self._kept.values()))
            self._forget_all()
            return count
        self._shares.clear(namespace)
        removed = self._kept.pop(namespace, ())
        for entry in removed:
            self._wide.pop(entry.number, None)
        return len(removed)

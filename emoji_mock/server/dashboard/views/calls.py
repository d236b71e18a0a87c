"""The latest calls: one row each."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from emoji_mock.contract.catalogue import ROWS
from emoji_mock.contract.row import Outcome
from emoji_mock.fake.accounting.call_filter import ALL_CALLS, CallFilter
from emoji_mock.fake.rules import magic_urls
from emoji_mock.server.dashboard.views.money import cost_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from emoji_mock.fake.accounting.journal import Entry
    from emoji_mock.fake.store.ports import Store
    from emoji_mock.server.control.steered import SteeredFake

SHOWN = 40
"""How many of the calls since the last look are shown; the page says how many more there were."""
AT_FIRST = 100
"""How many calls the page shows when it is opened or filtered, and how many earlier ones it adds when asked to."""
ACCOUNTS = 200
"""How many accounts can be chosen by name; any other is found by its text."""


class CallRow(NamedTuple):
    """One call: why it ended so, and what it would have cost in CNY."""

    entry: Entry
    why: str
    cost: Decimal


class CallRows(NamedTuple):
    """Calls, the newest first; `left_out` counts those above the number `after` that are not shown.

    `last` is the number of the newest call in the journal, and `resets` how often calls were removed by a reset.
    """

    rows: list[CallRow]
    left_out: int
    after: int
    last: int
    resets: int

    @property
    def before(self) -> int:
        """The number below which the calls are that are not shown."""
        return self.rows[-1].entry.number if self.rows else 0


def view(
    fake: SteeredFake,
    after: int = 0,
    *,
    wanted: CallFilter = ALL_CALLS,
    before: int | None = None,
    limit: int = SHOWN,
) -> CallRows:
    """Return the newest calls that are `wanted`, numbered above `after` and below `before`."""
    latest = fake.store.latest_calls(wanted, after=after, before=before, limit=limit)
    left_out = latest.matching - len(latest.entries)
    return CallRows(rows_of(latest.entries), left_out, after, latest.last, latest.resets)


def entry_of(store: Store, number: int) -> Entry | None:
    """Return the call with this number, or None if the journal does not hold it."""
    return next(iter(store.latest_calls(after=number - 1, before=number + 1).entries), None)


def rows_of(entries: Iterable[Entry]) -> list[CallRow]:
    """Return the row of each entry."""
    return [CallRow(entry, why(entry), cost_of(entry)) for entry in entries]


def why(entry: Entry) -> str:
    """Return why a call ended so, in words: what the journal or the picture's URL says, or when its code comes."""
    if entry.reason:
        return entry.reason
    if is_magic(entry.image_url):
        return "the picture's URL says so"
    return _when().get(entry.row, "") if entry.outcome in (Outcome.FAILED, Outcome.ERROR) else ""


def is_magic(image_url: str) -> bool:
    """Return whether the URL of a picture selects the answer."""
    try:
        return magic_urls.read(image_url) is not None
    except ValueError:
        return True


@cache
def _when() -> dict[str, str]:
    return {str(row.name): row.when for row in ROWS}


def accounts(fake: SteeredFake) -> list[str]:
    """Return the names of the accounts that made calls, at most ACCOUNTS of them."""
    return sorted(fake.store.ledgers())[:ACCOUNTS]


def filter_of(account: str, outcome: str, text: str) -> CallFilter:
    """Return the filter that the page's address names; `*` is every account. An unknown outcome is left out."""
    return CallFilter(
        None if account == "*" else account,
        Outcome(outcome) if outcome in tuple(Outcome) else None,
        text,
    )

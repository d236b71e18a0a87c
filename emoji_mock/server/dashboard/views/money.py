"""What the calls would have cost, in CNY: in all, by account, and over time."""

from __future__ import annotations

import sys
from decimal import Decimal
from heapq import nsmallest
from typing import TYPE_CHECKING, NamedTuple

from emoji_mock.fake.accounting.ledger import Ledger, price_of, total_of
from emoji_mock.server.dashboard.sampled import Sampled

if TYPE_CHECKING:
    from emoji_mock.fake.accounting.journal import Entry
    from emoji_mock.fake.store.ports import Store
    from emoji_mock.server.control.steered import SteeredFake

ACCOUNTS = 20
"""How many accounts are listed, those that cost the most; the others are added up."""
BARS = 48
"""How many bars the chart has at most."""
WIDTH, HEIGHT = 480, 100
"""The size of the chart, in its own units."""
_STEPS = (1, 5, 15, 60, 300, 900, 3600, 4 * 3600, 86_400, 7 * 86_400, 30 * 86_400, 365 * 86_400)


class AccountRow(NamedTuple):
    """One account and what it used."""

    namespace: str
    ledger: Ledger


class Bar(NamedTuple):
    """What the calls in one step of time would have cost, and where that is drawn; `wasted` is a part of `billed`."""

    at: float
    billed: Decimal
    wasted: Decimal
    x: float
    height: float
    wasted_height: float


class History(NamedTuple):
    """The cost over time, in steps of so many `seconds`."""

    seconds: int
    bars: tuple[Bar, ...]
    most: Decimal
    """What the step that cost the most did."""
    width: float
    """How wide a bar is."""


class Money(NamedTuple):
    """What the region shows. `others` counts the accounts that are not in `accounts`."""

    total: Ledger
    accounts: list[AccountRow]
    others: int
    history: History | None
    renewed: float
    """The seconds between two looks at the history."""
    store_address: str
    """Where the store is, if replicas share it."""


def view(fake: SteeredFake) -> Money:
    """Return the ledgers, and the history of the calls that the journal keeps."""
    bill, history = _bills.of(fake.store), _histories.sample(fake.store)
    return Money(*bill, history.value, history.seconds, fake.store_address)


def _bill_of(store: Store) -> tuple[Ledger, list[AccountRow], int]:
    ledgers = store.ledgers()
    dearest = nsmallest(ACCOUNTS, ledgers.items(), key=lambda item: (-item[1].cost, -item[1].calls, item[0]))
    return total_of(ledgers.values()), [AccountRow(*item) for item in dearest], len(ledgers) - len(dearest)


def history(entries: list[Entry]) -> History | None:
    """Return what `entries` would have cost over time, or None if there are none."""
    if not entries:
        return None
    first, last = min(entry.at for entry in entries), max(entry.at for entry in entries)
    step = next((step for step in _STEPS if last // step - first // step < BARS), int((last - first) / (BARS - 1)) + 1)
    start = int(first // step)
    billed = [Decimal()] * (int(last // step) - start + 1)
    wasted = list(billed)
    for entry in entries:
        cost = cost_of(entry)
        if cost:
            place = int(entry.at // step) - start
            billed[place] += cost
            wasted[place] += cost if entry.wasted else 0
    return _draw(step, start, billed, wasted)


def _draw(step: int, start: int, billed: list[Decimal], wasted: list[Decimal]) -> History:
    most, width = max(billed), WIDTH / len(billed)
    bars = [
        Bar((start + place) * step, cost, lost, round(place * width, 2), _share(cost, most), _share(lost, most))
        for place, (cost, lost) in enumerate(zip(billed, wasted, strict=True))
    ]
    return History(step, tuple(bars), most, round(width * 0.8, 2))


def _share(cost: Decimal, most: Decimal) -> float:
    return round(float(HEIGHT * cost / most), 2) if most else 0.0


def cost_of(entry: Entry) -> Decimal:
    """Return what a call would have cost, in CNY: its image, or its seconds of video."""
    if entry.video_seconds:
        return Decimal(str(entry.video_seconds)) * price_of(entry.model, entry.tier)
    return price_of(entry.model) if entry.billed else Decimal()


def _history_of(store: Store) -> History | None:
    return history(store.journal(limit=sys.maxsize).entries)


_bills = Sampled(_bill_of)
_histories = Sampled(_history_of)

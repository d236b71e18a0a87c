"""What the calls would have cost, in CNY: in all, by account, and over time."""

from __future__ import annotations

import sys
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from emoji_mock.fake.accounting.ledger import Ledger, price_of
from emoji_mock.server.dashboard.sampled import Sampled

if TYPE_CHECKING:
    from emoji_mock.fake.accounting.journal import Entry
    from emoji_mock.fake.store.ports import Store
    from emoji_mock.server.control.steered import SteeredFake

ACCOUNTS = 20
"""How many accounts are listed, those that cost the most; the others are added up."""
BARS = 48
"""How many bars the chart has at most."""
_STEPS = (1, 5, 15, 60, 300, 900, 3600, 4 * 3600, 86_400, 7 * 86_400, 30 * 86_400, 365 * 86_400)


class AccountRow(NamedTuple):
    """One account and what it used."""

    namespace: str
    ledger: Ledger


class Bar(NamedTuple):
    """What the calls in one step of time would have cost; `wasted` is a part of `billed`."""

    at: float
    billed: Decimal
    wasted: Decimal


class History(NamedTuple):
    """The cost over time, in steps of so many `seconds`."""

    seconds: int
    bars: tuple[Bar, ...]
    most: Decimal
    """What the step that cost the most did."""


class Money(NamedTuple):
    """What the region shows. `others` counts the accounts that are not in `accounts`."""

    total: Ledger
    accounts: list[AccountRow]
    others: int
    history: History | None


def view(fake: SteeredFake) -> Money:
    """Return the ledgers, and the history of the calls that the journal keeps."""
    ledgers = fake.store.ledgers()
    total = Ledger()
    for ledger in ledgers.values():
        total.add(ledger)
    dearest = sorted(ledgers.items(), key=lambda item: (-item[1].cost, -item[1].calls, item[0]))
    shown = [AccountRow(*item) for item in dearest[:ACCOUNTS]]
    return Money(total, shown, len(dearest) - len(shown), _histories.of(fake.store))


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
    bars = [Bar(float((start + place) * step), *costs) for place, costs in enumerate(zip(billed, wasted, strict=True))]
    return History(step, tuple(bars), max(billed))


def cost_of(entry: Entry) -> Decimal:
    """Return what a call would have cost, in CNY: its image, or its seconds of video."""
    if entry.video_seconds:
        return Decimal(str(entry.video_seconds)) * price_of(entry.model, entry.tier)
    return price_of(entry.model) if entry.billed else Decimal()


def _history_of(store: Store) -> History | None:
    return history(store.journal(limit=sys.maxsize).entries)


_histories = Sampled(_history_of)

"""The limits in force, and what is left of them, by account."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec import structs

from emoji_mock.fake.accounting.ledger import Ledger
from emoji_mock.fake.rules.active_rule import EVERYONE
from emoji_mock.server.control.models import limited

if TYPE_CHECKING:
    from emoji_mock.fake.accounting.limits import Limits
    from emoji_mock.server.control.steered import SteeredFake

ACCOUNTS = 20
"""How many accounts are listed, those that made the most calls."""


class LimitRow(NamedTuple):
    """One limit; `used` and `left` are None for a rate."""

    name: str
    most: float
    used: float | None
    left: float | None


class LimitsOf(NamedTuple):
    """The limits of one account, or those for everyone who has none of their own."""

    namespace: str
    rows: list[LimitRow]
    own: bool


class LimitsView(NamedTuple):
    """What the region shows: the limits that are set, and those of the accounts that made calls."""

    accounts: list[LimitsOf]
    others: int


def view(fake: SteeredFake) -> LimitsView:
    """Return the limits, everyone's first, and what is left of those of each account."""
    in_force = {one.namespace: one.limits for one in limited(fake.store.limits(), fake.options.limits)}
    everyone = in_force.get(EVERYONE)
    ledgers = sorted(fake.store.ledgers().items(), key=lambda item: (-item[1].calls, item[0]))
    named = {**{name: Ledger() for name in in_force}, **dict(ledgers)}
    shown = [
        LimitsOf(name, _rows(limits, ledger if name != EVERYONE else None), name in in_force)
        for name, ledger in named.items()
        if (limits := in_force.get(name, everyone)) is not None
    ]
    shown.sort(key=lambda one: (one.namespace != EVERYONE, not one.own))
    return LimitsView(shown[:ACCOUNTS], len(shown[ACCOUNTS:]))


def _rows(limits: Limits, ledger: Ledger | None) -> list[LimitRow]:
    rows: list[LimitRow] = []
    for name, most in structs.asdict(limits).items():
        if most is None or isinstance(most, bool):
            continue
        used = None if ledger is None else _used(name, ledger)
        rows.append(LimitRow(name, most, used, None if used is None else max(0.0, most - used)))
    return rows


def _used(name: str, ledger: Ledger) -> float | None:
    if name == "spend":
        return float(ledger.cost)
    if name == "images":
        return max(ledger.images_of.values(), default=0)
    if name == "seconds":
        return float(max((ledger.seconds_by(model) for model, _ in ledger.seconds_of), default=0))
    return None

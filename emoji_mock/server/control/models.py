"""The documents of the control API that are its own; the others are those of the fake and the verdict."""

from typing import Literal

import msgspec

from emoji_mock.contract.endpoint import PRICE
from emoji_mock.fake.accounting.ledger import Ledger
from emoji_mock.fake.accounting.limits import Limits
from emoji_mock.fake.rules.active_rule import EVERYONE


class Health(msgspec.Struct, frozen=True):
    """The fake is alive."""

    status: Literal["ok"]
    version: str


class Bill(msgspec.Struct, frozen=True):
    """Calls by outcome, the images that the vendor would have billed, and their cost in CNY.

    `done` are calls without an image, such as uploads. Of the images billed, the network lost the answer to
    `images_lost`, and `images_wasted` had been answered and billed before; `saved` is the cost that the fake avoided.
    `videos` are tasks that were accepted; their price is not known, so no sum holds them.
    """

    passed: int
    failed: int
    errors: int
    done: int
    faults: int
    images_billed: int
    images_not_billed: int
    images_lost: int
    images_wasted: int
    videos: int
    cost: float
    cost_wasted: float
    saved: float


class Bills(msgspec.Struct, frozen=True):
    """The ledger: the price of an image in CNY, everything together, and each namespace."""

    currency: Literal["CNY"]
    price: float
    total: Bill
    namespaces: dict[str, Bill]


class Done(msgspec.Struct, frozen=True):
    """How many rules were dropped, of which namespace; `null` is all."""

    namespace: str | None
    rules: int


class Limited(msgspec.Struct, frozen=True):
    """The limits of a namespace; `*` is every namespace that has none of its own."""

    namespace: str
    limits: Limits


def bills(ledgers: dict[str, Ledger]) -> Bills:
    """Return the ledger as it is shown."""
    total = Ledger()
    for used in ledgers.values():
        total.add(used)
    return Bills("CNY", float(PRICE), _bill(total), {name: _bill(used) for name, used in ledgers.items()})


def _bill(ledger: Ledger) -> Bill:
    return Bill(
        passed=ledger.passed,
        failed=ledger.failed,
        errors=ledger.errors,
        done=ledger.done,
        faults=ledger.faults,
        images_billed=ledger.images,
        images_not_billed=ledger.errors,
        images_lost=ledger.lost,
        images_wasted=ledger.wasted,
        videos=ledger.videos,
        cost=float(ledger.cost),
        cost_wasted=float(ledger.cost_wasted),
        saved=float(ledger.saved),
    )


def limited(given: dict[str, Limits], default: Limits | None) -> list[Limited]:
    """Return the limits in force, everyone's first; `default` are those that the fake was made with."""
    in_force = ({} if default is None else {EVERYONE: default}) | given
    return [Limited(namespace, in_force[namespace]) for namespace in sorted(in_force)]

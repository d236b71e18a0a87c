"""The documents of the control API that are its own; the others are those of the fake and the verdict."""

from decimal import Decimal
from typing import Annotated, Literal

import msgspec

from emoji_mock.contract.models import IMAGE_PRICE, MODELS
from emoji_mock.fake.accounting.ledger import Ledger, price_of, total_of
from emoji_mock.fake.accounting.limits import Limits
from emoji_mock.fake.clock import EARLIEST, LATEST, Clock
from emoji_mock.fake.rules.active_rule import EVERYONE, RULES_OF_ONE

RuleNumber = Annotated[int, msgspec.Meta(ge=1, le=2**53)]
"""The number of a rule in force."""


class Health(msgspec.Struct, frozen=True):
    """The fake is alive."""

    status: Literal["ok"]
    version: str


class Ready(msgspec.Struct, frozen=True):
    """The fake can answer calls."""

    status: Literal["ready"]
    version: str


class ModelBill(msgspec.Struct, frozen=True):
    """What one model billed: images, or seconds of video by tier (`""` without tiers), and their cost in CNY."""

    images: int
    seconds: dict[str, float]
    cost: float


class Bill(msgspec.Struct, frozen=True):
    """Calls by outcome, what the vendor would have billed, and its cost in CNY: of it, `cost_videos` for videos.

    `done` are calls without an image, such as uploads. Of the images billed, the network lost the answer to
    `images_lost`, and `images_wasted` had been answered and billed before; `saved` is the cost that the fake avoided.
    `videos` are tasks that were accepted, `video_seconds` the seconds of those that succeed: neither a task that will
    fail nor one that was cancelled is billed. `models` is the bill of each model that was used.
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
    video_seconds: float
    cost: float
    cost_videos: float
    cost_wasted: float
    saved: float
    models: dict[str, ModelBill]


class Bills(msgspec.Struct, frozen=True):
    """The ledger: the price of an image and of each model in CNY, everything together, and each namespace.

    `prices` are of an image, or of a second of video by ratio or resolution (`""` if it depends on neither).
    """

    currency: Literal["CNY"]
    price: float
    prices: dict[str, dict[str, float]]
    total: Bill
    namespaces: dict[str, Bill]


class Done(msgspec.Struct, frozen=True):
    """How many rules were dropped, of which namespace; `null` is all."""

    namespace: str | None
    rules: int


class RuleOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The numbers of the rules that are tried first, in this order; the others of the namespace follow as they were."""

    first: Annotated[list[RuleNumber], msgspec.Meta(max_length=RULES_OF_ONE)]


class ClockState(msgspec.Struct, frozen=True):
    """The fake's time in seconds since the epoch, and whether it is frozen."""

    at: float
    frozen: bool


class ClockChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Freeze the time, now or `at` a second since the epoch, or let it run on; then advance it by so many seconds.

    What is left out stays as it is.
    """

    frozen: bool | None = None
    at: Annotated[float, msgspec.Meta(ge=EARLIEST, le=LATEST)] | None = None
    advance: Annotated[float, msgspec.Meta(ge=0, le=LATEST)] = 0.0

    def __post_init__(self) -> None:
        if self.at is not None and not self.frozen:
            raise ValueError("at: must come with `frozen` set to true")


class Limited(msgspec.Struct, frozen=True):
    """The limits of a namespace; `*` is every namespace that has none of its own."""

    namespace: str
    limits: Limits


def change_clock(clock: Clock, change: ClockChange) -> None:
    """Change `clock`. Raises ValueError for a time that is in no calendar."""
    if change.frozen:
        clock.freeze(change.at)
    elif change.frozen is False:
        clock.unfreeze()
    clock.advance(change.advance)


def bills(ledgers: dict[str, Ledger]) -> Bills:
    """Return the ledger as it is shown."""
    prices = {name: {tier: float(price) for tier, price in model.prices.items()} for name, model in MODELS.items()}
    each = {name: _bill(used) for name, used in ledgers.items()}
    return Bills("CNY", float(IMAGE_PRICE), prices, _bill(total_of(ledgers.values())), each)


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
        video_seconds=float(ledger.seconds),
        cost=float(ledger.cost),
        cost_videos=float(ledger.cost_videos),
        cost_wasted=float(ledger.cost_wasted),
        saved=float(ledger.saved),
        models=_models(ledger),
    )


def _models(ledger: Ledger) -> dict[str, ModelBill]:
    bills = {
        name: ModelBill(images, {}, float(images * IMAGE_PRICE)) for name, images in ledger.images_of.items() if images
    }
    for (name, tier), seconds in ledger.seconds_of.items():
        if seconds:
            before = bills.get(name, ModelBill(0, {}, 0.0))
            cost = float(Decimal(str(before.cost)) + seconds * price_of(name, tier))
            bills[name] = ModelBill(before.images, {**before.seconds, tier: float(seconds)}, cost)
    return bills


def limited(given: dict[str, Limits], default: Limits | None) -> list[Limited]:
    """Return the limits in force, everyone's first; `default` are those that the fake was made with."""
    in_force = ({} if default is None else {EVERYONE: default}) | given
    return [Limited(namespace, in_force[namespace]) for namespace in sorted(in_force)]

"""The documents of the control API, and how they are described in OpenAPI."""

from typing import Any, Literal

import msgspec

from emoji_mock.contract.endpoint import PRICE
from emoji_mock.fake.accounting.journal import Page
from emoji_mock.fake.accounting.ledger import Ledger
from emoji_mock.fake.accounting.limits import Limits
from emoji_mock.fake.endpoints.explain import CatalogueEntry
from emoji_mock.fake.rules.active_rule import EVERYONE, ActiveRule
from emoji_mock.fake.rules.rule import Rule
from emoji_mock.fake.rules.scenario import Scenario
from emoji_mock.server.control.problems import Problems
from emoji_mock.server.openapi.schemas import schema_of
from emoji_mock.verdict.findings import VerdictDocument


class Health(msgspec.Struct, frozen=True):
    """That the fake is alive."""

    status: Literal["ok"]
    version: str


class Bill(msgspec.Struct, frozen=True):
    """What was used: calls by outcome, the images that the vendor would have billed, and what they cost in CNY.

    `done` are calls that no image belongs to, such as uploads. Of the images billed, the network lost the answer to
    `images_lost`, and `images_wasted` had been answered and billed before; `saved` is what a fake spared. `videos` are
    tasks that were accepted; their price is not known, so they are in no sum.
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
    """That something was dropped: how many rules, of which namespace (`null` is all)."""

    namespace: str | None
    rules: int


class Limited(msgspec.Struct, frozen=True):
    """Who is held to which limits; `*` is everyone who has none of their own."""

    namespace: str
    limits: Limits


MODELS = (
    Health,
    Page,
    Bills,
    ActiveRule,
    Rule,
    Scenario,
    Limits,
    Limited,
    CatalogueEntry,
    Done,
    VerdictDocument,
    Problems,
)
"""The documents of the control API; their schemas go into OpenAPI."""


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


def limited(standing: dict[str, Limits], default: Limits | None) -> list[Limited]:
    """Return who is held to what, everyone first; `default` is what the fake was made with."""
    holding = ({} if default is None else {EVERYONE: default}) | standing
    return [Limited(namespace, holding[namespace]) for namespace in sorted(holding)]


def says(kind: Any, description: str, status: int = 200, *bad: int) -> dict[int | str, dict[str, Any]]:  # noqa: ANN401
    """Return the `responses` of a route: `kind` with `status`, and what is told of bad input."""
    told = {status: (kind, description)} | dict.fromkeys(
        (422, *bad), (Problems, "Something is wrong; the field is named.")
    )
    return {
        code: {"description": text, "content": {"application/json": {"schema": schema_of(what)}}}
        for code, (what, text) in told.items()
    }


def accepts(kind: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return the `openapi_extra` of a route that takes a `kind`."""
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema_of(kind)}}}}

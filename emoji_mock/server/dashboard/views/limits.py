"""The limits in force, and what is left of them, by account."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec import structs

from emoji_mock.contract.model import TaskModel
from emoji_mock.contract.models import MODELS
from emoji_mock.fake.accounting.limits import limits_of_model, limits_of_tasks
from emoji_mock.fake.rules.active_rule import EVERYONE
from emoji_mock.server.control.models import limited
from emoji_mock.server.dashboard.sampled import Sampled

if TYPE_CHECKING:
    from emoji_mock.fake.accounting.ledger import Ledger
    from emoji_mock.fake.accounting.limiter import GateUse
    from emoji_mock.fake.accounting.limits import Limits
    from emoji_mock.fake.store.ports import Store
    from emoji_mock.server.control.steered import SteeredFake

SHOWN = 20
"""How many accounts with limits are listed, and of how many what is left: those that made the most calls."""
RATES = ("rps", "burst", "concurrency")
"""The limits whose use is over soon."""


class LimitsOf(NamedTuple):
    """The limits that are set for one account or for everyone, in words; `dropped` where the page can drop them."""

    namespace: str
    words: list[str]
    dropped: bool


class LimitRow(NamedTuple):
    """One limit of an account: of which model or operation, how much of it is used now, and how much may be."""

    namespace: str
    name: str
    of: str
    used: float
    most: float

    @property
    def left(self) -> float:
        """What is left of it."""
        return max(0.0, self.most - self.used)


class LimitsView(NamedTuple):
    """What the region shows: the limits that are set, everyone's first, and what is left of them by account."""

    limits: list[LimitsOf]
    rows: list[LimitRow]
    others: int
    """How many accounts are left out."""


def view(fake: SteeredFake) -> LimitsView:
    """Return the limits, everyone's first, and what is left of those of each account."""
    given = fake.store.limits()
    in_force = {one.namespace: one.limits for one in limited(given, fake.options.limits)}
    everyone = in_force.get(EVERYONE)
    shown = [LimitsOf(name, words_of(limits), name in given) for name, limits in list(in_force.items())[:SHOWN]]
    if not in_force:
        return LimitsView([], [], 0)
    held = [(*used, in_force.get(used[0], everyone)) for used in _busiest.of(fake.store)]
    named = [(name, ledger, limits) for name, ledger, limits in held if limits is not None]
    uses = fake.store.gate_uses([name for name, *_ in named[:SHOWN]], fake.clock())
    rows = [row for name, ledger, limits in named[:SHOWN] for row in _rows(name, limits, ledger, uses[name])]
    left_out = {*list(in_force)[SHOWN:], *(name for name, *_ in named[SHOWN:])}
    return LimitsView(shown, rows, len(left_out))


def _rank(store: Store) -> list[tuple[str, Ledger]]:
    return sorted(store.ledgers().items(), key=lambda item: (-item[1].calls, item[0]))


_busiest = Sampled(_rank)


def words_of(limits: Limits) -> list[str]:
    """Return limits as a command line has them: `rps=1`, `documented`."""
    given = [
        (name, value) for name, value in structs.asdict(limits).items() if value is not None and value is not False
    ]
    return [name if value is True else f"{name}={value:g}" for name, value in given]


def _rows(namespace: str, limits: Limits, ledger: Ledger, uses: dict[str, GateUse]) -> list[LimitRow]:
    rows = [] if limits.spend is None else [LimitRow(namespace, "spend", "account", float(ledger.cost), limits.spend)]
    for model in sorted({*ledger.images_of, *(name for name, _ in ledger.seconds_of)}):
        rows += _amounts(namespace, model, limits_of_model(limits, model), ledger)
    for gate, use in sorted(uses.items()):
        held_to = limits_of_model(limits, gate) if gate in MODELS else limits_of_tasks(limits)
        rows += [] if held_to is None else _rates(namespace, gate, held_to, use)
    return rows


def _amounts(namespace: str, model: str, limits: Limits, ledger: Ledger) -> list[LimitRow]:
    if isinstance(MODELS.get(model), TaskModel):
        name, used, most = "seconds", float(ledger.seconds_by(model)), limits.seconds
    else:
        name, used, most = "images", float(ledger.images_of.get(model, 0)), limits.images
    return [] if most is None else [LimitRow(namespace, name, model, used, most)]


def _rates(namespace: str, gate: str, limits: Limits, use: GateUse) -> list[LimitRow]:
    given = [(name, getattr(use, name), getattr(limits, name)) for name in RATES]
    return [LimitRow(namespace, name, gate, used, most) for name, used, most in given if most is not None]

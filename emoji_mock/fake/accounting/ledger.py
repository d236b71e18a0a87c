"""The ledger: what the real service would have charged."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import NamedTuple

from emoji_mock.contract.model import TaskModel
from emoji_mock.contract.models import IMAGE_PRICE, MODELS
from emoji_mock.contract.row import Outcome

_PASSED, _FAILED, _DONE, _FAULT = Outcome.PASSED, Outcome.FAILED, Outcome.DONE, Outcome.FAULT
_COUNTS = ("passed", "failed", "errors", "done", "faults", "lost", "wasted", "videos")
_NOTHING = Decimal(0)


class Charge(NamedTuple):
    """What a task is billed: seconds of video, at a tier of its model's prices; negative if a task is cancelled."""

    model: str
    tier: str
    seconds: float


def price_of(model: str, tier: str = "") -> Decimal:
    """Return the price in CNY of an image, or of a second of video, by model and tier."""
    known = MODELS.get(model)
    return known.price(tier) if isinstance(known, TaskModel) else IMAGE_PRICE


@dataclass(slots=True)
class Ledger:
    """What one namespace has used.

    Each passed or failed detection is billed as one image. A task is billed by the seconds of its video if it will
    succeed, from when it is accepted, and no longer if it is cancelled. Nothing else is billed.
    """

    passed: int = 0
    failed: int = 0
    errors: int = 0
    done: int = 0
    faults: int = 0
    lost: int = 0
    """Images that were billed although a fault lost the answer."""
    wasted: int = 0
    """Images that were billed for a picture whose answer was billed before (see pictures.BilledPictures)."""
    videos: int = 0
    """Tasks that were accepted, billed or not."""
    images_of: dict[str, int] = field(default_factory=dict[str, int])
    """The images that each model billed."""
    seconds_of: dict[tuple[str, str], Decimal] = field(default_factory=dict[tuple[str, str], Decimal])
    """The seconds of video that each model billed, by model and tier."""

    def enter(
        self, outcome: Outcome, model: str = "", *, billed: bool = False, wasted: bool = False, video: bool = False
    ) -> None:
        """Count one call; `billed` and `video` say what took effect where a fault lost the answer."""
        self.wasted += wasted
        self.videos += video
        if outcome is _PASSED:
            self.passed += 1
        elif outcome is _FAILED:
            self.failed += 1
        elif outcome is _DONE:
            self.done += 1
            return
        elif outcome is _FAULT:
            self.faults += 1
            self.lost += billed
            if not billed:
                return
        else:
            self.errors += 1
            return
        self.images_of[model] = self.images_of.get(model, 0) + 1

    def charge(self, charge: Charge) -> None:
        """Count the seconds of a task, or take them back."""
        place = charge.model, charge.tier
        self.seconds_of[place] = self.seconds_of.get(place, _NOTHING) + Decimal(str(charge.seconds))

    def add(self, other: "Ledger", times: int = 1) -> None:
        """Add the counts of `other`; with `times=-1` subtract them."""
        for name in _COUNTS:
            setattr(self, name, getattr(self, name) + times * getattr(other, name))
        for model, images in other.images_of.items():
            self.images_of[model] = self.images_of.get(model, 0) + times * images
        for place, seconds in other.seconds_of.items():
            self.seconds_of[place] = self.seconds_of.get(place, _NOTHING) + times * seconds

    @property
    def is_negative(self) -> bool:
        """Whether a count of calls or images is below zero, as after a subtraction of what was not counted."""
        return any(getattr(self, name) < 0 for name in _COUNTS)

    def copy(self) -> "Ledger":
        """Return a copy that does not change with this one."""
        return replace(self, images_of=dict(self.images_of), seconds_of=dict(self.seconds_of))

    @property
    def images(self) -> int:
        """How many images the vendor would have billed."""
        return self.passed + self.failed + self.lost

    @property
    def seconds(self) -> Decimal:
        """How many seconds of video the vendor would have billed."""
        return sum(self.seconds_of.values(), _NOTHING)

    def seconds_by(self, model: str) -> Decimal:
        """Return how many seconds of video a model would have billed."""
        return sum((seconds for (name, _), seconds in self.seconds_of.items() if name == model), _NOTHING)

    @property
    def calls(self) -> int:
        """How many calls were made."""
        return self.passed + self.failed + self.errors + self.done + self.faults

    @property
    def cost_videos(self) -> Decimal:
        """What the seconds of video would have cost, in CNY."""
        return sum((seconds * price_of(*place) for place, seconds in self.seconds_of.items()), _NOTHING)

    @property
    def cost(self) -> Decimal:
        """What images and videos would have cost, in CNY."""
        images = self.images * IMAGE_PRICE
        return images + self.cost_videos if self.seconds_of else images

    @property
    def cost_wasted(self) -> Decimal:
        """What the wasted images would have cost, in CNY."""
        return self.wasted * IMAGE_PRICE

    @property
    def saved(self) -> Decimal:
        """What was not spent, in CNY: all of it, because a fake answered."""
        return self.cost


def total_of(ledgers: Iterable[Ledger]) -> Ledger:
    """Return several ledgers added up."""
    total = Ledger()
    for ledger in ledgers:
        total.add(ledger)
    return total

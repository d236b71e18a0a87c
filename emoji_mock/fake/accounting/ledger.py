"""The ledger: what the real service would have charged."""

from dataclasses import dataclass
from decimal import Decimal

from emoji_mock.contract.endpoint import PRICE
from emoji_mock.contract.row import Outcome

_PASSED, _FAILED, _DONE, _FAULT = Outcome.PASSED, Outcome.FAILED, Outcome.DONE, Outcome.FAULT


@dataclass(slots=True)
class Ledger:
    """What one namespace has used. Each passed or failed detection is billed as one image, anything else is not."""

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
    """Tasks that were accepted. Their price is not known (docs/contract.md), so they are not in the cost."""

    def enter(self, outcome: Outcome, *, billed: bool = False, wasted: bool = False, video: bool = False) -> None:
        """Count one call; `billed` and `video` say what took effect where a fault lost the answer."""
        self.wasted += wasted
        self.videos += video
        if outcome is _PASSED:
            self.passed += 1
        elif outcome is _FAILED:
            self.failed += 1
        elif outcome is _DONE:
            self.done += 1
        elif outcome is _FAULT:
            self.faults += 1
            self.lost += billed
        else:
            self.errors += 1

    def add(self, other: "Ledger") -> None:
        """Add the counts of `other`."""
        self.passed += other.passed
        self.failed += other.failed
        self.errors += other.errors
        self.done += other.done
        self.faults += other.faults
        self.lost += other.lost
        self.wasted += other.wasted
        self.videos += other.videos

    @property
    def images(self) -> int:
        """How many images the vendor would have billed."""
        return self.passed + self.failed + self.lost

    @property
    def calls(self) -> int:
        """How many calls were made."""
        return self.passed + self.failed + self.errors + self.done + self.faults

    @property
    def cost(self) -> Decimal:
        """What the images would have cost, in CNY."""
        return self.images * PRICE

    @property
    def cost_wasted(self) -> Decimal:
        """What the wasted images would have cost, in CNY."""
        return self.wasted * PRICE

    @property
    def saved(self) -> Decimal:
        """What was not spent, in CNY: all of it, because a fake answered."""
        return self.cost

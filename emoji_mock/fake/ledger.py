"""The ledger: what the real service would have charged."""

from dataclasses import dataclass
from decimal import Decimal

from emoji_mock.contract.endpoint import PRICE
from emoji_mock.contract.row import Outcome

_PASSED, _FAILED = Outcome.PASSED, Outcome.FAILED


@dataclass(slots=True)
class Ledger:
    """What one namespace has used; passed and failed detections are billed one image each, errors are not."""

    passed: int = 0
    failed: int = 0
    errors: int = 0

    def enter(self, outcome: Outcome) -> None:
        """Count one call."""
        if outcome is _PASSED:
            self.passed += 1
        elif outcome is _FAILED:
            self.failed += 1
        else:
            self.errors += 1

    def add(self, other: "Ledger") -> None:
        """Count everything that `other` has counted."""
        self.passed += other.passed
        self.failed += other.failed
        self.errors += other.errors

    @property
    def images(self) -> int:
        """The images that the vendor would have billed."""
        return self.passed + self.failed

    @property
    def cost(self) -> Decimal:
        """What they would have cost, in CNY."""
        return self.images * PRICE

    @property
    def saved(self) -> Decimal:
        """What was not spent, in CNY, because a fake answered."""
        return self.cost

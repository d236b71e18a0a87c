"""The tally of a run: what was faked, and whether it exceeds the budget."""

from __future__ import annotations

from decimal import Decimal
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from emoji_mock.fake.accounting.journal import StoredCall
    from emoji_mock.fake.accounting.ledger import Charge

_UNIT = Decimal("0.00001")


class Spent(NamedTuple):
    """Numbers of faked calls, of images that would have been billed, and of those wasted on retries.

    `videos` is the price of videos in units of 0.00001 CNY: what xdist's workers send are whole numbers.
    """

    calls: int = 0
    images: int = 0
    wasted: int = 0
    videos: int = 0

    def plus(self, other: Spent) -> Spent:
        """Return the sum."""
        return Spent(*map(sum, zip(self, other, strict=True)))


class Tally:
    """The sum of a run; `budget` is the number of images that it may cost. Thread-safe for calls."""

    def __init__(self, budget: int | None) -> None:
        self._budget = budget
        self._lock = Lock()
        self._fresh = Spent()
        self._total = Spent()
        self._over = ""

    def put(self, stored: StoredCall) -> None:
        """Count a call of the current test."""
        with self._lock:
            calls, images, wasted, videos = self._fresh
            if (charge := stored.call.charge) is not None:
                videos += _units(charge)
            self._fresh = Spent(calls + 1, images + stored.call.billed, wasted + stored.wasted, videos)

    def take(self) -> Spent:
        """Return what was counted since the last call."""
        with self._lock:
            fresh, self._fresh = self._fresh, Spent()
            return fresh

    def add(self, test: str, spent: Spent) -> None:
        """Add what a test has spent, in this process or in a worker."""
        self._total = self._total.plus(spent)
        if self.is_over and not self._over:
            self._over = test

    @property
    def is_over(self) -> bool:
        """Whether the budget is exceeded."""
        return self._budget is not None and self._total.images > self._budget

    def lines(self) -> list[str]:
        """Return the lines for the summary: the sum, then whether the budget is exceeded."""
        calls, images, wasted, videos = self._total
        if not calls:
            return []
        text = f"emoji-mock: {calls} call{'s' * (calls != 1)} faked, {_cost(images, videos)} CNY not spent"
        if wasted:
            text += f", {_cost(wasted)} of it on retries of billed answers"
        if not self.is_over:
            return [text]
        over = f"emoji-mock: over the budget of {_images(self._budget or 0)} (emoji_max_images): {_images(images)}"
        return [text, f"{over} would have been billed; {self._over} went over it"]


def _units(charge: Charge) -> int:
    from emoji_mock.fake.accounting.ledger import price_of  # noqa: PLC0415 - needed if a video was faked

    return int(Decimal(str(charge.seconds)) * price_of(charge.model, charge.tier) / _UNIT)


def _cost(images: int, videos: int = 0) -> Decimal:
    from emoji_mock.contract.models import IMAGE_PRICE  # noqa: PLC0415 - needed if something was faked

    return images * IMAGE_PRICE + (videos * _UNIT).quantize(Decimal("0.001"))


def _images(number: int) -> str:
    return f"{number} image{'s' * (number != 1)}"

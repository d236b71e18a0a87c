"""The bill of a test: the limit that it sets, and the message when it is exceeded."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, NamedTuple

from emoji_mock.contract.models import IMAGE_PRICE
from emoji_mock.contract.row import Outcome
from emoji_mock.fake.accounting.ledger import price_of
from emoji_mock.testing.criteria import call_line
from emoji_mock.testing.messages import SHOWN

if TYPE_CHECKING:
    from emoji_mock.fake.accounting.journal import Entry
    from emoji_mock.fake.accounting.ledger import Ledger


class Cap(NamedTuple):
    """How many images may be billed, and how many CNY they and the videos may cost together."""

    images: int | None
    money: Decimal | None

    def allows(self, ledger: Ledger) -> bool:
        """Return whether a bill is within the cap."""
        return (self.images is None or ledger.images <= self.images) and (
            self.money is None or ledger.cost <= self.money
        )

    @property
    def most_images(self) -> int:
        """How many images may be billed if nothing else is."""
        most = [] if self.images is None else [self.images]
        return min(most if self.money is None else [*most, int(self.money / IMAGE_PRICE)])


def read_cap(images: int | None, cost: Decimal | str | None) -> Cap:
    """Return what a test may cost. Raises TypeError if both are None, ValueError for an invalid number."""
    if images is None and cost is None:
        raise TypeError("no limit is given; write images=3, or cost='0.012' in CNY")
    if images is not None and (type(images) is not int or images < 0):
        raise ValueError(f"images: must be a whole number from 0 on, not {images!r}")
    if cost is None:
        return Cap(images, None)
    try:
        money = Decimal(str(cost))
    except InvalidOperation:
        money = Decimal("NaN")
    if not (money.is_finite() and money >= 0):
        raise ValueError(f"cost: must be an amount in CNY such as '0.012', not {cost!r}")
    return Cap(images, money)


def too_expensive(cap: Cap, ledger: Ledger, calls: list[Entry]) -> str:
    """Return why a test cost more than it may: the billed calls, and the likely cause."""
    is_by_videos = cap.money is not None and bool(ledger.seconds)
    billed = [entry for entry in calls if entry.billed or (is_by_videos and entry.video_seconds)]
    lines = [_comparison(cap, ledger, is_by_videos=is_by_videos), "", "Billed:"]
    hidden = (len(billed) if is_by_videos else ledger.images) - len(billed[-SHOWN:])
    lines += [f"  … {hidden} earlier ones"] if hidden > 0 else []
    for entry in billed[-SHOWN:]:
        lines.append(f"  {call_line(entry)}")
        lines += [f"      {note}" for note in _notes(entry, billed)]
    unbilled = ledger.calls - ledger.images - ledger.videos
    lines += ["", f"Not billed: {unbilled} call{'s' * (unbilled != 1)}."] if unbilled else []
    if ledger.videos and not is_by_videos:
        lines.append(f"Not in the limit: {_videos(ledger)} ({ledger.cost_videos} CNY).")
    is_cause = is_by_videos and cap.money is not None and ledger.cost_videos > cap.money
    cause = "the videos alone cost more than the test expects." if is_cause else _cause(ledger, billed)
    return "\n".join([*lines, "", f"Likely cause: {cause}"])


def _comparison(cap: Cap, ledger: Ledger, *, is_by_videos: bool) -> str:
    if is_by_videos:
        images = "" if cap.images is None else f" for at most {_images(cap.images)}"
        return (
            f"expected at most {cap.money} CNY to be billed{images}, but it was {ledger.cost} CNY:"
            f" {_images(ledger.images)} ({ledger.cost - ledger.cost_videos} CNY), and {_videos(ledger)}"
            f" ({ledger.cost_videos} CNY)."
        )
    but = f"but it was {_images(ledger.images)} ({ledger.cost - ledger.cost_videos} CNY)"
    allowed = cap.most_images
    return f"expected at most {_images(allowed)} to be billed ({allowed * IMAGE_PRICE} CNY), {but}."


def _notes(entry: Entry, billed: list[Entry]) -> list[str]:
    notes: list[str] = []
    if entry.wasted:
        first = next((other for other in billed if _answered(other) and _picture(other) == _picture(entry)), entry)
        known = "an earlier call" if first.number == entry.number else f"#{first.number}"
        notes.append(f"wasted: {known} was answered for this picture ({first.outcome}), and billed")
    if entry.outcome is Outcome.FAULT:
        notes.append("lost: billed, but the network lost the answer")
    if entry.video_seconds:
        price = price_of(entry.model, entry.tier)
        verb = "taken back, as it was cancelled" if entry.video_seconds < 0 else "billed when it succeeds"
        notes.append(f"video: {abs(entry.video_seconds):g} s at {price} CNY, {verb}")
    return notes


def _answered(entry: Entry) -> bool:
    return entry.outcome is not Outcome.FAULT


def _picture(entry: Entry) -> tuple[str, str, str]:
    return entry.namespace, entry.model, entry.image_url


def _cause(ledger: Ledger, billed: list[Entry]) -> str:
    if ledger.wasted:
        failed = any(entry.outcome is Outcome.FAILED for entry in billed)
        why = " A failed detection is an answer as well (HTTP 200, billed)." if failed else ""
        return (
            f"the code under test repeats calls that were answered already, which wasted {_images(ledger.wasted)}"
            f" ({ledger.cost_wasted} CNY); the answer will be the same.{why}"
        )
    if ledger.lost:
        return f"the network lost the answer of {_images(ledger.lost)} that had been billed; asking again costs again."
    return "the code under test sends more images than the test expects."


def _videos(ledger: Ledger) -> str:
    return f"{ledger.videos} video{'s' * (ledger.videos != 1)} of {ledger.seconds} s"


def _images(number: int) -> str:
    return f"{number} image{'s' * (number != 1)}"

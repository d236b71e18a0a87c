"""The bill of a test: the limit that it sets, and the message when it is exceeded."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from emoji_mock.contract.endpoint import PRICE
from emoji_mock.contract.row import Outcome
from emoji_mock.testing.criteria import call_line
from emoji_mock.testing.messages import SHOWN

if TYPE_CHECKING:
    from emoji_mock.fake.accounting.journal import Entry
    from emoji_mock.fake.accounting.ledger import Ledger


def most_images(images: int | None, cost: Decimal | str | None) -> int:
    """Return how many images may be billed. Raises TypeError if both are None, ValueError for an invalid number."""
    if images is None and cost is None:
        raise TypeError("give a limit: images=3, or cost='0.012' in CNY")
    if images is not None and (type(images) is not int or images < 0):
        raise ValueError(f"images: {images!r} is not a whole number from 0 on")
    most = [] if images is None else [images]
    if cost is not None:
        try:
            money = Decimal(str(cost))
        except InvalidOperation:
            money = Decimal("NaN")
        if not (money.is_finite() and money >= 0):
            raise ValueError(f"cost: {cost!r} is not an amount in CNY, such as '0.012'")
        most.append(int(money / PRICE))
    return min(most)


def too_expensive(allowed: int, ledger: Ledger, calls: list[Entry]) -> str:
    """Return why a test cost more than it may: the billed calls, and the likely cause."""
    billed = [entry for entry in calls if entry.billed]
    but = f"but it was {_images(ledger.images)} ({ledger.cost} CNY)"
    lines = [f"expected at most {_images(allowed)} to be billed ({allowed * PRICE} CNY), {but}.", "", "Billed:"]
    hidden = ledger.images - len(billed[-SHOWN:])
    lines += [f"  … {hidden} earlier ones"] if hidden > 0 else []
    for entry in billed[-SHOWN:]:
        lines.append(f"  {call_line(entry)}")
        lines += [f"      {note}" for note in _notes(entry, billed)]
    videos = ledger.videos
    unbilled = ledger.calls - ledger.images - videos
    lines += ["", f"Not billed: {unbilled} call{'s' * (unbilled != 1)}."] if unbilled else []
    lines += [f"Not in the sum: {videos} video{'s' * (videos != 1)}, whose price is not known."] if videos else []
    return "\n".join([*lines, "", f"Likely cause: {_cause(ledger, billed)}"])


def _notes(entry: Entry, billed: list[Entry]) -> list[str]:
    notes: list[str] = []
    if entry.wasted:
        first = next((other for other in billed if _answered(other) and _picture(other) == _picture(entry)), entry)
        known = "an earlier call" if first.number == entry.number else f"#{first.number}"
        notes.append(f"wasted: {known} was answered for this picture ({first.outcome}), and billed")
    if entry.outcome is Outcome.FAULT:
        notes.append("lost: billed, but the network lost the answer")
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


def _images(number: int) -> str:
    return f"{number} image{'s' * (number != 1)}"

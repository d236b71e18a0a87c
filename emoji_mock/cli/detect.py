"""`emoji-mock detect`: pictures in, a table or JSON out, and the boxes drawn on the pictures."""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import urlsplit

import msgspec
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from emoji_mock._support.terminal import plain
from emoji_mock.cli.output import no_place
from emoji_mock.cli.progress import Bar
from emoji_mock.cli.service_options import WrongUsageError, complain, open_client, whom_to_ask
from emoji_mock.client.errors import EmojiError
from emoji_mock.client.limits import CallLimits
from emoji_mock.client.results import Failed, Passed
from emoji_mock.contract.endpoint import PRICE
from emoji_mock.contract.hosts import is_vendor_host

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Generator, Mapping

    from emoji_mock.contract.geometry import Box

Ended: TypeAlias = Passed | Failed | EmojiError
_COLOURS = {"passed": "green", "failed": "yellow", "error": "red"}


def detect(chosen: Namespace) -> int:
    """Ask about every picture, tell what each ended in, and return the exit status."""
    ended: dict[int, Ended] = {}
    vendor = False
    try:
        base_url = whom_to_ask(chosen.base_url)
        vendor = is_vendor_host(urlsplit(base_url).hostname or "")
        if problem := _refusal(chosen, base_url, vendor=vendor):
            return complain("detect", problem, 2)
        _ask(chosen, base_url, ended, vendor=vendor)
    except (EmojiError, ImportError, WrongUsageError) as error:
        return complain("detect", str(error), 3 if isinstance(error, EmojiError) else 2)
    except KeyboardInterrupt:
        if ended:
            _tell(chosen, ended, vendor=vendor)  # it is paid for
        return complain("detect", f"stopped: {len(ended)} of {len(chosen.images)} pictures were looked at", 130)
    return _tell(chosen, ended, vendor=vendor)


def _tell(chosen: Namespace, ended: dict[int, Ended], *, vendor: bool) -> int:
    ended = dict(sorted(ended.items()))
    overlays, problems = _overlays(chosen, ended)
    if chosen.json:
        _print_json(chosen.images, ended, overlays)
    else:
        _print_table(chosen.images, ended, vendor=vendor)
    for problem in problems:
        complain("detect", problem, 3)
    outcomes = {each.outcome for each in ended.values()}
    return 3 if problems or "error" in outcomes else int("failed" in outcomes)


def _refusal(chosen: Namespace, base_url: str, *, vendor: bool) -> str:
    count = len(chosen.images)
    if vendor and not chosen.live:
        return (
            f"{base_url} is the real vendor, and {count} picture{'s' * (count != 1)} may cost {count * PRICE} CNY."
            " Start `emoji-mock serve` and say --base-url http://127.0.0.1:8000, or say --live."
        )
    if chosen.live and not vendor:
        return f"--live asks the vendor, but {base_url} is not the vendor's: leave one of them out."
    if chosen.live and count > chosen.budget:
        return f"{count} pictures may cost {count * PRICE} CNY: say --budget {count} to allow it."
    if chosen.save_overlay:
        from emoji_mock.cli.overlay import refusal  # noqa: PLC0415 - only who draws pays for Pillow

        return refusal(chosen.images, chosen.save_overlay) or no_place("--save-overlay", chosen.save_overlay)
    return ""


def _ask(chosen: Namespace, base_url: str, ended: dict[int, Ended], *, vendor: bool) -> None:
    """Ask about every picture, and note in `ended` what each ends in, as it ends."""
    limits = CallLimits(timeout=chosen.timeout, at_once=chosen.at_once, per_second=1.0 if vendor else float("inf"))
    with open_client("detect", base_url, limits, vendor=vendor) as client, _progress(len(chosen.images)) as show:

        def hear(number: int, each: Ended) -> None:
            ended[number] = each
            show(each)

        client.detect_many(chosen.images, on_each=hear)


@contextmanager
def _progress(total: int) -> Generator[Callable[[Ended], None]]:
    """Yield what hears of each ending, and shows on a terminal how many ended how."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _: None
        return
    counts: Counter[str] = Counter()
    with Bar(console, total, "looking") as bar:

        def show(ended: Ended) -> None:
            counts[ended.outcome] += 1
            bar.show(counts.total(), _counted(counts))

        yield show


def _counted(counts: Mapping[str, int]) -> str:
    plural = "errors" if counts.get("error", 0) > 1 else "error"
    return ", ".join(f"{counts[each]} {plural if each == 'error' else each}" for each in _COLOURS if each in counts)


def _print_table(images: list[str], ended: dict[int, Ended], *, vendor: bool) -> None:
    console = Console(highlight=False)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    # What is left beside a request id in one piece.
    table.add_column("Picture", overflow="fold", max_width=max(10, console.width - 54))
    table.add_column("Outcome", no_wrap=True)
    table.add_column("Boxes, or the reason", overflow="fold")
    for number, each in ended.items():
        table.add_row(Text(plain(images[number])), Text(each.outcome, _COLOURS[each.outcome]), _told(each))
    console.print(table)
    counts: Counter[str] = Counter(each.outcome for each in ended.values())
    billed = sum(each.images for each in ended.values() if not isinstance(each, EmojiError))
    billed += sum(isinstance(each, EmojiError) and each.billed is True for each in ended.values())
    bill = f"{billed} image{'s' * (billed != 1)}, {billed * PRICE} CNY"
    unsure = sum(isinstance(each, EmojiError) and each.billed is None for each in ended.values())
    print(
        f"{_counted(counts)}."
        f" {'Billed' if vendor else 'The vendor would have billed'}: {bill}"
        f"{f', and perhaps {unsure} more' if unsure else ''}."
    )


def _told(ended: Ended) -> Text:
    if isinstance(ended, Passed):
        return Text(f"face {_drawn(ended.face)}\next  {_drawn(ended.ext)}")
    if isinstance(ended, Failed):
        return Text.assemble((plain(ended.code), "bold"), f"\n{plain(ended.message)}")
    where = "\n".join(filter(None, (f"HTTP {ended.status}" * bool(ended.status), ended.request_id)))
    words = "\n".join(filter(None, (ended.message, ended.hint)))
    head = (plain(ended.code or type(ended).__name__), "bold")
    return Text.assemble(head, f"\n{plain(words)}", (f"\n{plain(where)}" if where else "", "dim"))


def _drawn(rectangle: Box) -> str:
    return f"{','.join(map(str, rectangle))}  {rectangle.width}x{rectangle.height} px"


def _print_json(images: list[str], ended: dict[int, Ended], overlays: dict[int, str]) -> None:
    told: list[dict[str, Any]] = []
    for number, each in ended.items():
        entry: dict[str, Any] = {"image": images[number], "outcome": each.outcome, "request_id": each.request_id}
        if isinstance(each, Passed):
            entry |= {"face": each.face, "ext": each.ext, "images": each.images}
        elif isinstance(each, Failed):
            entry |= {"code": each.code, "message": each.message, "images": each.images}
        else:
            kind = {"kind": type(each).__name__, "hint": each.hint, "status": each.status, "billed": each.billed}
            entry |= {"code": each.code, "message": each.message, **kind}
        told.append(entry | ({"overlay": overlays[number]} if number in overlays else {}))
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(told)).decode() + "\n")


def _overlays(chosen: Namespace, ended: dict[int, Ended]) -> tuple[dict[int, str], list[str]]:
    if not chosen.save_overlay:
        return {}, []
    from emoji_mock.cli.overlay import draw  # noqa: PLC0415 - only who draws pays for Pillow

    overlays: dict[int, str] = {}
    problems: list[str] = []
    for number, each in ended.items():
        if not isinstance(each, Passed):
            continue
        try:
            overlays[number] = str(draw(chosen.images[number], each, chosen.save_overlay, number))
        except (OSError, ValueError) as error:
            problems.append(f"no overlay for {chosen.images[number]}: {error}")
    return overlays, problems

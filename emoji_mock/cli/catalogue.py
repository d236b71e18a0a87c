"""`emoji-mock catalogue` and `emoji-mock explain`: the catalogue of codes, for people and for programs."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from emoji_mock.cli.output import print_error, print_json
from emoji_mock.contract.catalogue import ROWS, UnknownCodeError, find_all
from emoji_mock.contract.models import IMAGE_PRICE
from emoji_mock.contract.row import Outcome, Row
from emoji_mock.fake.endpoints.explain import explain as entry_of

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from emoji_mock.fake.endpoints.explain import CatalogueEntry

_NARROW = 80
_COLOURS = {Outcome.FAILED: "yellow", Outcome.ERROR: "red"}


def describe(parser: ArgumentParser) -> None:
    """Add description and arguments of `catalogue`."""
    parser.description = "List every code of the catalogue."
    parser.set_defaults(run=catalogue)
    parser.add_argument("--json", action="store_true", help="print JSON, with every field")


def describe_explain(parser: ArgumentParser) -> None:
    """Add description and arguments of `explain`."""
    parser.description = "Explain a code; the end of its name is enough."
    parser.set_defaults(run=explain)
    parser.add_argument("code", metavar="CODE", help="such as FacePose, Throttling.RateQuota or model-not-exist")


def catalogue(chosen: Namespace) -> int:
    """Print every row, as a table or as JSON, and return the exit status."""
    if chosen.json:
        print_json([entry_of(row) for row in ROWS])
        return 0
    console = Console(highlight=False)
    console.print(_table(narrow=console.width < _NARROW))
    console.print(
        f"HTTP 200 is a [yellow]failed[/] detection, billed {IMAGE_PRICE} CNY like a passed one."
        " [red]Errors[/] are not billed."
    )
    console.print("Known: D documented, O observed, I inferred. `emoji-mock explain CODE` explains one code.")
    return 0


def _table(*, narrow: bool) -> Table:
    """Return a table of every row; on a narrow terminal the column "When" moves below the code."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("HTTP", "Code and when", "Known") if narrow else ("HTTP", "Code", "When", "Known"):
        table.add_column(heading, no_wrap=heading in ("HTTP", "Code", "Known"), overflow="fold")
    for row in ROWS:
        colour = _COLOURS[row.outcome]
        code = row.name if row.name == row.code else f"{row.code or '—'}\n[dim]{row.name}[/]"
        marks = "".join(mark.name[0] for mark in row.provenance.known)
        cells = (f"{code}\n{escape(row.when)}",) if narrow else (code, escape(row.when))
        table.add_row(f"[{colour}]{row.status}[/]", *cells, marks)
    return table


def explain(chosen: Namespace) -> int:
    """Print everything about the rows of a code, and return the exit status."""
    try:
        rows = find_all(chosen.code)
    except UnknownCodeError as error:
        return print_error("explain", str(error), 1)
    console = Console(highlight=False, soft_wrap=True)
    for number, row in enumerate(rows):
        if number:
            console.print()
        _print_row(console, row, entry_of(row))
    return 0


def _print_row(console: Console, row: Row, entry: CatalogueEntry) -> None:
    colour = _COLOURS[row.outcome]
    name = "" if entry.name == entry.code else f" ({entry.name})"
    console.print(f"[bold {colour}]{entry.code or 'HTTP ' + str(entry.status)}[/]{name}")
    bill = f"billed, {IMAGE_PRICE} CNY" if entry.billed else "not billed"
    model = f" Only for {', '.join(sorted(row.models))}." if row.models else ""
    lines = [
        ("When", f"{entry.when}.{model}"),
        ("Answer", f"HTTP {entry.status}, {entry.outcome}, {bill}"),
        ("", entry.body or "(an empty body)"),
        ("Known", f"{' and '.join(entry.known)}, {entry.date}" + (f"; {entry.note}" if entry.note else "")),
        *(("", source) for source in entry.sources),
        *(("Provoke" if not number else "", way) for number, way in enumerate(entry.provoke)),
    ]
    for label, text in lines:
        # Bytes, addresses and rules are for copying, and are not broken.
        wrapped = wrap(text, max(20, console.width - 11), break_long_words=False, break_on_hyphens=False)
        for number, line in enumerate([text] if text == entry.body else wrapped):
            console.print(f"  [dim]{'' if number else label:8}[/] {escape(line)}")

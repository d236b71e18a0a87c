"""`emoji-mock catalogue` and `emoji-mock explain`: what the catalogue knows, for people and for programs."""

import sys
from textwrap import wrap

import msgspec
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from emoji_mock.contract.catalogue import ROWS, UnknownCodeError, find_all
from emoji_mock.contract.endpoint import PRICE, PRICE_OF
from emoji_mock.contract.row import Outcome, Row
from emoji_mock.fake.endpoints.explain import CatalogueEntry
from emoji_mock.fake.endpoints.explain import explain as explained

_NARROW = 80
_COLOURS = {Outcome.FAILED: "yellow", Outcome.ERROR: "red"}


def catalogue(*, as_json: bool = False) -> int:
    """Print every row, as a table or as JSON, and return the exit status."""
    if as_json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode([explained(row) for row in ROWS])).decode() + "\n")
        return 0
    console = Console(highlight=False)
    console.print(_table(narrow=console.width < _NARROW))
    console.print(
        f"HTTP 200 is a [yellow]failed[/] detection, billed {PRICE} CNY ({PRICE_OF}) as a passed one is."
        " [red]Errors[/] are not."
    )
    console.print("Known: D documented, O observed, I inferred. `emoji-mock explain CODE` tells all about one.")
    return 0


def _table(*, narrow: bool) -> Table:
    """Return every row; on a narrow terminal what there is no column for stands below the code."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("HTTP", "Code and when", "Known") if narrow else ("HTTP", "Code", "When", "Known"):
        table.add_column(heading, no_wrap=heading in ("HTTP", "Code", "Known"), overflow="fold")
    for row in ROWS:
        colour = _COLOURS[row.outcome]
        code = row.name if row.name == row.code else f"{row.code or '—'}\n[dim]{row.name}[/]"
        marks = "".join(mark.name[0] for mark in row.provenance.known)
        told = (f"{code}\n{escape(row.when)}",) if narrow else (code, escape(row.when))
        table.add_row(f"[{colour}]{row.status}[/]", *told, marks)
    return table


def explain(code: str) -> int:
    """Print everything about the rows that `code` names, and return the exit status."""
    try:
        rows = find_all(code)
    except UnknownCodeError as error:
        print(f"emoji-mock explain: {error}", file=sys.stderr)
        return 1
    console = Console(highlight=False, soft_wrap=True)
    for number, row in enumerate(rows):
        if number:
            console.print()
        _print_row(console, row, explained(row))
    return 0


def _print_row(console: Console, row: Row, told: CatalogueEntry) -> None:
    colour = _COLOURS[row.outcome]
    name = "" if told.name == told.code else f" ({told.name})"
    console.print(f"[bold {colour}]{told.code or 'HTTP ' + str(told.status)}[/]{name}")
    bill = f"billed, {PRICE} CNY ({PRICE_OF})" if told.billed else "not billed"
    model = f" Only for {row.only_for}." if row.only_for else ""
    lines = [
        ("When", f"{told.when}.{model}"),
        ("Answer", f"HTTP {told.status}, {told.outcome}, {bill}"),
        ("", told.body or "(an empty body)"),
        ("Known", f"{' and '.join(told.known)}, {told.date}" + (f"; {told.note}" if told.note else "")),
        *(("", source) for source in told.sources),
        *(("Provoke" if not number else "", way) for number, way in enumerate(told.provoke)),
    ]
    for label, text in lines:
        # What is copied stays whole: bytes, addresses, rules.
        wrapped = wrap(text, max(20, console.width - 11), break_long_words=False, break_on_hyphens=False)
        for number, line in enumerate([text] if text == told.body else wrapped):
            console.print(f"  [dim]{'' if number else label:8}[/] {escape(line)}")

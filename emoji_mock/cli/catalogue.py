"""`emoji-mock catalogue` and `emoji-mock explain`: the catalogue of models and codes, for people and for programs."""

from __future__ import annotations

from collections import Counter
from textwrap import wrap
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from emoji_mock._support.validation import nearest, unknown
from emoji_mock.cli.output import print_error, print_json
from emoji_mock.cli.parsing.help_text import examples
from emoji_mock.contract.catalogue import ROWS, UnknownCodeError, find_all, spellings
from emoji_mock.contract.models import IMAGE_PRICE, MODELS
from emoji_mock.contract.provenance import Known
from emoji_mock.contract.row import Outcome, Row
from emoji_mock.fake.endpoints.explain import explain as entry_of
from emoji_mock.fake.endpoints.explain import explain_model
from emoji_mock.fake.network.faults import FAULTS
from emoji_mock.verdict.findings import Kind, Severity

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from emoji_mock.fake.endpoints.explain import CatalogueEntry, ModelEntry

_NARROW = 80
_WIDE = 110
_NAME = max(map(len, MODELS))
_MEGABYTE = 1024 * 1024
_MARKS = ", ".join(f"{mark.name[0]} {mark.value}" for mark in Known)
_COLOURS = {Outcome.FAILED: "yellow", Outcome.ERROR: "red"}
_FAULTS = {str(kind): row for kind, row in FAULTS.items()}
_FINDINGS = {kind.value.title: kind.value for kind in Kind}


def describe(parser: ArgumentParser) -> None:
    """Add description and arguments of `catalogue`."""
    parser.description = "List every model and every code of the catalogue."
    parser.epilog = examples("emoji-mock catalogue", "emoji-mock catalogue --models --json")
    parser.set_defaults(run=catalogue)
    parser.add_argument("--models", action="store_true", help="list the models alone")
    parser.add_argument("--json", action="store_true", help="print JSON, with every field: the codes, or the models")


def describe_explain(parser: ArgumentParser) -> None:
    """Add description and arguments of `explain`."""
    parser.description = (
        "Explain a code (the end of its name is enough), a fault, or a finding. For a model, print its line of"
        " `catalogue`."
    )
    parser.epilog = examples(
        "emoji-mock explain FacePose", "emoji-mock explain gave-up", "emoji-mock explain emoji-detect-v1"
    )
    parser.set_defaults(run=explain)
    parser.add_argument("code", metavar="CODE", help="such as FacePose, Throttling.RateQuota, reset or gave-up")


def catalogue(chosen: Namespace) -> int:
    """Print every model and every row, as tables or as JSON, and return the exit status."""
    models = [explain_model(model) for model in MODELS.values()]
    if chosen.json:
        print_json(models if chosen.models else [entry_of(row) for row in ROWS])
        return 0
    console = Console(highlight=False)
    _print_models(console, models)
    if chosen.models:
        return 0
    console.print(_table(narrow=console.width < _NARROW))
    console.print(
        f"HTTP 200 is a [yellow]failed[/] detection, billed {IMAGE_PRICE} CNY like a passed one."
        " [red]Errors[/], and failed detections with HTTP 400, are not billed."
    )
    console.print(f"Known: {_MARKS}. `emoji-mock explain CODE` explains one code.")
    console.print(f"{len(ROWS)} rows: {_count_by_provenance()}.")
    return 0


def _count_by_provenance() -> str:
    """Return how many rows are known in which way."""
    counts = Counter(" and ".join(mark.value for mark in row.provenance.known) for row in ROWS)
    return ", ".join(f"{count} {known}" for known, count in counts.most_common())


def _print_models(console: Console, models: list[ModelEntry]) -> None:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    wide = console.width >= _WIDE
    table.add_column("Model", overflow="fold", min_width=_NAME)
    for heading in ("Retired", "CNY", "Limits") if wide else ("CNY", "Limits"):
        table.add_column(heading, no_wrap=True)
    if wide:
        table.add_column("Pictures", overflow="fold")
    for model in models:
        fate = f"[red]{model.retired}[/]" if model.retired else "[green]alive[/]"
        fate, replaced = f"{fate} {_marks(model.fate_known)}", f"[dim]→ {model.replacement}[/]"
        name = [f"[bold]{model.name}[/]", *([replaced] if model.replacement else [])]
        if wide:
            table.add_row("\n".join(name), fate, _price(model), _limits(model), _pictures(model))
        else:
            name[1:1] = [f"retired {fate}" if model.retired else fate]
            table.add_row("\n".join([*name, *filter(None, [_pictures(model)])]), _price(model), _limits(model))
    console.print(table)
    copied = [model.name for model in MODELS.values() if "copy" in model.terms.sources]
    console.print(
        f"A retired model answers here as before, unless --as-of says a day. Known: {_MARKS}. Prices, rates and free"
        f" quota are documented; prices of {', '.join(copied)} by a copy of the price list."
    )


def _marks(known: list[Known]) -> str:
    return "".join(mark.name[0] for mark in known)


def _price(model: ModelEntry) -> str:
    unit = "s" if model.unit == "second" else "image"
    return "\n".join(f"{price:g}/{unit}{f' ({tier})' if tier else ''}" for tier, price in model.prices.items())


def _limits(model: ModelEntry) -> str:
    free = f"{model.free}{' s' if model.unit == 'second' else ''} free"
    return "\n".join([f"{model.rps} RPS", *([f"{model.running} running"] if model.running else []), free])


def _pictures(model: ModelEntry) -> str:
    limits = model.pictures
    if limits is None:
        return ""
    shortest, longest = limits.sides
    sides = f"{shortest} to {longest} px" if shortest > 1 else f"up to {longest} px"
    aspect = "" if limits.aspect is None else f", height/width {limits.aspect[0]:g} to {limits.aspect[1]:g}"
    is_below = (limits.longest + 1) % _MEGABYTE == 0
    size = f"{'<' if is_below else '≤'} {-(-limits.longest // _MEGABYTE)} MB"
    return f"{' '.join(limits.formats)}, {size}, {sides}{aspect}"


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
    """Print everything about the rows of a code, a fault or a finding, or a model's line; return the exit status."""
    name: str = chosen.code
    if model := MODELS.get(name):
        _print_models(Console(highlight=False), [explain_model(model)])
        return 0
    console = Console(highlight=False, soft_wrap=True)
    if lines := _fault_lines(name) or _finding_lines(name):
        console.print(f"[bold]{escape(name)}[/]")
        _print_lines(console, lines)
        return 0
    try:
        rows = find_all(name)
    except UnknownCodeError as error:
        others = [*_FAULTS, *_FINDINGS]
        near = nearest(name, [*spellings(), *others])
        problem = unknown("fault or finding", name, others) if near and near[0] in others else str(error)
        return print_error("explain", problem, 1)
    for number, row in enumerate(rows):
        if number:
            console.print()
        _print_row(console, row, entry_of(row))
    return 0


def _fault_lines(name: str) -> list[tuple[str, str]]:
    """Return what there is to say about the fault `name`, or nothing if it is none."""
    row = _FAULTS.get(name)
    if row is None:
        return []
    lasts = "" if row.seconds is None else f" `seconds` is {row.seconds:g} unless a rule sets it."
    billed = "billed, as the service had answered" if row.answered else "not billed"
    return [
        ("Fault", f"{row.meaning}.{lasts}"),
        ("Bill", f"{billed} (inferred)"),
        ("Provoke", f'emoji_api.faults("{name}", times=1)'),
        ("", f"emoji-mock serve --fault {name}"),
        ("", f'a rule: {{"fault":"{name}","times":1}}'),
    ]


def _finding_lines(name: str) -> list[tuple[str, str]]:
    """Return what there is to say about the finding `name`, or nothing if it is none."""
    finding = _FINDINGS.get(name)
    if finding is None:
        return []
    counts = "always counts" if finding.severity is Severity.WRONG else "counts if the verdict is strict"
    return [
        ("Finding", f"{finding.severity}; it {counts}"),
        ("When", finding.recognised),
        ("Instead", finding.instead),
        ("Ignore", f'emoji_api.assert_resilient(ignore=["{name}"])'),
        ("", f"emoji-mock report --ignore {name}"),
    ]


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
    _print_lines(console, lines, entry.body)


def _print_lines(console: Console, lines: list[tuple[str, str]], body: str = "") -> None:
    """Print each label and its text, which is wrapped unless it is `body`."""
    for label, text in lines:
        # Bytes, addresses and rules are for copying, and are not broken.
        wrapped = wrap(text, max(20, console.width - 11), break_long_words=False, break_on_hyphens=False)
        for number, line in enumerate([text] if text == body else wrapped):
            console.print(f"  [dim]{'' if number else label:8}[/] {escape(line)}")

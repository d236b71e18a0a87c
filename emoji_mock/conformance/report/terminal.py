"""A report on a terminal: each difference before the cases that it affects, the verdict last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from emoji_mock._support.terminal import plain
from emoji_mock.conformance.judge.result import Finding, Result, Verdict
from emoji_mock.conformance.report.report import alike, common, counts, spent

if TYPE_CHECKING:
    from emoji_mock.conformance.runner import Report

_COLOURS = {
    Verdict.CONFORMS: "green",
    Verdict.TEACHES: "yellow",
    Verdict.DRIFTED: "red",
    Verdict.NOT_SERVED: "blue",
    Verdict.UNDECIDED: "blue",
    Verdict.SKIPPED: "dim",
}
_PRINTED = (Verdict.DRIFTED, Verdict.NOT_SERVED, Verdict.TEACHES, Verdict.UNDECIDED)
_NAMED = 5
"""How many of the cases that a difference affects are named."""


def print_report(report: Report) -> None:
    """Print the differences, and in the last lines the verdict and the bill."""
    console = Console(highlight=False)
    for verdict in _PRINTED:
        for results in alike(report, verdict):
            _print_group(console, results)
    for name in report.strays:
        console.print(f"[yellow]stray[/]  {_escape_text(name)}: recorded, but no case of the contract any more")
    tally = ", ".join(f"[{_COLOURS[Verdict(name)]}]{number} {name}[/]" for name, number in counts(report).items())
    console.print(f"[bold]{_escape_text(report.target)}[/] [{_COLOURS[report.verdict]}]{report.verdict}[/]: {tally}.")
    console.print(spent(report))


def _print_group(console: Console, results: list[Result]) -> None:
    first, *others = results
    names = [
        f"[bold]{_escape_text(one.case.name)}[/]  [dim]{_escape_text(str(one.case.provenance))}[/]" for one in results
    ]
    verdict = f"[{_COLOURS[first.verdict]}]{first.verdict}[/]"
    console.print(f"{verdict}  {f'{len(results)} cases' if others else names[0]}", soft_wrap=True)
    if first.reason:
        console.print(f"  {_escape_text(first.reason)}")
    if first.findings and first.verdict is not Verdict.NOT_SERVED:
        console.print(_table(common(results)))
    if others:
        listed = names[:_NAMED] + [f"… and {len(names) - _NAMED} more"] * (len(names) > _NAMED)
        console.print("".join(f"  {name}\n" for name in listed), soft_wrap=True)


def _table(findings: tuple[Finding, ...]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("What", "Where", "Contract", "Fake", "Target"):
        table.add_column(heading, overflow="fold")
    for one in findings:
        what = f"{one.kind} ({one.severity}{', a guess' if one.guess else ''})"
        table.add_row(what, *map(_escape_text, (one.where, one.contract, one.fake, one.target)))
    return table


def _escape_text(text: str) -> str:
    return escape(plain(text))

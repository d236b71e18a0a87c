"""Print a report on a terminal: each difference before the cases that it affects, the assessment last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from emoji_mock._support.terminal import plain
from emoji_mock.conformance.judge.result import Assessment, CaseResult, Comparison
from emoji_mock.conformance.report.report import (
    count_by_assessment,
    describe_spending,
    group_alike,
    in_words,
    merge_comparisons,
)

if TYPE_CHECKING:
    from emoji_mock.conformance.report.report import Report

_COLOURS = {
    Assessment.CONFORMS: "green",
    Assessment.CAN_TIGHTEN: "yellow",
    Assessment.DRIFTED: "red",
    Assessment.NOT_SERVED: "blue",
    Assessment.UNDECIDED: "blue",
    Assessment.SKIPPED: "dim",
}
_PRINTED = (Assessment.DRIFTED, Assessment.NOT_SERVED, Assessment.CAN_TIGHTEN, Assessment.UNDECIDED)
_NAMED = 5
"""How many of the cases that a difference affects are named."""


def print_report(report: Report) -> None:
    """Print the differences, then the assessment and the cost in the last two lines."""
    console = Console(highlight=False)
    for assessment in _PRINTED:
        for results in group_alike(report, assessment):
            _print_group(console, results)
    for name in report.strays:
        console.print(f"[yellow]stray[/]  {_escape_text(name)}: recorded, but no longer a case of the contract")
    models = {model: part for model, part in report.models.items() if _is_judged(part)}
    if len(models) > 1:
        _print_models(console, models)
    tally = _tally(report)
    console.print(
        f"[bold]{_escape_text(report.target)}[/] [{_COLOURS[report.assessment]}]{report.assessment}[/]: {tally}."
    )
    console.print(describe_spending(report))


def _is_judged(part: Report) -> bool:
    return any(one.assessment is not Assessment.SKIPPED for one in part.results)


def _print_models(console: Console, models: dict[str, Report]) -> None:
    widest = max(map(len, models))
    for model, part in models.items():
        colour = _COLOURS[part.assessment]
        console.print(f"  {model:{widest}}  [{colour}]{part.assessment}[/]: {_tally(part)}", soft_wrap=True)


def _tally(report: Report) -> str:
    return ", ".join(
        f"[{_COLOURS[Assessment(name)]}]{in_words(name, number)}[/]"
        for name, number in count_by_assessment(report).items()
    )


def _print_group(console: Console, results: list[CaseResult]) -> None:
    first, *others = results
    names = [
        f"[bold]{_escape_text(one.case.name)}[/]  [dim]{one.case.model}: {_escape_text(str(one.case.provenance))}[/]"
        for one in results
    ]
    assessment = f"[{_COLOURS[first.assessment]}]{first.assessment}[/]"
    console.print(f"{assessment}  {f'{len(results)} cases' if others else names[0]}", soft_wrap=True)
    if first.reason:
        console.print(f"  {_escape_text(first.reason)}")
    if first.comparisons and first.assessment is not Assessment.NOT_SERVED:
        console.print(_table(merge_comparisons(results)))
    if others:
        listed = names[:_NAMED] + [f"… and {len(names) - _NAMED} more"] * (len(names) > _NAMED)
        console.print("".join(f"  {name}\n" for name in listed), soft_wrap=True)


def _table(comparisons: tuple[Comparison, ...]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("What", "Where", "Contract", "Fake", "Target"):
        table.add_column(heading, overflow="fold")
    for one in comparisons:
        what = f"{one.kind} ({one.severity}{', a guess' if one.guess else ''})"
        table.add_row(what, *map(_escape_text, (one.where, one.contract, one.fake, one.target)))
    return table


def _escape_text(text: str) -> str:
    return escape(plain(text))

"""Print a verdict as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from emoji_mock._support.terminal import plain
from emoji_mock.verdict.findings import Finding, Severity
from emoji_mock.verdict.verdict import format_exchanges

if TYPE_CHECKING:
    from emoji_mock.verdict.verdict import Verdict

_WHAT = "What was done, and what to do instead"
_COLOURS = {Severity.WRONG: "red", Severity.WASTEFUL: "yellow", Severity.RISKY: "magenta"}


def print_verdict(verdict: Verdict, against: Verdict, *, strict: str, stderr: bool = False) -> None:
    """Print the findings of `verdict`, those of `against` in colour; `strict` is the flag that counts more, or ""."""
    console = Console(highlight=False, stderr=stderr)
    calls = f"{verdict.judged} exchange{'s' * (verdict.judged != 1)} judged"
    if not verdict:
        console.print(f"{calls}: [green]nothing found[/].")
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_lines=False)
    for heading in ("", "Finding", _WHAT):
        table.add_column(heading, no_wrap=heading != _WHAT)
    for number, finding in enumerate(verdict):
        table.add_row(*_row(finding, against), end_section=number == len(verdict) - 1)
    console.print(table)
    counted = f"{len(against)} of {len(verdict)} finding{'s' * (len(verdict) != 1)}"
    hint = f"; with {strict}, wasteful and risky ones do, too" if strict and len(against) < len(verdict) else ""
    verb = "speaks" if len(against) == 1 else "speak"
    console.print(
        f"{calls}: {counted} {verb} against the callers{hint}.",
        "`emoji-mock explain FINDING` says how one is recognised.",
        sep="\n",
    )


def _row(finding: Finding, against: Verdict) -> tuple[str, str, str]:
    colour = _COLOURS[finding.severity] if finding in against else "dim"
    what = f"{_escaped(finding.done)}\n[dim]{_escaped(format_exchanges(finding))}[/]\n→ {_escaped(finding.instead)}\n"
    return f"[{colour}]{finding.severity}[/]", f"[bold]{_escaped(finding.name)}[/]", what


def _escaped(text: str) -> str:
    return escape(plain(text))

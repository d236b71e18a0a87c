"""`emoji-mock verify` and `emoji-mock record`: the contract held against a target, and what it says written down."""

from __future__ import annotations

import sys
import time
from contextlib import closing
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import msgspec
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from emoji_mock.cli_places import no_place
from emoji_mock.conformance.cases import CASES
from emoji_mock.conformance.folder import Recorder
from emoji_mock.conformance.recording import RecordingError
from emoji_mock.conformance.redaction import Redactor
from emoji_mock.conformance.replay import RecordedTarget
from emoji_mock.conformance.report import EXIT, alike, as_document, counts, spent
from emoji_mock.conformance.result import Finding, Result, Verdict
from emoji_mock.conformance.runner import Report, Runner
from emoji_mock.conformance.target import TargetError
from emoji_mock.conformance.targets import is_live, pictures_from, target_for

if TYPE_CHECKING:
    from argparse import Namespace
    from pathlib import Path

    from emoji_mock.conformance.case import Case
    from emoji_mock.conformance.target import Target

_COLOURS = {
    Verdict.CONFORMS: "green",
    Verdict.TEACHES: "yellow",
    Verdict.DRIFTED: "red",
    Verdict.NOT_SERVED: "blue",
    Verdict.UNDECIDED: "blue",
    Verdict.SKIPPED: "dim",
}
_TOLD = (Verdict.DRIFTED, Verdict.NOT_SERVED, Verdict.TEACHES, Verdict.UNDECIDED)


class _UsageError(Exception):
    """The command line asks for what cannot be."""


def verify(chosen: Namespace) -> int:
    """Hold the contract against a target, tell what was found, and return the exit status."""
    if chosen.html is not None and (problem := no_place("--html", chosen.html)):
        return _fail("verify", _UsageError(problem))
    try:
        with closing(_target(chosen)) as target:
            report = _run(target, chosen, Runner(target, budget=chosen.budget))
        if chosen.html is not None:
            _write_page(report, chosen.html)
    except (_UsageError, RecordingError, TargetError, OSError) as error:
        return _fail("verify", error)
    if chosen.json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(as_document(report))).decode() + "\n")
    else:
        _print(report, target)
    return EXIT[report.verdict]


def record(chosen: Namespace) -> int:
    """Write down what a target says to every case, and return the exit status."""
    try:
        with closing(_target(chosen)) as target:
            recorder = Recorder(chosen.out, target)
            report = _run(target, chosen, Runner(target, budget=chosen.budget, heard=recorder.heard))
    except (_UsageError, RecordingError, TargetError, OSError) as error:
        return _fail("record", error)
    print(f"{recorder.written} exchanges of {target.name} written to {chosen.out}. {spent(report)}")
    return 0 if recorder.written else 3


def _target(chosen: Namespace) -> Target:
    folder: Path | None = getattr(chosen, "recordings", None)
    if folder is not None:
        if chosen.target != "fake":
            raise _UsageError("--recordings and --target: one of them, please")
        return RecordedTarget(folder)
    costly = "the live service may cost money: say --live-ok as well, and --budget N for the images that it may bill"
    if is_live(chosen.target) and not chosen.live_ok:
        raise _UsageError(costly)
    try:
        target = target_for(chosen.target, key=chosen.key or "", pictures=pictures_from(chosen.picture))
    except ValueError as error:
        raise _UsageError(str(error)) from None
    if target.live and not chosen.live_ok:
        raise _UsageError(costly)
    return target


def _cases(pattern: str | None) -> list[Case]:
    cases = [case for case in CASES if pattern is None or fnmatchcase(case.name, pattern)]
    if not cases:
        raise _UsageError(
            f"--only {pattern!r} fits no case; names are like failed/InvalidFile.FacePose, auth/no-header"
        )
    return cases


def _run(target: Target, chosen: Namespace, runner: Runner) -> Report:
    cases = _cases(chosen.only)
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )
    with progress:
        task = progress.add_task(escape(target.name), total=len(cases))
        return runner.run(cases, lambda _: progress.advance(task))


def _write_page(report: Report, path: Path) -> None:
    from emoji_mock.conformance.page import page  # noqa: PLC0415

    path.write_text(page(report, time.strftime("%Y-%m-%d", time.gmtime())), "utf-8")


def _fail(verb: str, error: Exception) -> int:
    print(f"emoji-mock {verb}: {Redactor().text(str(error))}", file=sys.stderr)
    return 3 if isinstance(error, TargetError) and error.unreachable else 2


def _print(report: Report, target: Target) -> None:
    console = Console(highlight=False)
    for verdict in _TOLD:
        for results in alike(report, verdict):
            _print_alike(console, results)
    if isinstance(target, RecordedTarget):
        for name in target.strays(CASES):
            console.print(f"[yellow]stray[/]  {escape(name)}: recorded, but no case of the contract any more")
    tally = ", ".join(f"[{_COLOURS[Verdict(name)]}]{number} {name}[/]" for name, number in counts(report).items())
    console.print(f"[bold]{escape(report.target)}[/] [{_COLOURS[report.verdict]}]{report.verdict}[/]: {tally}.")
    console.print(spent(report))


def _print_alike(console: Console, results: list[Result]) -> None:
    verdict, reason, findings = results[0].verdict, results[0].reason, results[0].findings
    for one in results:
        name = f"[{_COLOURS[verdict]}]{verdict}[/]  [bold]{escape(one.case.name)}[/]"
        console.print(f"{name}  [dim]{escape(str(one.case.provenance))}[/]", soft_wrap=True)
    if reason:
        console.print(f"  {escape(reason)}")
    if findings and verdict is not Verdict.NOT_SERVED:
        console.print(_table(findings))


def _table(findings: tuple[Finding, ...]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("What", "Where", "Contract", "Fake", "Target"):
        table.add_column(heading, overflow="fold")
    for one in findings:
        what = f"{one.kind} ({one.severity}{', a guess' if one.guess else ''})"
        table.add_row(what, *map(escape, (one.where, one.contract, one.fake, one.target)))
    return table

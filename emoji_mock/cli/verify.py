"""`emoji-mock verify` and `emoji-mock record`: the contract held against a target, and what it says written down."""

from __future__ import annotations

import sys
import time
from contextlib import closing
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from emoji_mock._support.terminal import plain
from emoji_mock.cli.output import no_place
from emoji_mock.cli.verify_output import tell
from emoji_mock.client.api_keys import resolve_api_key
from emoji_mock.client.errors import ApiKeyError
from emoji_mock.conformance.cases import CASES
from emoji_mock.conformance.recordings.folder import Recorder
from emoji_mock.conformance.recordings.recording import RecordingError
from emoji_mock.conformance.recordings.redaction import Redactor
from emoji_mock.conformance.recordings.replay import RecordedTarget
from emoji_mock.conformance.report.report import EXIT, as_document, spent
from emoji_mock.conformance.runner import Report, Runner
from emoji_mock.conformance.targets.server import is_live, pictures_from, target_for
from emoji_mock.conformance.targets.target import TargetError

if TYPE_CHECKING:
    from argparse import Namespace
    from pathlib import Path

    from emoji_mock.conformance.cases.case import Case
    from emoji_mock.conformance.targets.target import Target

_INTERRUPTED = 130
"""The exit status after Ctrl-C, as shells have it."""


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
        tell(report)
    return _INTERRUPTED if report.stopped else EXIT[report.verdict]


def record(chosen: Namespace) -> int:
    """Write down what a target says to every case, and return the exit status."""
    try:
        with closing(_target(chosen)) as target:
            recorder = Recorder(chosen.out, target, force=chosen.force)
            report = _run(target, chosen, Runner(target, budget=chosen.budget, heard=recorder.heard))
    except (_UsageError, RecordingError, TargetError, OSError) as error:
        return _fail("record", error)
    print(f"{recorder.written} exchanges of {target.name} written to {chosen.out}. {spent(report)}")
    return _INTERRUPTED if report.stopped else 0 if recorder.written else 3


def _target(chosen: Namespace) -> Target:
    folder: Path | None = getattr(chosen, "recordings", None)
    if folder is not None:
        if chosen.target != "fake":
            raise _UsageError("--recordings and --target: one of them, please")
        return RecordedTarget(folder)
    costly = "may cost money: say --live-ok as well, and --budget N for the images that it may bill"
    live = is_live(chosen.target)
    if live and not chosen.live_ok:
        raise _UsageError(f"the live service {costly}")
    try:
        key = chosen.key or (_found_key() if live else "")
        target = target_for(chosen.target, key=key, pictures=pictures_from(chosen.picture))
    except ValueError as error:
        raise _UsageError(str(error)) from None
    if target.live and not chosen.live_ok:
        raise _UsageError(
            f"with a real key the live service may stand behind {chosen.target}, and {costly};"
            " a key sk-mock-… needs no leave"
        )
    return target


def _found_key() -> str:
    """Return the key where the client finds it: in the environment, or in the file of the official SDK."""
    try:
        return resolve_api_key(None).header().partition(" ")[2]
    except ApiKeyError:
        raise _UsageError(
            "the live service needs a key: set DASHSCOPE_API_KEY, or write it into ~/.dashscope/api_key"
            " (DASHSCOPE_API_KEY_FILE_PATH names another file)"
        ) from None


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
        try:
            report = runner.run(cases, lambda _: progress.advance(task))
        except KeyboardInterrupt:
            report = replace(runner.report(), stopped=True)  # what was paid for is told
    return replace(report, strays=tuple(target.strays(CASES))) if isinstance(target, RecordedTarget) else report


def _write_page(report: Report, path: Path) -> None:
    from emoji_mock.conformance.report.page import page  # noqa: PLC0415

    path.write_text(page(report, time.strftime("%Y-%m-%d", time.gmtime())), "utf-8")


def _fail(verb: str, error: Exception) -> int:
    print(f"emoji-mock {verb}: {plain(Redactor().text(str(error)))}", file=sys.stderr)
    return 3 if isinstance(error, TargetError) and error.unreachable else 2

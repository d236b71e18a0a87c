"""`emoji-mock verify`: check a target against the contract; and what `record` shares with it."""

from __future__ import annotations

import sys
import time
from contextlib import closing
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

from emoji_mock._support.files import describe_error, write_output
from emoji_mock._support.validation import unknown
from emoji_mock.cli.output import ProgressBar, UsageError, print_error, print_json, unusable_file
from emoji_mock.cli.parsing.help_text import examples
from emoji_mock.cli.service import add_key, given_key, warn_of_visible_key
from emoji_mock.client.api_keys import resolve_api_key
from emoji_mock.client.errors import ApiKeyError
from emoji_mock.config.value_types import COUNT
from emoji_mock.conformance.cases import CASES
from emoji_mock.conformance.recordings.recorded_target import RecordedTarget
from emoji_mock.conformance.recordings.recording import RecordingError
from emoji_mock.conformance.recordings.redaction import Redactor
from emoji_mock.conformance.report.report import EXIT_STATUS, Report, to_document
from emoji_mock.conformance.report.terminal import print_report
from emoji_mock.conformance.runner import Runner
from emoji_mock.conformance.targets.selection import is_live, parse_pictures, target_for
from emoji_mock.conformance.targets.target import TargetError
from emoji_mock.contract.models import MODELS

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Collection

    from emoji_mock.conformance.cases.case import Case
    from emoji_mock.conformance.targets.target import Target

INTERRUPTED = 130
"""The exit status after Ctrl-C, as shells have it."""
ERRORS = (UsageError, RecordingError, TargetError, OSError)
"""What `print_failure` reports; any other exception is a bug."""


def describe(parser: ArgumentParser) -> None:
    """Add description and arguments."""
    parser.description = "Check the fake, a server or the live service against the contract."
    parser.epilog = examples(
        "emoji-mock verify",
        "emoji-mock verify --target http://127.0.0.1:8000 --only 'auth/*'",
        then=(
            "Exit status: 0 it conforms, 1 it has drifted, 2 the command line is wrong, 3 no answer came, or not all"
            " could be judged, 4 the account or model is not served, 130 interrupted,"
            " after printing differences and bill."
        ),
    )
    parser.set_defaults(run=verify)
    parser.add_argument("--recordings", type=Path, metavar="DIR", help="judge the recordings in a folder instead")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write an HTML page, too")
    add_target(parser)


def add_target(parser: ArgumentParser) -> None:
    """Add the arguments that say what is called, and how much of it."""
    parser.add_argument("--target", default="fake", help="`fake` (in this process, the default), a URL, or `live`")
    parser.add_argument(
        "--live-ok", action="store_true", help="allow calls to the live service; it needs DASHSCOPE_API_KEY, too"
    )
    parser.add_argument(
        "--budget", type=COUNT.read, metavar="N", help="images that the live service may bill (default: 0)"
    )
    parser.add_argument(
        "--picture",
        action="append",
        default=[],
        metavar="NAME=URL",
        help="an image for the live service: passed=https://…, FacePose=https://… (may be repeated)",
    )
    add_key(parser)
    parser.add_argument(
        "--model",
        action="append",
        default=[],
        metavar="M",
        help="only the cases of a model, or of the models that match, such as 'wan2.2-*' (may be repeated)",
    )
    parser.add_argument("--only", metavar="PATTERN", help="only the cases whose name matches, such as 'auth/*'")


def verify(chosen: Namespace) -> int:
    """Check a target against the contract, print the report, and return the exit status."""
    if chosen.html is not None and (problem := unusable_file("--html", chosen.html)):
        return print_failure("verify", UsageError(problem))
    try:
        with closing(_recordings(chosen) or open_target("verify", chosen)) as target:
            report = run_cases(target, chosen, Runner(target, budget=chosen.budget))
        if isinstance(target, RecordedTarget):
            report = replace(report, strays=tuple(target.strays(CASES)))
    except ERRORS as error:
        return print_failure("verify", error)
    if chosen.json:
        print_json(to_document(report))
    else:
        print_report(report)
    try:  # last, because the calls may have been billed
        if chosen.html is not None:
            _write_page(report, chosen.html)
    except OSError as error:
        return print_failure("verify", error)
    return INTERRUPTED if report.stopped else EXIT_STATUS[report.assessment]


def _recordings(chosen: Namespace) -> RecordedTarget | None:
    if chosen.recordings is None:
        return None
    if chosen.target != "fake":
        raise UsageError("--recordings and --target cannot be used together; leave one out")
    return RecordedTarget(chosen.recordings)


def _write_page(report: Report, path: Path) -> None:
    from emoji_mock.conformance.report.page import page  # noqa: PLC0415 - few runs write one

    write_output(path, page(report, time.strftime("%Y-%m-%d", time.gmtime())).encode())


def open_target(verb: str, chosen: Namespace) -> Target:
    """Return the target. Raises UsageError if it may cost money and that was not allowed."""
    costly = "may cost money: allow it with --live-ok, and --budget N for the images that it may bill"
    live = is_live(chosen.target)
    if live and not chosen.live_ok:
        raise UsageError(f"the live service {costly}")
    try:
        key = given_key(chosen) or (_api_key() if live else "")
        target = target_for(chosen.target, key=key, pictures=parse_pictures(chosen.picture))
    except ValueError as error:
        raise UsageError(str(error)) from None
    if target.live and not chosen.live_ok:
        raise UsageError(
            f"with a real key, {chosen.target} may lead to the live service, and {costly}; or use a key sk-mock-…"
        )
    warn_of_visible_key(verb, chosen)
    return target


def _api_key() -> str:
    """Return the key from where the client reads it: the environment, or the file of the official SDK."""
    try:
        return resolve_api_key(None).reveal()
    except ApiKeyError:
        raise UsageError(
            "the live service needs a key: set DASHSCOPE_API_KEY, or write it into ~/.dashscope/api_key"
            " (DASHSCOPE_API_KEY_FILE_PATH names another file)"
        ) from None


def choose_cases(chosen: Namespace) -> list[Case]:
    """Return the cases that match `--only` and `--model`. Raises UsageError if there are none."""
    pattern: str | None = chosen.only
    patterns: list[str] = chosen.model
    models = _models(patterns)
    cases = [case for case in CASES if case.model in models and (pattern is None or fnmatchcase(case.name, pattern))]
    if not cases:
        of = f" of {', '.join(sorted(models))}" if patterns else ""
        raise UsageError(
            f"--only {pattern!r} matches no case{of}; write it like failed/InvalidFile.FacePose, auth/*,"
            " emo-detect-v1/passed/as-documented"
        )
    return cases


def _matching(pattern: str) -> list[str]:
    return [model for model in MODELS if fnmatchcase(model, pattern)]


def _models(patterns: list[str]) -> Collection[str]:
    """Return the models that match a pattern, or all without one. Raises UsageError for one that matches none."""
    for pattern in patterns:
        if not _matching(pattern):
            raise UsageError(f"--model: {unknown('model', pattern, MODELS)}")
    return {model for pattern in patterns for model in _matching(pattern)} if patterns else MODELS


def run_cases(target: Target, chosen: Namespace, runner: Runner) -> Report:
    """Run the chosen cases behind a progress bar; Ctrl-C ends it with the report so far."""
    cases = choose_cases(chosen)
    name = escape(target.name)
    console = Console(stderr=True, force_terminal=sys.stderr.isatty())
    with ProgressBar(console, len(cases), name) as bar:
        done = iter(range(1, len(cases) + 1))
        try:
            return runner.run(cases, lambda _: bar.show(next(done), name))
        except KeyboardInterrupt:
            return replace(runner.report(), stopped=True)  # calls were made, and may be billed


def print_failure(verb: str, error: Exception) -> int:
    """Print the error without secrets and return the exit status: 3 without an answer, else 2."""
    unreachable = isinstance(error, TargetError) and error.unreachable
    problem = describe_error(error) if isinstance(error, OSError) else str(error)
    return print_error(verb, Redactor().text(problem), 3 if unreachable else 2)

"""`emoji-mock record`: write down what a target answers to every case."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from emoji_mock.cli.output import print_error
from emoji_mock.cli.parsing.help_text import examples
from emoji_mock.cli.verify import ERRORS, INTERRUPTED, add_target, choose_cases, open_target, print_failure, run_cases
from emoji_mock.conformance.recordings.folder import Recorder
from emoji_mock.conformance.report.report import describe_spending
from emoji_mock.conformance.runner import Runner

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from emoji_mock.conformance.report.report import Report


def describe(parser: ArgumentParser) -> None:
    """Add description and arguments."""
    parser.description = "Record what the fake, a server or the live service answers to every case, without secrets."
    parser.epilog = examples(
        "emoji-mock record --out recordings",
        "emoji-mock serve --replay recordings",
        then="Exit status: 0 done, 2 the command line is wrong, 3 no answer came, 130 interrupted.",
    )
    parser.set_defaults(run=record)
    parser.add_argument("--out", type=Path, metavar="DIR", required=True, help="folder to write to")
    parser.add_argument("--force", action="store_true", help="write into a folder that holds recordings already")
    add_target(parser)


def record(chosen: Namespace) -> int:
    """Record what a target answers to every case, and return the exit status."""
    recorder, runner = None, None
    try:
        choose_cases(chosen)  # before a folder is made
        with closing(open_target("record", chosen)) as target:
            recorder = Recorder(chosen.out, target, force=chosen.force)
            runner = Runner(target, budget=chosen.budget, on_exchange=recorder.write)
            report = run_cases(target, chosen, runner)
    except ERRORS as error:
        status = print_failure("record", error)
        if recorder is not None and runner is not None and recorder.written:
            print_error("record", _written(chosen, recorder, runner.report()))
        return status
    print(_written(chosen, recorder, report))
    return INTERRUPTED if report.stopped else 0 if recorder.written else 3


def _written(chosen: Namespace, recorder: Recorder, report: Report) -> str:
    return f"{recorder.written} exchanges of {report.target} written to {chosen.out}. {describe_spending(report)}"

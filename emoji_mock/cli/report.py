"""`emoji-mock report`: the verdict of a running server, for people and for CI of any language."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from emoji_mock._support.deadlines import DeadlinePassedError, run_within
from emoji_mock._support.files import describe_error, write_output
from emoji_mock.cli.output import print_error, print_json
from emoji_mock.cli.parsing.help_text import examples
from emoji_mock.cli.serving.control_api import ControlApi, UnreachableError
from emoji_mock.cli.serving.verdict_table import print_verdict
from emoji_mock.fake.accounting.api_keys import redact
from emoji_mock.programs.environment import URL_VARIABLE
from emoji_mock.server.pages import REPORT
from emoji_mock.verdict.findings import VerdictDocument
from emoji_mock.verdict.verdict import Verdict

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

_DEADLINE = 120
"""For the whole exchange, in seconds."""
_USUAL = "http://127.0.0.1:8000"
"""Where `emoji-mock serve` listens unless told otherwise."""


def describe(parser: ArgumentParser) -> None:
    """Add description and arguments."""
    parser.description = "Print what the callers of a running server did wrong, and what to do instead."
    parser.epilog = examples(
        "emoji-mock report",
        "emoji-mock report --strict --html report.html",
        then=(
            "Exit status: 0 nothing speaks against the callers, 1 something does, "
            "2 there is no verdict, for example without a call."
        ),
    )
    parser.set_defaults(run=report)
    parser.add_argument(
        "--base-url",
        "--url",
        dest="url",
        metavar="URL",
        help=f"address of the server (default: {URL_VARIABLE}, which `emoji-mock run` sets, or {_USUAL})",
    )
    parser.add_argument("--namespace", metavar="NAME", help="judge only the callers with the key sk-mock-NAME")
    parser.add_argument("--strict", action="store_true", help="count wasteful and risky findings, too")
    parser.add_argument(
        "--ignore", action="append", default=[], metavar="FINDING", help="do not count a finding (may be repeated)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--html", type=Path, metavar="FILE", help="also write the page of the server as one file that loads nothing"
    )


def report(chosen: Namespace) -> int:
    """Print the verdict, and return the exit status: 0 nothing counts, 1 something does, 2 there is none."""
    query = f"?{urlencode({'namespace': chosen.namespace})}" if chosen.namespace is not None else ""
    server = _server(chosen.url)
    try:
        judged = run_within(_DEADLINE, lambda: server.read(f"/_mock/verdict{query}", VerdictDocument, "verdict"))
        verdict = Verdict(judged.findings, judged=judged.exchanges)
        against = verdict.against(strict=chosen.strict, ignore=chosen.ignore)
        if chosen.html is not None:
            write_output(chosen.html, run_within(_DEADLINE, lambda: server.fetch(REPORT, "page")))
    except (UnreachableError, ValueError) as error:
        return print_error("report", redact(str(error)), 2)
    except OSError as error:
        return print_error("report", f"--html: {describe_error(error)}", 2)
    except DeadlinePassedError:
        return print_error("report", redact(f"{server.url} sent no verdict within {_DEADLINE} s"), 2)
    if not judged.exchanges:
        advice = "" if chosen.namespace is None else ", or check the namespace"
        print_error("report", f"there is no call to judge; call the server first{advice}")
    if chosen.json:
        print_json(judged)
    elif judged.exchanges:
        print_verdict(verdict, against, strict="" if chosen.strict else "--strict")
    return 2 if not judged.exchanges else 1 if against else 0


def _server(given: str | None) -> ControlApi:
    """Return the server at the address that was given, else the fake of `emoji-mock run`, else the usual one."""
    if given is not None:
        return ControlApi(given, "--base-url")
    named = os.environ.get(URL_VARIABLE)
    return ControlApi(named, URL_VARIABLE) if named else ControlApi(_USUAL, "--base-url")

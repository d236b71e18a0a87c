"""What `emoji-mock report` takes; light, for every start of the command reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable


def describe(add_verb: Callable[..., ArgumentParser]) -> None:
    """Add the verb to a command line."""
    report = add_verb(
        "report",
        help="judge the callers of a running server",
        description="Tell what the callers of a running server did wrong, and what to do instead.",
        epilog="Exit status: 0 nothing speaks against the callers, 1 something does, "
        "2 no verdict could be had, as where nobody has called.",
    )
    report.set_defaults(run=_report)
    report.add_argument(
        "--base-url",
        "--url",
        dest="url",
        metavar="URL",
        default="http://127.0.0.1:8000",
        help="where it listens (default: %(default)s)",
    )
    report.add_argument("--namespace", metavar="NAME", help="only the callers with the key sk-mock-NAME")
    report.add_argument("--strict", action="store_true", help="let wasteful and risky findings count, too")
    report.add_argument(
        "--ignore", action="append", default=[], metavar="FINDING", help="let a finding not count (may be repeated)"
    )
    report.add_argument("--json", action="store_true", help="print JSON")


def _report(chosen: Namespace) -> int:
    from emoji_mock.cli.report import report  # noqa: PLC0415

    return report(chosen)

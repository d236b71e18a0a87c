"""`emoji-mock report`: the verdict of a running server, for people and for CI of any language."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

import msgspec
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from emoji_mock._support.deadlines import DeadlinePassedError, run_within
from emoji_mock._support.terminal import plain
from emoji_mock.cli.output import print_error, print_json
from emoji_mock.fake.accounting.api_keys import redact
from emoji_mock.verdict.findings import Finding, Severity, VerdictDocument
from emoji_mock.verdict.verdict import Verdict, format_exchanges

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

_WHAT = "What was done, and what to do instead"
_COLOURS = {Severity.WRONG: "red", Severity.WASTEFUL: "yellow", Severity.RISKY: "magenta"}
_TIMEOUT = 30
"""For each step of the exchange, in seconds."""
_DEADLINE = 120
"""For the whole exchange, in seconds."""
_LARGEST = 64 * 1024 * 1024
"""The largest verdict that is read, in bytes."""


class _UnreachableError(Exception):
    """The server gave no verdict."""


class _NoRedirects(HTTPRedirectHandler):
    """Treat a redirect as an answer: only the server that was named is called."""

    def redirect_request(self, *_: object, **__: object) -> None:
        """Follow no redirect."""


def describe(parser: ArgumentParser) -> None:
    """Add description and arguments."""
    parser.description = "Print what the callers of a running server did wrong, and what to do instead."
    parser.epilog = (
        "Exit status: 0 nothing speaks against the callers, 1 something does, "
        "2 there is no verdict, for example without a call."
    )
    parser.set_defaults(run=report)
    parser.add_argument(
        "--base-url",
        "--url",
        dest="url",
        metavar="URL",
        default="http://127.0.0.1:8000",
        help="address of the server (default: %(default)s)",
    )
    parser.add_argument("--namespace", metavar="NAME", help="judge only the callers with the key sk-mock-NAME")
    parser.add_argument("--strict", action="store_true", help="count wasteful and risky findings, too")
    parser.add_argument(
        "--ignore", action="append", default=[], metavar="FINDING", help="do not count a finding (may be repeated)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def report(chosen: Namespace) -> int:
    """Print the verdict, and return the exit status: 0 nothing counts, 1 something does, 2 there is none."""
    try:
        judged = run_within(_DEADLINE, partial(_fetch, chosen.url, chosen.namespace))
        verdict = Verdict(judged.findings, judged=judged.exchanges)
        against = verdict.against(strict=chosen.strict, ignore=chosen.ignore)
    except (_UnreachableError, ValueError) as error:
        return print_error("report", redact(str(error)), 2)
    except DeadlinePassedError:
        return print_error("report", redact(f"{chosen.url} sent no verdict within {_DEADLINE} s"), 2)
    if not judged.exchanges:
        advice = "" if chosen.namespace is None else ", or check the namespace"
        print_error("report", f"there is no call to judge; call the server first{advice}")
    if chosen.json:
        print_json(judged)
    elif judged.exchanges:
        _print(verdict, against, strict=chosen.strict)
    return 2 if not judged.exchanges else 1 if against else 0


def _fetch(url: str, namespace: str | None) -> VerdictDocument:
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        is_address = False
    if not is_address:
        raise _UnreachableError(f"--base-url {url}: not an address such as http://127.0.0.1:8000")
    base = url.rstrip("/").removesuffix("/api/v1")
    query = f"?{urlencode({'namespace': namespace})}" if namespace is not None else ""
    request = Request(f"{base}/_mock/verdict{query}")  # noqa: S310 - checked above
    try:
        # No proxy: the server is local, and the proxy in the environment may be the server itself.
        with build_opener(ProxyHandler({}), _NoRedirects).open(request, timeout=_TIMEOUT) as answer:
            return msgspec.json.decode(answer.read(_LARGEST), type=VerdictDocument)
    except HTTPError as error:
        error.close()
        hint = (
            "it is not emoji-mock, or too old for verdicts"
            if error.code == HTTPStatus.NOT_FOUND
            else "check which program listens there"
        )
        raise _UnreachableError(f"{base} answers {error.code} to /_mock/verdict: {hint}") from None
    except (msgspec.MsgspecError, RecursionError):
        raise _UnreachableError(f"{base} answers with something other than a verdict; is it emoji-mock?") from None
    except (URLError, OSError, HTTPException, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise _UnreachableError(f"cannot reach {base}: {reason}; start it with `emoji-mock serve`") from None


def _print(verdict: Verdict, against: Verdict, *, strict: bool) -> None:
    console = Console(highlight=False)
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
    hint = "" if strict or len(against) == len(verdict) else "; with --strict, wasteful and risky ones do, too"
    verb = "speaks" if len(against) == 1 else "speak"
    console.print(
        f"{calls}: {counted} {verb} against the callers{hint}. docs/verdict.md explains how each is recognised."
    )


def _row(finding: Finding, against: Verdict) -> tuple[str, str, str]:
    colour = _COLOURS[finding.severity] if finding in against else "dim"
    what = f"{_escaped(finding.done)}\n[dim]{_escaped(format_exchanges(finding))}[/]\n→ {_escaped(finding.instead)}\n"
    return f"[{colour}]{finding.severity}[/]", f"[bold]{_escaped(finding.name)}[/]", what


def _escaped(text: str) -> str:
    return escape(plain(text))

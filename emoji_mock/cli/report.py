"""`emoji-mock report`: the verdict of a running server, for people and for CI of any language."""

import sys
from argparse import Namespace
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

import msgspec
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from emoji_mock._support.terminal import plain
from emoji_mock.fake.accounting.api_keys import redact
from emoji_mock.verdict.findings import Finding, Judged, Severity
from emoji_mock.verdict.verdict import Verdict, exchanges

_COLOURS = {Severity.WRONG: "red", Severity.WASTEFUL: "yellow", Severity.RISKY: "magenta"}
_SECONDS = 30
_LARGEST = 64 * 1024 * 1024


class _UnreachableError(Exception):
    """There is no verdict to be had."""


class _Stay(HTTPRedirectHandler):
    """Goes nowhere else, as only the server that was named is asked."""

    def redirect_request(self, *_: object, **__: object) -> None:
        """Follow no redirect: it is then an answer like any other."""


def report(chosen: Namespace) -> int:
    """Print the verdict, and return the exit status: 0 nothing counts, 1 something does, 2 there is none."""
    try:
        judged = _ask(chosen.url, chosen.namespace)
        verdict = Verdict(judged.findings, judged=judged.exchanges)
        against = verdict.against(strict=chosen.strict, ignore=chosen.ignore)
    except (_UnreachableError, ValueError) as error:
        print(f"emoji-mock report: {plain(redact(str(error)))}", file=sys.stderr)
        return 2
    if not judged.exchanges:
        whose = "" if chosen.namespace is None else ", or is the namespace another one"
        print(f"emoji-mock report: there is no call to judge; has nobody called yet{whose}?", file=sys.stderr)
    if chosen.json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(judged)).decode() + "\n")
    elif judged.exchanges:
        _print(verdict, against, strict=chosen.strict)
    return 2 if not judged.exchanges else 1 if against else 0


def _ask(url: str, namespace: str | None) -> Judged:
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
        # No proxy: the server is near, and a proxy of the environment may be the server itself.
        with build_opener(ProxyHandler({}), _Stay).open(request, timeout=_SECONDS) as answer:
            return msgspec.json.decode(answer.read(_LARGEST), type=Judged)
    except HTTPError as error:
        error.close()
        hint = "no emoji-mock, or one too old for verdicts" if error.code == 404 else "look at what listens there"  # noqa: PLR2004
        raise _UnreachableError(f"{base} answers {error.code} to /_mock/verdict: {hint}") from None
    except (msgspec.MsgspecError, RecursionError):
        raise _UnreachableError(f"{base} answers with something else than a verdict; is it emoji-mock?") from None
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
    for heading in ("", "Finding", "What was done, and what to do instead"):
        table.add_column(heading, no_wrap=heading != "What was done, and what to do instead")
    for number, finding in enumerate(verdict):
        table.add_row(*_row(finding, against), end_section=number == len(verdict) - 1)
    console.print(table)
    counted = f"{len(against)} of {len(verdict)} finding{'s' * (len(verdict) != 1)}"
    hint = "" if strict or len(against) == len(verdict) else "; with --strict, wasteful and risky ones do, too"
    verb = "speaks" if len(against) == 1 else "speak"
    console.print(f"{calls}: {counted} {verb} against the callers{hint}. docs/verdict.md says how each is recognised.")


def _row(finding: Finding, against: Verdict) -> tuple[str, str, str]:
    colour = _COLOURS[finding.severity] if finding in against else "dim"
    what = f"{_shown(finding.done)}\n[dim]{_shown(exchanges(finding))}[/]\n→ {_shown(finding.instead)}\n"
    return f"[{colour}]{finding.severity}[/]", f"[bold]{_shown(finding.name)}[/]", what


def _shown(text: str) -> str:
    return escape(plain(text))

"""The text of a failed expectation: what was called, what was registered, what did not fit, and why that may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from emoji_mock._support.terminal import plain
from emoji_mock.contract.catalogue import UnknownCodeError, find
from emoji_mock.contract.codes import Code
from emoji_mock.contract.row import Outcome
from emoji_mock.fake.accounting.limits import Limits
from emoji_mock.fake.rules.active_rule import EVERYONE
from emoji_mock.testing.criteria import Criteria, misses, shortened, shown
from emoji_mock.verdict.verdict import format_finding

if TYPE_CHECKING:
    from emoji_mock.fake.accounting.journal import Entry
    from emoji_mock.fake.rules.rule import Rule
    from emoji_mock.testing.rule_registry import RegisteredRule, RuleRegistry
    from emoji_mock.verdict.verdict import Verdict

SHOWN = 20
"""How many calls or rules are told; of more, only how many there are."""
_NO_CALLS_TO = {
    False: (
        "the code under test did not reach the vendor's host in this process. Does it run in a subprocess, or read"
        " a base URL of its own? Then take emoji_server, whose address is in DASHSCOPE_HTTP_BASE_URL."
    ),
    True: (
        "the code under test reached neither the server nor, in this process, the vendor's host. Does it read"
        " DASHSCOPE_HTTP_BASE_URL or DASHSCOPE_BASE_URL, after the fixture has set them? Else give it emoji_server.url."
    ),
}
"""The likely cause, without and with a server."""
_UNWANTED = "the code under test calls the vendor where the test believes that it does not; see the calls above."


_CRITERIA = ("endpoint", "image_url", "model", "key")


def wrong_count(wanted: str, criteria: Criteria, fitting: int, book: RuleRegistry) -> str:
    """Return why an expectation about calls does not hold."""
    calls = book.calls()
    lines = [f"expected {wanted} matching {shown(criteria)}, but there {_were(fitting)}.", "", *_calls(calls, criteria)]
    cause = _UNWANTED if wanted == "no call" else _cause(criteria, fitting, book)
    lines += ["", *_rules(book), "", f"Likely cause: {cause}"]
    return plain("\n".join(lines))


def unused_rules(book: RuleRegistry) -> str:
    """Return that rules were written which no call has met."""
    unused = book.unused()
    lines = [
        f"{len(unused)} rule{'s' * (len(unused) != 1)} of this test {'were' if len(unused) > 1 else 'was'} never used:"
    ]
    lines += [f"  {rule(written)}" for written in unused]
    lines += ["", *_calls(book.calls(), {}), ""]
    return plain("\n".join([*lines, "Drop what is not needed, or allow it: @pytest.mark.emoji(strict=False)."]))


def other_verb(outcome: Outcome | None, code: str | None) -> str:
    """Return what is to be said instead for a code that ends otherwise, or nothing."""
    if code is None or outcome is None or _is_known(code, outcome):
        return ""
    other, verb = (Outcome.ERROR, "errors") if outcome is Outcome.FAILED else (Outcome.FAILED, "fails")
    return f" Say {verb}({str(code)!r})." if _is_known(code, other) else ""


def _is_known(code: str, outcome: Outcome) -> bool:
    try:
        find(code, outcome)
    except UnknownCodeError:
        return False
    return True


def not_resilient(against: Verdict, others: int, book: RuleRegistry) -> str:
    """Return what speaks against the callers, and the exchanges that show it; or that there was no call to judge."""
    if not book.calls():
        return f"there is no call to judge: the fake was not called.\n\nLikely cause: {_cause({}, 0, book)}"
    count = len(against)
    lines = [
        f"the caller is not resilient: {count} finding{'s' * (count != 1)}.",
        "",
        *map(format_finding, against),
        "",
    ]
    if others:
        what = "1 more finding does" if others == 1 else f"{others} more findings do"
        lines += [f"{what} not count here; emoji_api.verdict tells all.", ""]
    lines += _calls(book.calls(), {})
    return plain("\n".join([*lines, "", 'docs/verdict.md says how each is recognised; ignore=("…",) leaves one out.']))


def journal(book: RuleRegistry) -> str:
    """Return the journal of a test, short."""
    rules = ["", *_rules(book)] if book.rules() or _limits(book) else []
    return plain("\n".join([*_calls(book.calls(), {}), *rules]))


def call(entry: Entry) -> str:
    """Return one exchange as a line."""
    ending = f"{entry.outcome} {entry.fault or entry.code}".rstrip()
    what = shortened(entry.image_url or f"{entry.method} {entry.target}")
    who = entry.client or "no User-Agent"
    return plain(f"#{entry.number}  {entry.status} {ending}  {what}  ({who}, request_id {entry.request_id})")


def rule(written: RegisteredRule) -> str:
    """Return one rule as a line: what it says, how often it was used, and where it was written."""
    standing = written.standing
    said = standing.rule
    criteria = ", ".join(f"{name}={str(value)!r}" for name in _CRITERIA if (value := getattr(said, name)) is not None)
    ending = _ending(said)
    used = (
        f"used {standing.used} of {said.times}"
        if said.times
        else f"used {standing.used} time{'s' * (standing.used != 1)}"
    )
    return f"{criteria or 'any call'} -> {ending}, {used}  ({written.place})"


def _ending(rule: Rule) -> str:
    latency = "" if rule.latency is None else f"latency {rule.latency}"
    said = f"fault {rule.fault}" if rule.fault else f"{rule.outcome or ''} {rule.code or ''}".strip()
    chance = "" if rule.chance is None else f"by a chance of {rule.chance:g}"
    return ", ".join(filter(None, (said, latency, chance)))


def _were(fitting: int) -> str:
    return "was 1" if fitting == 1 else f"were {fitting}" if fitting else "was none"


def _calls(calls: list[Entry], criteria: Criteria) -> list[str]:
    if not calls:
        return ["The fake was not called."]
    lines = [f"The fake was called {len(calls)} time{'s' * (len(calls) != 1)}:"]
    for entry in calls[-SHOWN:]:
        problems = misses(criteria, entry)
        lines.append(f"  {call(entry)}")
        lines += [f"      no match: {problem}" for problem in problems]
    if len(calls) > SHOWN:
        lines.insert(1, f"  … {len(calls) - SHOWN} earlier ones")
    return lines


def _limits(book: RuleRegistry) -> list[str]:
    limits = book.fake.store.limits_for(EVERYONE) or book.fake.options.limits or Limits()
    held = [f"{name}={value}" for name, value in structs.asdict(limits).items() if value not in (None, False)]
    return [f"Every account is held to {', '.join(held)}."] if held else []


def _rules(book: RuleRegistry) -> list[str]:
    rules, limits = book.rules(), _limits(book)
    if not rules:
        return [f"No rules were registered: every good call passes{' within the limits' * len(limits)}.", *limits]
    more = [f"  … {len(rules) - SHOWN} later ones"] if len(rules) > SHOWN else []
    shown_rules = [f"  {rule(written)}" for written in rules[:SHOWN]]
    return ["Registered, in the order in which they are tried:", *shown_rules, *more, *limits]


def _cause(criteria: Criteria, fitting: int, book: RuleRegistry) -> str:
    calls = book.calls()
    if not calls:
        return _NO_CALLS_TO[book.url != ""]
    refused = [entry for entry in calls if entry.outcome == "error"]
    if fitting == 0 and criteria.get("outcome") != "error" and len(refused) == len(calls):
        last = refused[-1].code or refused[-1].status
        why = " (no key, the key sk-mock-invalid, or a host of another region)" if last == Code.INVALID_API_KEY else ""
        return f"every call was refused before a picture was looked at; the last one: {last}{why}."
    if fitting == 0:
        return "the criteria name what no call had; patterns are held against the whole text (`*/me.png`)."
    return "the code under test calls more or less often than the test believes; does it retry?"

"""The text of a failed assertion: the calls, the rules, what did not match, and the likely cause."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from msgspec import structs

from emoji_mock._support.terminal import plain
from emoji_mock.contract.codes import Code
from emoji_mock.contract.routes import describe_other_service, describe_unknown_path
from emoji_mock.fake.accounting.limits import Limits
from emoji_mock.fake.rules.active_rule import EVERYONE
from emoji_mock.testing.criteria import (
    Criteria,
    call_line,
    describe_refused_model,
    is_failed_as_error,
    misses,
    shown,
)
from emoji_mock.testing.unused_rules import nearest_calls, rule_line
from emoji_mock.verdict.verdict import format_finding

if TYPE_CHECKING:
    from emoji_mock.testing.rule_registry import RuleRegistry
    from emoji_mock.verdict.verdict import Verdict

SHOWN = 20
"""How many calls or rules are listed; the others are counted."""
_CAUSE_OF_NO_CALL = {
    False: (
        "the code under test did not reach the vendor's host in this process. Does it run in a subprocess, or read"
        " a base URL of its own? Then use emoji_server, whose address is in DASHSCOPE_HTTP_BASE_URL, and start a"
        " program that calls the vendor's host with env=emoji_server.env()."
    ),
    True: (
        "the code under test reached neither the server nor, in this process, the vendor's host. Does it read"
        " DASHSCOPE_HTTP_BASE_URL or DASHSCOPE_BASE_URL, after the fixture has set them? If not, give it"
        " emoji_server.url, or start it as a process with env=emoji_server.env()."
    ),
}
"""The likely cause, without and with a server."""
_LOST = "the connections above ended before a request."
_UNWANTED = "the code under test calls the vendor although the test expects no call; see the calls above."


_ADVICE = re.compile(r'"message":("emoji-mock: (?:[^"\\]|\\.)*")')
"""Words of our own in an answer's message, for the author of a magic URL."""
_EXPLAINED = 10
"""How many of the unused rules are explained."""


def wrong_count(wanted: str, criteria: Criteria, count: int, registry: RuleRegistry) -> str:
    """Return why an assertion about the number of calls fails."""
    matching = f" matching {shown(criteria)}" if criteria else ""
    first = f"expected {wanted}{matching}, but there {_were(count)}."
    lines = [first, "", *_calls(registry, criteria)]
    cause = _UNWANTED if wanted == "no call" else _cause(criteria, count, registry)
    lines += ["", *_rules(registry), "", f"Likely cause: {cause}"]
    return plain("\n".join(lines))


def unused_rules(registry: RuleRegistry) -> str:
    """Return which rules were never used, what came near to them and why it did not use them, and the calls."""
    unused = registry.unused()
    lines = [
        f"{len(unused)} rule{'s' * (len(unused) != 1)} of this test {'were' if len(unused) > 1 else 'was'} never used:"
    ]
    rules, calls = registry.rules(), registry.calls()
    for number, registered in enumerate(unused[:SHOWN]):
        lines.append(f"  {rule_line(registered)}")
        lines += nearest_calls(registered, rules, calls) if number < _EXPLAINED else []
    lines += [f"  … {len(unused) - SHOWN} more"] if len(unused) > SHOWN else []
    lines += ["", *_calls(registry, {}), ""]
    return plain(
        "\n".join(
            [*lines, "Remove the rules that are not needed, or allow unused ones: @pytest.mark.emoji(strict=False)."]
        )
    )


def not_resilient(against: Verdict, others: int, registry: RuleRegistry) -> str:
    """Return the findings against the callers and the calls that show them, or that there was no call to judge."""
    if not registry.calls():
        first = "there is no call to judge: the fake was not called."
        return plain("\n".join([first, *_lost(registry), "", f"Likely cause: {_cause({}, 0, registry)}"]))
    count = len(against)
    lines = [
        f"the caller is not resilient: {count} finding{'s' * (count != 1)}.",
        "",
        *map(format_finding, against),
        "",
    ]
    if others:
        what = "1 more finding does" if others == 1 else f"{others} more findings do"
        lines += [f"{what} not count here; emoji_api.verdict lists all.", ""]
    lines += _calls(registry, {})
    return plain(
        "\n".join(
            [*lines, "", '`emoji-mock explain FINDING` says how one is recognised; ignore=["FINDING"] leaves it out.']
        )
    )


def journal(registry: RuleRegistry) -> str:
    """Return the calls of a test, and its rules if it has any."""
    rules = ["", *_rules(registry)] if registry.rules() or _limits(registry) else []
    return plain("\n".join([*_calls(registry, {}), *rules]))


def _were(count: int) -> str:
    return "was 1" if count == 1 else f"were {count}" if count else "was none"


def _calls(registry: RuleRegistry, criteria: Criteria) -> list[str]:
    calls = registry.calls()
    elsewhere = _lost(registry) if registry.url else registry.processes.lines()
    if not calls:
        return ["The fake was not called.", *elsewhere]
    lines = [f"The fake was called {len(calls)} time{'s' * (len(calls) != 1)}:"]
    for entry in calls[-SHOWN:]:
        problems = misses(criteria, entry)
        lines.append(f"  {call_line(entry)}")
        if not entry.endpoint and (problem := describe_unknown_path(entry.target)):
            lines.append(f"      unknown path: {problem}")
        if not entry.endpoint and (problem := describe_other_service(entry.target)):
            lines.append(f"      {problem}")
        if problem := describe_refused_model(entry, registry.fake.options.as_of):
            lines.append(f"      {problem}")
        if advice := _ADVICE.search(entry.response_body):
            lines.append(f"      {json.loads(advice[1])}")
        lines += [f"      no match: {problem}" for problem in problems]
    if len(calls) > SHOWN:
        lines.insert(1, f"  … {len(calls) - SHOWN} earlier ones")
    return lines + elsewhere


def _lost(registry: RuleRegistry) -> list[str]:
    """Return what is to be said of connections that did not reach the fake."""
    sentences = registry.notices()
    return ["", "Connections that did not reach the fake:", *(f"  {one}" for one in sentences)] if sentences else []


def _limits(registry: RuleRegistry) -> list[str]:
    limits = registry.fake.store.limits_for(EVERYONE) or registry.fake.options.limits or Limits()
    held = [f"{name}={value}" for name, value in structs.asdict(limits).items() if value not in (None, False)]
    return [f"Limits of every account: {', '.join(held)}."] if held else []


def _rules(registry: RuleRegistry) -> list[str]:
    rules, limits = registry.rules(), _limits(registry)
    if not rules:
        return [f"No rules were registered: every valid call passes{' within the limits' * len(limits)}.", *limits]
    more = [f"  … {len(rules) - SHOWN} later ones"] if len(rules) > SHOWN else []
    shown_rules = [f"  {rule_line(registered)}" for registered in rules[:SHOWN]]
    return ["Registered, in the order in which they are tried:", *shown_rules, *more, *limits]


def _cause(criteria: Criteria, count: int, registry: RuleRegistry) -> str:
    calls = registry.calls()
    if not calls:
        return _LOST if registry.url and registry.notices() else _CAUSE_OF_NO_CALL[registry.url != ""]
    refused = [entry for entry in calls if entry.outcome == "error"]
    if criteria.get("outcome") == "failed" and calls and all(map(is_failed_as_error, calls)):
        model, status = calls[-1].model, calls[-1].status
        return (
            f"{model} refuses such a picture with HTTP {status}, which counts as an error and is not billed:"
            ' expect outcome="error", or let all models fail alike by @pytest.mark.emoji(failed_as=200).'
        )
    if count == 0 and criteria.get("outcome") != "error" and len(refused) == len(calls):
        last = refused[-1].code or refused[-1].status
        why = " (no key, the key sk-mock-invalid, or a host of another region)" if last == Code.INVALID_API_KEY else ""
        return f"every call was refused before its image was inspected; the last one: {last}{why}."
    if count == 0:
        advice = "; a pattern must match the whole URL (`*/me.png`)" * ("image_url" in criteria)
        return f"no call meets the criteria{advice}."
    return "the code under test makes more or fewer calls than the test expects; does it retry?"

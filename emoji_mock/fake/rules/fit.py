"""Compare a rule with a call of the journal, criterion by criterion: what the call meets, and what it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from emoji_mock.contract.catalogue import ROWS
from emoji_mock.contract.endpoint import EndpointName
from emoji_mock.contract.row import Outcome
from emoji_mock.fake.rules.pattern import LOOKED_AT, compile_pattern
from emoji_mock.fake.rules.scope import describe_mismatch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emoji_mock.fake.accounting.journal import Entry
    from emoji_mock.fake.rules.rule import Rule

_MAX_SHOWN = 160  # characters of a shortened text


class CriterionFit(NamedTuple):
    """One criterion of a rule beside a call; `problem` is "" if the call meets it."""

    name: str
    problem: str


def compare(rule: Rule, entry: Entry) -> Iterator[CriterionFit]:
    """Yield each criterion of `rule`, with what `entry` lacks of it."""
    endpoint = EndpointName(entry.endpoint) if entry.endpoint else None
    is_for = rule.is_for(endpoint)
    if rule.endpoint is not None or not is_for:
        yield CriterionFit("endpoint", "" if is_for else _wrong_endpoint(rule, entry))
    if rule.image_url is not None:
        yield CriterionFit("image_url", "" if rule.depicts(entry.image_url) else _wrong_url(rule.image_url, entry))
    if rule.model is not None:
        problem = _unread(entry, entry.model) or f"it is {entry.model!r}, not {rule.model!r}"
        yield CriterionFit("model", "" if rule.model == entry.model else problem)
    if rule.key is not None:
        yield CriterionFit("key", "" if rule.key == entry.key else f"it is {entry.key or 'none'}, not {rule.key}")
    row = rule.row
    if row is not None and rule.model is None and entry.model and not rule.is_answered_by(entry.model, endpoint):
        yield CriterionFit("code", describe_mismatch(entry.model, row))


def _wrong_endpoint(rule: Rule, entry: Entry) -> str:
    place = str(entry.endpoint) or "an unknown path"
    if rule.endpoint is not None:
        return f"it is {place}, not {rule.endpoint}"
    advice = f"; say when(endpoint={place!r})" if rule.outcome is Outcome.ERROR and entry.endpoint else ""
    return f"it is {place}, where nothing is inspected{advice}"


def _unread(entry: Entry, text: str) -> str:
    """Return that a criterion of a call was not read, as the call was refused before, or ""."""
    if entry.outcome != "error" or text:
        return ""
    return f"not read, as the call was refused before: {describe_refusal(entry)}"


def describe_refusal(entry: Entry) -> str:
    """Return the answer of a call that was refused, and when it comes."""
    when = next((f" ({row.when})" for row in ROWS if row.name == entry.row and row.when), "")
    return f"{entry.status} {entry.code}".rstrip() + when


def _wrong_url(pattern: str, entry: Entry) -> str:
    url = entry.image_url
    if unread := _unread(entry, url):
        return unread
    advice = ""
    if compile_pattern(f"*{pattern}*").matches(url[:LOOKED_AT]):
        whole = f"*{pattern.strip('*')}*"
        advice = f"; a pattern must match the whole URL: {whole!r}"
    elif compile_pattern(pattern.lower()).matches(url[:LOOKED_AT].lower()):
        advice = "; they differ in capital letters only"
    return f"{shortened(url)!r} is not like {shortened(pattern)!r}{advice}"


def shortened(text: str) -> str:
    """Return `text` shortened to fit into a line, as for a `data:` URL."""
    return text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}… ({len(text)} characters)"

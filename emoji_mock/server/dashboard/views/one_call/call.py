"""One call: its request and answer, the rules that came near to it, and what makes a rule of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from emoji_mock.contract.exchange import Request
from emoji_mock.fake.rules.active_rule import EVERYONE
from emoji_mock.fake.rules.fit import compare
from emoji_mock.server.dashboard.pictures import picture_of
from emoji_mock.server.dashboard.views.calls import CallRow, entry_of, rows_of
from emoji_mock.server.dashboard.views.one_call.curl import Repeat, repeat
from emoji_mock.server.dashboard.views.one_call.rule_of_call import RuleForm, rule_form
from emoji_mock.server.dashboard.views.rules import answer_of

if TYPE_CHECKING:
    from emoji_mock.fake.accounting.journal import Entry
    from emoji_mock.fake.rules.active_rule import ActiveRule
    from emoji_mock.fake.rules.fit import CriterionFit
    from emoji_mock.server.control.steered import SteeredFake
    from emoji_mock.server.dashboard.pictures import PictureView

NEAR = 5
"""How many rules are compared with a call, those that came nearest."""
_AUTHORIZATION = "authorization"


class NearMiss(NamedTuple):
    """A rule in force beside a call: what the call meets of it, and what follows."""

    active: ActiveRule
    answer: str
    fits: list[CriterionFit]
    missing: int

    @property
    def says(self) -> str:
        """Whether the rule would apply to such a call now."""
        if self.missing:
            return f"{self.missing} of {len(self.fits)} criteria not met"
        if self.active.spent:
            return "it matches, and is used up"
        return "it matches such a call" + ("" if self.active.rule.chance is None else ", by chance")


class CallView(NamedTuple):
    """What the page shows of one call; `others` counts the rules that are not in `near`."""

    row: CallRow
    request_headers: list[tuple[str, str]]
    request_body: str
    answer_headers: list[tuple[str, str]]
    answer_body: str
    picture: PictureView | None
    near: list[NearMiss]
    others: int
    repeat: Repeat
    rule: RuleForm | None


def view(fake: SteeredFake, number: int, origin: str) -> CallView | None:
    """Return what is shown of call `number`, or None if the journal does not hold it."""
    entry = entry_of(fake.store, number)
    return None if entry is None else view_of_call(fake, entry, origin)


def view_of_call(fake: SteeredFake, entry: Entry, origin: str) -> CallView:
    """Return what is shown of a call; `origin` is the address of the server to which it can be repeated."""
    rules = [active for owner in (entry.namespace, EVERYONE) for active in fake.store.rules(owner)]
    near = near_misses(rules, entry)
    return CallView(
        rows_of([entry])[0],
        request_headers_of(entry),
        pretty(entry.request_body),
        answer_headers_of(fake, entry),
        pretty(entry.response_body),
        picture_of(fake, entry),
        near,
        len(rules) - len(near),
        repeat(entry, origin),
        rule_form(entry),
    )


def near_misses(rules: list[ActiveRule], entry: Entry) -> list[NearMiss]:
    """Return the rules of which a call lacks the fewest criteria; among equals those that are tried first."""
    compared = [(active, list(compare(active.rule, entry))) for active in rules]
    missing = [sum(bool(fit.problem) for fit in fits) for _, fits in compared]
    nearest = sorted(range(len(rules)), key=missing.__getitem__)[:NEAR]
    return [NearMiss(compared[at][0], answer_of(compared[at][0].rule), compared[at][1], missing[at]) for at in nearest]


def request_headers_of(entry: Entry) -> list[tuple[str, str]]:
    """Return the request's headers that the journal keeps; of a key only the fingerprint."""
    known = (("host", entry.host), (_AUTHORIZATION, entry.key and f"Bearer {entry.key}"), ("user-agent", entry.client))
    others = [line.partition(": ") for line in entry.headers.split("\n") if line]
    return [(name, value) for name, value in known if value] + [(name, value) for name, _, value in others]


def answer_headers_of(fake: SteeredFake, entry: Entry) -> list[tuple[str, str]]:
    """Return the headers of the answer, made anew from the call; none if no answer was sent."""
    if not entry.status:
        return []
    _, endpoint = fake.registry.read(Request(entry.method, entry.target, (("host", entry.host),), b""))
    left = entry.at + entry.delay
    made = endpoint.headers(entry.request_id, entry.status, entry.at, left, has_body=bool(entry.response_body))
    pause = [("retry-after", entry.retry_after)] if entry.retry_after else []
    return [*pause, *made]


def pretty(body: str) -> str:
    """Return a body, indented if it is JSON."""
    try:
        return msgspec.json.format(body, indent=2)
    except (msgspec.DecodeError, RecursionError, ValueError):
        return body

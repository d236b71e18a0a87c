"""The list of calls: its rows, its filters, and what it says that it leaves out."""

import pytest
from helpers import body, call
from msgspec import structs

from emoji_mock import Fake, Outcome, Rule
from emoji_mock.fake.accounting.call_filter import CallFilter
from emoji_mock.server.dashboard.render import render
from emoji_mock.server.dashboard.views import calls

URL = "https://example.com/{}.png"
MAGIC = "https://emoji-mock.test/{}.png"


def busy(count, fake=None):
    """Return a fake that was called so many times, by two accounts in turns."""
    fake = fake or Fake()
    for number in range(count):
        fake.answer(call(body(URL.format(number)), key=f"sk-mock-{'ab'[number % 2]}"))
    return fake


def numbers(rows):
    """Return the numbers of the calls that are shown."""
    return [row.entry.number for row in rows.rows]


def test_the_newest_calls_are_shown_and_the_others_counted():
    """At most forty a look, the newest first."""
    fake = busy(50)
    first = calls.view(fake)
    assert (numbers(first), first.left_out) == (list(range(50, 10, -1)), 10)
    assert (first.last, first.before) == (50, 11)
    assert numbers(calls.view(fake, 50)) == []
    later = calls.view(busy(3, fake), 50)
    assert (numbers(later), later.left_out) == ([53, 52, 51], 0)


def test_the_calls_between_two_rows_can_be_read():
    """What a row says that it leaves out is what the numbers on its button select."""
    fake = busy(50)
    shown = calls.view(fake, 2)
    assert shown.left_out == 8
    assert numbers(calls.view(fake, shown.after, before=shown.before)) == list(range(10, 2, -1))


def test_a_row_says_how_many_calls_it_leaves_out():
    """With a button in the page, without one in a report."""
    fake = busy(43)
    html = render("calls", view=calls.view(fake, 1))
    assert "2 more calls not shown" in html
    assert 'data-after="1" data-before="4">show them<' in html
    assert "3 earlier calls not shown" in render("calls", view=calls.view(fake))
    assert "<button" not in render("calls", view=calls.view(fake, 1), live=False)


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        (("*", "", ""), CallFilter()),
        (("", "", ""), CallFilter("")),
        (("a", "failed", "Pose"), CallFilter("a", Outcome.FAILED, "Pose")),
        (("*", "no such outcome", ""), CallFilter()),
    ],
    ids=["all", "without a key", "each", "an unknown outcome"],
)
def test_the_address_of_the_page_is_a_filter(address, wanted):
    """A star is every account; an outcome that does not exist is left out."""
    assert calls.filter_of(*address) == wanted


def test_filters_hold_for_the_count_too():
    """Calls of other accounts are neither shown nor counted as left out."""
    shown = calls.view(busy(100), wanted=CallFilter("a"))
    assert ({row.entry.namespace for row in shown.rows}, len(shown.rows), shown.left_out) == ({"a"}, 40, 10)


@pytest.mark.parametrize(
    ("url", "key", "rule", "why"),
    [
        (MAGIC.format("failed/FacePose"), "sk-mock-a", None, "the picture's URL says so"),
        (MAGIC.format("failed/NoSuchCode"), "sk-mock-a", None, "the picture's URL says so"),
        (URL.format("me"), "sk-mock-a", None, ""),
        (URL.format("me"), "sk-mock-a", Rule(outcome="failed", code="FacePose"), "rule for every call"),
    ],
    ids=["a magic URL", "a wrong magic URL", "a plain URL", "a rule"],
)
def test_a_row_says_why_the_call_ended_so(url, key, rule, why):
    """The journal's reason, or what the URL says; a call that passed by itself needs no reason."""
    fake = Fake()
    if rule is not None:
        fake.store.add_rule(rule)
    fake.answer(call(body(url), key=key))
    (row,) = calls.view(fake).rows
    assert row.why == why


def test_a_refused_call_says_when_its_code_comes():
    """Where the journal has no reason, the catalogue has one."""
    assert calls.why(_entry(row="no-such-row", outcome=Outcome.ERROR)) == ""
    assert calls.why(_entry(row="FacePose-of-nobody", outcome=Outcome.FAILED)) == ""
    assert calls.why(_entry(row="InvalidFile.FacePose", outcome=Outcome.FAILED)) == (
        "a tilted or turned head (inferred: also an exaggerated expression)"
    )


def _entry(**changes):
    """Return the journal's entry of a usual call, with other values."""
    fake = Fake()
    fake.answer(call())
    return structs.replace(fake.store.journal().entries[0], **changes)


def test_a_row_shows_the_price_and_what_was_wasted():
    """A picture that was billed before is marked."""
    fake = Fake()
    for _ in range(2):
        fake.answer(call())
    rows = calls.view(fake).rows
    assert [(str(row.cost), row.entry.wasted) for row in rows] == [("0.004", True), ("0.004", False)]
    assert render("calls", view=calls.view(fake)).count(">wasted<") == 1


def test_a_row_shows_how_late_the_answer_was():
    """In seconds, three digits."""
    fake = Fake()
    fake.store.add_rule(Rule(latency=1.23456))
    fake.answer(call())
    assert '<td class="number latency">1.23 s</td>' in render("calls", view=calls.view(fake))


def test_hostile_texts_are_escaped():
    """Account names are safe by their alphabet; the path and the model are the caller's own."""
    fake = Fake()
    evil = "<img src=x onerror=alert(1)>"
    fake.answer(call(body(model=evil)))
    fake.answer(call(target=f"/{evil}"))
    html = render("calls", view=calls.view(fake))
    assert "<img" not in html
    assert html.count("&lt;img src=x onerror=alert(1)&gt;") == 2


def test_accounts_are_listed_by_name():
    """At most so many."""
    assert calls.accounts(busy(4)) == ["a", "b"]

"""The events of calls: what is shown at first, what comes after, and what happens when calls are gone."""

import asyncio
import json

from helpers import body, call

from emoji_mock import Fake
from emoji_mock.fake.accounting.call_filter import CallFilter
from emoji_mock.server.dashboard.stream import PageStream


def events_of(fake, *steps, wanted=None):
    """Return the names and data of the events about calls, one list for the first look and one after each step."""

    async def read():
        stream = PageStream(fake, asyncio.Event(), wanted or CallFilter())
        looks = []
        for step in (None, *steps):
            if step is not None:
                step()
            made = stream.look(with_regions=False)
            looks.append([_parsed(one) for one in made if not one.startswith(b":")])
        return looks

    return asyncio.run(read())


def _parsed(event):
    name, data = event.decode().removeprefix("event: ").split("\ndata: ")
    return name, json.loads(data)


def test_the_first_event_has_the_latest_calls_and_the_next_those_that_came():
    """A look without a new call has no event."""
    fake = Fake()
    for _ in range(3):
        fake.answer(call())
    first, nothing, new = events_of(fake, lambda: None, lambda: fake.answer(call()))
    assert [(name, html.count("<tr id=")) for name, html in first] == [("calls", 3)]
    assert nothing == []
    assert [(name, html.count("<tr id="), 'id="call-4"' in html) for name, html in new] == [("new-calls", 1, True)]


def test_an_empty_journal_is_shown_as_such():
    """The first event comes, so that a page that was connected before drops its rows."""
    ((name, html),) = events_of(Fake())[0]
    assert (name, html.strip()) == ("calls", "")


def test_after_a_reset_the_whole_list_comes_anew():
    """Rows of calls that are gone would stay otherwise."""
    fake = Fake()
    fake.answer(call())
    _, after = events_of(fake, fake.reset)
    assert [(name, html.strip()) for name, html in after] == [("calls", "")]


def test_a_burst_is_sampled():
    """Of a thousand calls between two looks forty are sent, and how many are not."""
    fake = Fake()

    def burst():
        for number in range(1000):
            fake.answer(call(body(f"https://example.com/{number}.png")))

    _, ((name, html),) = events_of(fake, burst)
    assert (name, html.count("<tr id=")) == ("new-calls", 40)
    assert "960 earlier calls not shown" in html


def test_only_the_calls_that_are_wanted_are_sent():
    """A call of another account makes no event."""
    fake = Fake()
    look, other, mine = events_of(
        fake,
        lambda: fake.answer(call(key="sk-mock-other")),
        lambda: fake.answer(call(key="sk-mock-me")),
        wanted=CallFilter("me"),
    )
    assert [name for name, _ in look] == ["calls"]
    assert other == []
    assert [name for name, _ in mine] == ["new-calls"]

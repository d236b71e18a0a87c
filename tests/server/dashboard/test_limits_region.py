"""The region of limits: those that are set, and what is left of them by account."""

import pytest
from helpers import call

from emoji_mock import Clock, Fake, Limits, Options
from emoji_mock.server.dashboard.regions import REGIONS
from emoji_mock.server.dashboard.views import limits

HTML = {region.name: region.html for region in REGIONS}


@pytest.fixture
def fake():
    """A fake whose time stands still, and that has limits of its own."""
    clock = Clock()
    clock.freeze(1_764_417_600.0)
    return Fake(Options(limits=Limits(images=3, spend=0.02)), clock=clock)


def rows_of(fake):
    """Return account, limit, subject, use and rest of each row."""
    return [(*row[:4], row.left) for row in limits.view(fake).rows]


def test_what_is_left_is_shown_by_account(fake):
    """Of the amounts by the ledger, of the rates by the calls of the last second."""
    for key in ("a", "a", "b"):
        fake.answer(call(key=f"sk-mock-{key}"))
    assert rows_of(fake) == [
        ("a", "spend", "account", 0.008, 0.012),
        ("a", "images", "emoji-detect-v1", 2.0, 1.0),
        ("b", "spend", "account", 0.004, 0.016),
        ("b", "images", "emoji-detect-v1", 1.0, 2.0),
    ]
    fake.store.set_limits(Limits(rps=2, concurrency=1), "a")
    fake.answer(call(key="sk-mock-a"))
    assert rows_of(fake)[:2] == [
        ("a", "rps", "emoji-detect-v1", 1, 1.0),
        ("a", "concurrency", "emoji-detect-v1", 0, 1.0),
    ]


def test_documented_limits_are_each_models_own(fake):
    """The free tier of the vendor's page, where no other is set."""
    fake.store.set_limits(Limits(documented=True))
    fake.answer(call(key="sk-mock-a"))
    assert rows_of(fake) == [
        ("a", "images", "emoji-detect-v1", 1.0, 199.0),
        ("a", "rps", "emoji-detect-v1", 1, 0.0),
    ]
    assert "used up" in HTML["limits"](fake)


def test_the_limits_that_are_set_can_be_dropped(fake):
    """Everyone's come first; the server's own cannot be dropped by the page."""
    assert [one[:] for one in limits.view(fake).limits] == [("*", ["images=3", "spend=0.02"], False)]
    fake.store.set_limits(Limits(rps=1, retry_after=True), "a&b")
    assert [one[:] for one in limits.view(fake).limits][1:] == [("a&b", ["rps=1", "retry_after"], True)]
    html = HTML["limits"](fake)
    assert 'data-path="/_mock/limits?namespace=a%26b"' in html
    assert html.count("Drop") == 2  # a button, and its label


def test_many_accounts_are_bounded(fake):
    """Those that made the most calls are shown, and the others counted."""
    for number in range(limits.SHOWN + 3):
        fake.answer(call(key=f"sk-mock-{number}"))
    shown = limits.view(fake)
    assert (len({row.namespace for row in shown.rows}), shown.others) == (limits.SHOWN, 3)
    assert "3 more accounts with limits" in HTML["limits"](fake)


def test_without_limits_it_says_so():
    """Usually nothing is limited."""
    fake = Fake()
    fake.answer(call())
    assert "No account is limited." in HTML["limits"](fake)

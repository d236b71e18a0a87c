"""The region of money: the sums, the accounts, and the chart of what calls cost over time."""

from decimal import Decimal

import pytest
from helpers import body, call, video

from emoji_mock import Clock, Fake
from emoji_mock.server.dashboard.regions import REGIONS
from emoji_mock.server.dashboard.views import money

NOON = 1_764_417_600.0
HTML = {region.name: region.html for region in REGIONS}


@pytest.fixture
def clock():
    """A clock that stands at noon until a test moves it."""
    clock = Clock()
    clock.freeze(NOON)
    return clock


def bars_of(fake):
    """Return when each bar that is not empty begins after noon, what it billed, and what of it was wasted."""
    bars = money.view(fake).history.bars
    return [(bar.at - NOON, str(bar.billed), str(bar.wasted)) for bar in bars if bar.billed]


def test_the_accounts_are_listed_the_dearest_first(clock):
    """With what all cost together; an account beyond the bound is counted alone."""
    fake = Fake(clock=clock)
    for key in ("a", "b", "b"):
        fake.answer(call(key=f"sk-mock-{key}"))
    shown = money.view(fake)
    assert [(one.namespace, str(one.ledger.cost)) for one in shown.accounts] == [("b", "0.008"), ("a", "0.004")]
    assert (str(shown.total.cost), str(shown.total.cost_wasted), shown.others) == ("0.012", "0.004", 0)
    for number in range(money.ACCOUNTS):
        fake.answer(call(key=f"sk-mock-{number:02}"))
    assert "2 more accounts, which cost less" in HTML["money"](fake)


def test_the_chart_has_the_cost_over_time(clock):
    """Each bar has what was billed in its step; a picture that was paid twice is wasted; errors cost nothing."""
    fake = Fake(clock=clock)
    fake.answer(call())
    fake.answer(call(key="sk-mock-throttled"))
    clock.advance(3)
    fake.answer(call())
    fake.answer(call(body("https://example.com/you.png")))
    assert bars_of(fake) == [(0.0, "0.004", "0"), (3.0, "0.008", "0.004")]
    assert money.view(fake).history.seconds == 1


def test_a_video_costs_by_its_seconds(clock):
    """In the step in which it was asked for."""
    fake = Fake(clock=clock)
    fake.answer(video())
    (entry,) = fake.store.journal().entries
    assert bars_of(fake) == [(0.0, str(Decimal(str(entry.video_seconds)) * Decimal("0.08")), "0")]


@pytest.mark.parametrize(
    ("later", "step"), [(0, 1), (46, 1), (48, 5), (3600, 300), (86_400, 3600), (10 * 86_400, 86_400)]
)
def test_the_chart_fits_its_width(clock, later, step):
    """However much time it covers, it has at most BARS bars, in steps that people count in."""
    fake = Fake(clock=clock)
    fake.answer(call())
    clock.advance(later)
    fake.answer(call())
    history = money.view(fake).history
    assert (history.seconds, len(history.bars) <= money.BARS) == (step, True)


def test_a_chart_of_centuries_fits_its_width(clock):
    """Also where the clock was set far ahead."""
    fake = Fake(clock=clock)
    fake.answer(call())
    clock.advance(250e9)
    fake.answer(call())
    assert len(money.view(fake).history.bars) <= money.BARS


def test_the_bars_are_drawn_to_scale(clock):
    """The dearest step has the full height, and what it wasted a part of it."""
    fake = Fake(clock=clock)
    fake.answer(call())
    fake.answer(call())
    clock.advance(1)
    fake.answer(call(body("https://example.com/you.png")))
    drawn = [(bar.x, bar.height, bar.wasted_height) for bar in money.view(fake).history.bars]
    assert drawn == [(0.0, 100.0, 50.0), (240.0, 50.0, 0.0)]


def test_nothing_is_charted_at_first(clock):
    """It says that nothing was billed; calls that cost nothing make no chart either."""
    fake = Fake(clock=clock)
    assert "No call has been billed yet." in HTML["money"](fake)
    fake.answer(call(key="sk-mock-throttled"))
    assert "<svg" not in HTML["money"](fake)

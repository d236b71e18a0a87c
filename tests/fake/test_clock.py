"""The clock that a test can stop."""

import time

import pytest
from helpers import call, fields_of, form, policy_for, post, video

from emoji_mock import Clock, Fake


def test_it_gives_the_real_time_until_it_is_stopped():
    """A running clock returns the real time plus all advances; a frozen one does not change."""
    clock = Clock()
    assert abs(clock() - time.time()) < 5
    clock.advance(3600)
    assert clock() - time.time() == pytest.approx(3600, abs=5)
    clock.freeze()
    assert clock.frozen
    assert clock() == clock()


def test_waiting_on_a_stopped_clock_takes_no_time():
    """Waiting on a stopped clock advances it."""
    clock = Clock()
    clock.freeze(1000.0)
    began = time.monotonic()
    clock.sleep(3600)
    assert clock() == 4600.0
    assert time.monotonic() - began < 5


def test_it_is_put_forward_to_a_time_once():
    """Waiting for a time in the past returns at once; a running clock is not advanced to a future time."""
    clock = Clock()
    clock.freeze(1000.0)
    clock.reach(1060)
    clock.reach(1030)
    assert clock() == 1060
    clock.unfreeze()
    clock.reach(9000)
    assert clock() < 8000


def test_a_stopped_clock_can_go_on():
    """An unfrozen clock runs on from its time; to unfreeze a running one changes nothing."""
    clock = Clock()
    clock.freeze(1000.0)
    clock.advance(60)
    clock.unfreeze()
    assert not clock.frozen
    assert clock() == pytest.approx(1060, abs=5)
    time.sleep(0.01)
    later = clock()
    clock.unfreeze()
    assert 1060 < later <= clock()


@pytest.mark.parametrize("seconds", [-1, float("nan")])
def test_time_goes_forward(seconds):
    """No clock is put back."""
    with pytest.raises(ValueError, match="must be 0 seconds or more"):
        Clock().advance(seconds)


@pytest.mark.parametrize("at", [float("nan"), float("inf"), -float("inf"), 1e20, -1.0, 253_402_300_799.0])
def test_an_absurd_clock_is_answered(at):
    """Whatever a function says of the time, and at the end of the calendar, every kind of call gets its answer."""
    fake = Fake(clock=lambda: at)
    granted = policy_for(fake)
    assert fake.answer(call()).status == 200
    assert fake.answer(post(form(fields_of(granted), b"x"))).status == 200
    assert fake.answer(video()).status == 200
    assert fake.answer(call(b"", method="GET", target="/api/v1/tasks")).status == 200


@pytest.mark.parametrize("at", [float("nan"), float("inf"), 1e20, -1.0])
def test_a_clock_is_not_set_beyond_the_calendar(at):
    """The message says what would be right."""
    with pytest.raises(ValueError, match=r"must be from 0 \(1970\) to 253086768000 \(9990\) seconds"):
        Clock().freeze(at)


@pytest.mark.parametrize("seconds", [float("inf"), 1e20])
def test_a_clock_is_not_advanced_beyond_the_calendar(seconds):
    """Nothing changes then."""
    clock = Clock()
    clock.freeze(7.0)
    with pytest.raises(ValueError, match=r"^advance by "):
        clock.advance(seconds)
    assert clock() == 7.0


def test_a_clock_returns_to_the_real_time():
    """However it was frozen and advanced."""
    clock = Clock()
    clock.freeze(1000.0)
    clock.advance(60)
    clock.restore()
    assert not clock.frozen
    assert clock() == pytest.approx(time.time(), abs=5)


def test_the_usual_clock_of_a_fake_can_be_set():
    """Tasks and journal go by it until a reset of all; one account's reset leaves it; a clock of a test is itself."""
    fake = Fake()
    fake.settable_clock().freeze(1000.0)
    fake.answer(call())
    assert (fake.clock(), [entry.at for entry in fake.store.journal().entries]) == (1000.0, [1000.0])
    assert fake.store.journal().entries[0].real == pytest.approx(time.time(), abs=5)
    fake.reset("test")
    assert fake.clock() == 1000.0
    fake.reset()
    assert fake.clock() == pytest.approx(time.time(), abs=5)
    mine = Clock()
    assert Fake(clock=mine).settable_clock() is mine


def test_a_reset_leaves_the_clock_of_a_test():
    """Only a time that was set through the fake ends with its state."""
    clock = Clock()
    fake = Fake(clock=clock)
    fake.settable_clock().freeze(1000.0)
    fake.reset()
    assert clock() == 1000.0

"""The clock that a test can stop."""

import time

import pytest

from emoji_mock import Clock


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
    with pytest.raises(ValueError, match="time goes forward only"):
        Clock().advance(seconds)

"""The clock that a test can stop."""

import time

import pytest

from emoji_mock import Clock


def test_it_tells_the_real_time_until_it_is_stopped():
    """A running clock tells the time, ahead by what it was put forward; a stopped one stands."""
    clock = Clock()
    assert abs(clock() - time.time()) < 5
    clock.advance(3600)
    assert clock() - time.time() == pytest.approx(3600, abs=5)
    clock.freeze()
    assert clock.frozen
    assert clock() == clock()


def test_waiting_on_a_stopped_clock_takes_no_time():
    """Who waits on a stopped clock puts it forward."""
    clock = Clock()
    clock.freeze(1000.0)
    began = time.monotonic()
    clock.sleep(3600)
    assert clock() == 4600.0
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("seconds", [-1, float("nan")])
def test_time_goes_forward(seconds):
    """No clock is put back."""
    with pytest.raises(ValueError, match="time goes forward only"):
        Clock().advance(seconds)

"""Work within a deadline: its result, its error, its end, and where it runs."""

import threading
from contextvars import ContextVar

import pytest

from emoji_mock._support.deadlines import DeadlinePassedError, run_within

VALUE = ContextVar("VALUE", default="unset")


def test_work_in_time_gives_its_result_in_the_caller_s_context():
    """It sees the context variables of the caller."""
    VALUE.set("mine")
    assert run_within(5, VALUE.get) == "mine"
    assert run_within(float("inf"), lambda: None) is None


def test_an_error_is_raised_in_the_caller():
    """The same exception, whatever it is."""
    problem = KeyError("a")

    def fail():
        raise problem

    with pytest.raises(KeyError) as caught:
        run_within(5, fail)
    assert caught.value is problem


def test_work_that_takes_too_long_is_abandoned_and_ends():
    """The caller goes on at the deadline, and the thread ends though the work never would."""
    threads, go_on = [], threading.Event()

    def never():
        threads.append(threading.current_thread())
        while True:
            go_on.wait(0.01)

    with pytest.raises(DeadlinePassedError):
        run_within(0.05, never)
    threads[0].join(10)
    assert not threads[0].is_alive()

"""The limiter: never more than allowed in any window, and a refused call is not counted."""

import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emoji_mock import Limits
from emoji_mock.fake.accounting import limiter as module
from emoji_mock.fake.accounting.limiter import RateLimiter

NOW = 1_795_366_800.0
steps = st.lists(st.sampled_from([0.0, 0.03125, 0.0625, 0.125, 0.25, 0.5, 1.0, 2.0]), max_size=60)
"""Sums of these are exact, so that the edges of windows are."""


def arrivals(waits):
    """Return when calls come, from the times between them."""
    now = NOW
    for wait in waits:
        now += wait
        yield now


def admitted(limits, times):
    """Return which of the `times` calls are admitted at."""
    limiter = RateLimiter()
    return [now for now in times if limiter.admit("a", "g", limits, now).refused_by is None]


@settings(deadline=None)  # the machine may be busy
@given(rps=st.integers(1, 5) | st.none(), burst=st.integers(1, 5) | st.none(), waits=steps)
def test_never_more_than_allowed_in_any_window(rps, burst, waits):
    """However calls come, at most `rps` are admitted in any second, and at most `burst` in any tenth of one."""
    through = admitted(Limits(rps=rps, burst=burst), arrivals(waits))
    for most, window in ((rps, 1.0), (burst, 0.1)):
        for start in through if most else ():
            assert sum(start <= at < start + window for at in through) <= most


@settings(deadline=None)  # the machine may be busy
@given(rps=st.integers(1, 5), waits=steps)
def test_a_refused_call_never_counts(rps, waits):
    """Without the refused calls the same others are admitted, and a call is refused only when the limit is reached."""
    limits, times = Limits(rps=rps), list(arrivals(waits))
    through = admitted(limits, times)
    assert admitted(limits, through) == through
    for now in times:
        if now not in through:
            assert sum(now - 1.0 < at <= now for at in through) == rps


@settings(deadline=None)  # the machine may be busy
@given(rps=st.integers(1, 5), burst=st.integers(1, 5), waits=steps)
def test_after_the_wait_a_call_is_admitted(rps, burst, waits):
    """A call that comes after the wait, and is alone, is not refused by the same limit."""
    limits, limiter = Limits(rps=rps, burst=burst), RateLimiter()
    for now in arrivals(waits):
        admission = limiter.admit("a", "g", limits, now)
        if admission.refused_by is not None:
            assert 0 < admission.wait <= 1.0
            # A microsecond more: between such large numbers a tenth is not exact.
            second = limiter.admit("a", "g", limits, now + admission.wait + 1e-6)
            assert second.refused_by != admission.refused_by
            return


@settings(deadline=None)  # the machine may be busy
@given(
    most=st.integers(1, 4),
    calls=st.lists(st.tuples(st.sampled_from([0.0, 0.5, 1.0]), st.sampled_from([0.0, 1.0, 3.0])), max_size=40),
)
def test_never_more_under_way_than_allowed(most, calls):
    """A call is under way from its arrival until its answer is out; at no time are there more than allowed."""
    limiter, limits, spans, now = RateLimiter(), Limits(concurrency=most), [], NOW
    for wait, lasts in calls:
        now += wait
        under_way = sum(until > now for _, until in spans)
        admission = limiter.admit("a", "g", limits, now)
        assert (admission.refused_by is None) is (under_way < most)
        if admission.refused_by is None:
            limiter.leave("a", "g", admission.place, now + lasts)
            spans.append((now, now + lasts))


def test_a_call_without_an_answer_yet_keeps_its_place():
    """Until its end is known, a call is under way, and another is refused with a wait of one second."""
    limiter, limits = RateLimiter(), Limits(concurrency=1)
    first = limiter.admit("a", "g", limits, NOW)
    assert limiter.admit("a", "g", limits, NOW + 500)[1:] == ("concurrency", 1.0)
    limiter.leave("a", "g", first.place, NOW + 503)
    assert limiter.admit("a", "g", limits, NOW + 501)[1:] == ("concurrency", 2.0)
    assert limiter.admit("a", "g", limits, NOW + 503).refused_by is None


def test_namespaces_and_gates_are_counted_apart():
    """Each namespace has a count for each gate, and clearing one leaves the others."""
    limiter, limits = RateLimiter(), Limits(rps=1)
    for namespace, gate in (("a", "g"), ("a", "h"), ("b", "g")):
        assert limiter.admit(namespace, gate, limits, NOW).refused_by is None
    limiter.clear("a")
    assert limiter.admit("a", "g", limits, NOW).refused_by is None
    assert limiter.admit("b", "g", limits, NOW).refused_by is not None


def test_a_clock_that_is_put_back_starts_anew():
    """Arrivals less than a second out of order are held to the limit; beyond that the count starts anew."""
    limiter, limits = RateLimiter(), Limits(rps=1)
    limiter.admit("a", "g", limits, NOW)
    assert limiter.admit("a", "g", limits, NOW - 0.5).refused_by is not None
    assert limiter.admit("a", "g", limits, NOW - 3600).refused_by is None


def test_limits_that_change_hold_at_once():
    """A tighter limit counts the calls before it, as far as they are kept."""
    limiter = RateLimiter()
    assert [limiter.admit("a", "g", Limits(rps=3), NOW).refused_by for _ in range(3)] == [None] * 3
    assert limiter.admit("a", "g", Limits(rps=2), NOW + 0.5).refused_by is not None
    assert limiter.admit("a", "g", Limits(rps=4), NOW + 0.5).refused_by is None


def test_the_number_of_gates_is_bounded(monkeypatch):
    """The least recently used gate is dropped."""
    monkeypatch.setattr(module, "GATES", 2)
    limiter, limits = RateLimiter(), Limits(rps=1)
    for namespace in ("a", "b", "a", "c"):
        limiter.admit(namespace, "g", limits, NOW)
    admitted = [limiter.admit(namespace, "g", limits, NOW).refused_by is None for namespace in ("a", "b")]
    assert admitted == [False, True]


@pytest.mark.parametrize("limits", [Limits(rps=1000), Limits(burst=1000), Limits(concurrency=1000)])
def test_the_number_of_calls_is_bounded(monkeypatch, limits):
    """However many accounts call within a second, the calls of those that were idle the longest are forgotten."""
    monkeypatch.setattr(module, "CALLS", 100)
    limiter = RateLimiter()
    for number in range(50):
        for _ in range(10):
            limiter.admit(f"n{number}", "g", limits, NOW)
    assert sum(gate.kept() for gate in limiter._gates.values()) == 100
    assert list(limiter._gates) == [(f"n{number}", "g") for number in range(40, 50)]
    limiter.clear()
    assert limiter._kept == 0


@pytest.mark.parametrize("limits", [Limits(rps=5), Limits(burst=5), Limits(concurrency=5)])
def test_what_no_limit_counts_any_longer_is_dropped(limits):
    """After a second, gates without a call in progress take no memory, and a gate in use keeps recent calls alone."""
    limiter = RateLimiter()
    for namespace in ("a", "b", "a"):
        admission = limiter.admit(namespace, "g", limits, NOW)
        limiter.leave(namespace, "g", admission.place, NOW + 0.5)
    limiter.admit("c", "g", limits, NOW + 1.0)
    assert list(limiter._gates) == [("c", "g")]
    assert limiter._kept == 1
    limiter.admit("c", "g", limits, NOW + 3.0)
    assert limiter._kept == limiter._gates["c", "g"].kept()


def test_a_call_in_progress_is_counted_however_long_it_takes():
    """A gate that was idle for a long time stays while one of its calls is in progress."""
    limiter, limits = RateLimiter(), Limits(concurrency=1)
    limiter.admit("a", "g", limits, NOW)
    limiter.admit("b", "g", limits, NOW + 500)
    assert limiter.admit("a", "g", limits, NOW + 501).refused_by == "concurrency"


@pytest.mark.parametrize("limits", [Limits(rps=50), Limits(burst=50), Limits(concurrency=50)])
def test_threads_share_one_count(limits):
    """Eight threads at one moment are admitted, together, exactly as often as one would be."""
    limiter, through, start = RateLimiter(), [], threading.Barrier(8)

    def ask():
        start.wait()
        admissions = [limiter.admit("a", "g", limits, NOW) for _ in range(100)]
        through.extend(one for one in admissions if one.refused_by is None)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(through) == 50

"""The port of limits: whose they are, and which calls they refuse."""

import pytest
from store_helpers import in_threads

from emoji_mock import Limits


def test_a_namespaces_limits_go_before_everyones(store):
    """Everyone's hold where a namespace has none of its own; None removes them."""
    assert (store.has_limits, store.limits_for("a")) == (False, None)
    store.set_limits(Limits(rps=1))
    store.set_limits(Limits(images=200, spend=0.8, retry_after=True), "a")
    assert store.has_limits
    assert store.limits_for("a") == Limits(images=200, spend=0.8, retry_after=True)
    assert store.limits_for("b") == Limits(rps=1)
    assert store.limits() == {"*": Limits(rps=1), "a": Limits(images=200, spend=0.8, retry_after=True)}
    store.set_limits(None, "a")
    assert store.limits_for("a") == Limits(rps=1)


@pytest.mark.parametrize(
    ("limits", "refused_by", "wait"),
    [(Limits(rps=2), "rps", 1.0), (Limits(burst=2), "burst", 0.1), (Limits(concurrency=2), "concurrency", 1.0)],
    ids=["rps", "burst", "concurrency"],
)
def test_a_call_over_the_limit_is_refused(store, limits, refused_by, wait):
    """The third call at once is refused by name, with the wait; other gates and namespaces are free.

    Calls have places where those under way are counted.
    """
    admissions = [store.admit("a", "emoji-detect-v1", limits, 1000.0) for _ in range(3)]
    assert [admission.refused_by for admission in admissions] == [None, None, refused_by]
    assert admissions[2].wait == pytest.approx(wait)
    places = {admission.place for admission in admissions[:2]}
    assert len(places - {0}) == (2 if limits.concurrency else 0)
    assert store.admit("a", "emoji-v1", limits, 1000.0).refused_by is None
    assert store.admit("b", "emoji-detect-v1", limits, 1000.0).refused_by is None


def test_a_place_is_free_when_its_call_has_ended(store):
    """A call is under way until the time that is said when it leaves."""
    limits = Limits(concurrency=1)
    admission = store.admit("a", "g", limits, 1000.0)
    store.leave("a", "g", admission.place, 1003.0)
    assert [store.admit("a", "g", limits, now).refused_by for now in (1002.5, 1003.0)] == ["concurrency", None]


def test_no_more_are_admitted_under_threads(store):
    """Of all threads together, as many calls are let through as the limit says."""
    admissions = in_threads(lambda _: store.admit("a", "g", Limits(concurrency=20), 1000.0))
    places = [admission.place for admission in admissions if admission.refused_by is None]
    assert (len(places), len(set(places))) == (20, 20)


def test_the_calls_of_each_gate_are_counted(store):
    """In the last second, in its last tenth, and under way; other namespaces and what is over are not counted."""
    limits = Limits(rps=9, burst=9, concurrency=9)
    first = store.admit("a", "g", limits, 1000.0)
    store.admit("a", "g", limits, 1000.5)
    store.admit("b", "g", limits, 1000.5)
    assert store.gate_uses(["a"], 1000.55) == {"a": {"g": (2, 1, 2)}}
    store.leave("a", "g", first.place, 1000.6)
    assert store.gate_uses(["a", "b"], 1001.2) == {"a": {"g": (1, 0, 1)}, "b": {"g": (1, 0, 1)}}
    assert store.gate_uses(["c"], 1000.5) == {"c": {}}

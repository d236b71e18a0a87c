"""Limits of a store that several replicas share, and the calls that they count together."""

from itertools import count
from time import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_helpers import in_threads, new_prefix, valkey_store

from emoji_mock import Limits
from emoji_mock.fake.store.memory import MemoryStore
from emoji_mock.stores.valkey import epoch_cache, limits


@pytest.fixture
def replicas():
    """Two replicas of one empty store."""
    prefix = new_prefix()
    return valkey_store(prefix=prefix), valkey_store(prefix=prefix)


def held(store, name):
    """Return how many fields the hash `name` of the store has."""
    return store.engine._threads.client.hlen(f"{store.engine.address.prefix}:{name}")


@pytest.mark.parametrize(
    ("given", "admitted"),
    [(Limits(rps=1), 4), (Limits(rps=3), 12), (Limits(burst=2), 8), (Limits(concurrency=5), 5)],
    ids=["1 rps", "3 rps", "burst", "concurrency"],
)
def test_a_limit_holds_over_all_replicas(replicas, given, admitted):
    """Threads of several replicas together get no more calls through than the limit says, in each of four seconds."""
    seconds = count()

    def call(number):
        return replicas[number % 2].admit("a", "g", given, 1000.0 + next(seconds) // 100)

    admissions = in_threads(call)
    places = [admission.place for admission in admissions if admission.refused_by is None]
    assert (len(places), len(set(places))) == (admitted, admitted if given.concurrency else 1)


def test_a_call_ends_at_whichever_replica(replicas):
    """The place that one replica has given is freed at another, when the call has ended, and by nothing else."""
    first, second = replicas
    given = Limits(concurrency=1)
    admission = first.admit("a", "g", given, 1000.0)
    second.leave("a", "g", admission.place + 1, 1001.0)
    second.leave("a", "other", admission.place, 1001.0)
    assert second.admit("a", "g", given, 1002.0).refused_by == "concurrency"
    second.leave("a", "g", admission.place, 1003.0)
    refused = first.admit("a", "g", given, 1002.5)
    assert (refused.refused_by, refused.wait) == ("concurrency", pytest.approx(0.5))
    assert first.admit("a", "g", given, 1003.0).refused_by is None


def test_a_call_of_a_killed_replica_does_not_hold_its_place_for_ever(replicas):
    """A call that nobody ends counts for a minute; one whose end is known counts until then, however late it is."""
    first, second = replicas
    given = Limits(concurrency=2)
    first.admit("a", "g", given, 1000.0)
    late = first.admit("a", "g", given, 1000.0)
    second.leave("a", "g", late.place, 2000.0)
    assert second.admit("a", "g", given, 1059.9).refused_by == "concurrency"
    assert second.gate_uses(["a"], 1059.9)["a"]["g"].concurrency == 2
    assert second.admit("a", "g", given, 1060.0).refused_by is None
    assert second.gate_uses(["a"], 1060.0)["a"]["g"].concurrency == 2
    assert second.gate_uses(["a"], 2000.0)["a"]["g"].concurrency == 0


def test_replicas_whose_clocks_differ_count_by_that_of_the_engine(replicas):
    """A clock that is five seconds behind neither lets calls through nor begins the counts anew."""
    first, second = replicas
    second.engine.skew = 5.0
    given = Limits(rps=1, concurrency=1)
    admission = first.admit("a", "g", given, 1000.0)
    refused = second.admit("a", "g", given, 995.75)
    assert (refused.refused_by, refused.wait) == ("rps", pytest.approx(0.25))
    assert second.gate_uses(["a"], 995.75) == {"a": {"g": (1, 0, 1)}}
    second.leave("a", "g", admission.place, 996.5)
    assert [first.admit("a", "g", given, now).refused_by for now in (1001.25, 1001.5)] == ["concurrency", None]


def test_a_replica_reads_limits_once(replicas, monkeypatch):
    """Until they change; now and then it tells that those of a namespace are in use."""
    monkeypatch.setattr(epoch_cache, "monotonic", lambda: 1000.0)
    first, second = replicas
    first.set_limits(Limits(rps=1))
    first.set_limits(Limits(rps=2), "a")
    second.refresh()
    operations = []
    second.engine.on_operation = lambda name, _: operations.append(name)
    assert [second.limits_for(name) for name in "aaabb"] == [Limits(rps=2)] * 3 + [Limits(rps=1)] * 2
    assert operations == ["read_limits", "touch_limits", "read_limits"]
    first.set_limits(None, "a")
    second.refresh()
    assert second.limits_for("a") == Limits(rps=1)


def test_namespaces_with_limits_are_bounded(replicas, monkeypatch):
    """Those that were idle for the longest time give way, at whichever replica the others are used; never everyone's."""
    monkeypatch.setattr(limits, "NAMESPACES", 4)
    monkeypatch.setattr(epoch_cache, "monotonic", count(1000.0, 60.0).__next__)
    first, second = replicas
    for name in ("*", "a", "b", "c"):
        first.set_limits(Limits(rps=1), name)
    second.refresh()
    second.limits_for("a")
    first.set_limits(Limits(rps=1), "d")
    assert set(first.limits()) == {"*", "a", "c", "d"}
    first.reset()
    assert first.limits() == {}


def test_gates_are_bounded(replicas, monkeypatch):
    """Of gates, and of the calls that they keep, those that were idle for the longest time give way."""
    monkeypatch.setattr(limits, "GATES", 10)
    for number in range(30):
        replicas[number % 2].admit(f"{number}", "g", Limits(rps=1), 1000.0)
    assert held(replicas[0], "gates") == 10
    assert replicas[0].gate_uses(["19", "20", "29"], 1000.0) == {
        "19": {},
        "20": {"g": (1, 1, 0)},
        "29": {"g": (1, 1, 0)},
    }
    monkeypatch.setattr(limits, "CALLS", 5)
    replicas[0].admit("20", "g", Limits(rps=5), 1000.0)
    assert held(replicas[0], "gates") == 4
    assert replicas[0].gate_uses(["20"], 1000.0) == {"20": {"g": (2, 2, 0)}}


def test_gates_that_count_nothing_are_dropped(replicas):
    """When another one comes; those with a call under way are kept."""
    for number in range(20):
        replicas[number % 2].admit(f"{number}", "g", Limits(rps=1), 1000.0 + number)
        assert held(replicas[0], "gates") <= 2
    replicas[0].admit("busy", "g", Limits(concurrency=1), 1020.0)
    replicas[0].admit("last", "g", Limits(rps=1), 1025.0)
    assert replicas[0].gate_uses(["19", "busy"], 1025.0) == {"19": {}, "busy": {"g": (0, 0, 1)}}


def test_calls_that_had_to_wait_for_the_engine_are_counted(replicas):
    """They come after later ones of another replica; that is no clock that was put back, which begins a new count."""
    now, given = time(), Limits(rps=2)
    admitted = [replicas[0].admit("a", "g", given, now), replicas[0].admit("a", "g", given, now)]
    late = [replicas[1].admit("a", "g", given, now - seconds).refused_by for seconds in (0.5, 2.0, 4.0, 0.0)]
    assert ([admission.refused_by for admission in admitted], late) == ([None, None], ["rps"] * 4)
    assert replicas[1].admit("a", "g", given, now - 3600).refused_by is None


steps = st.lists(
    st.tuples(st.sampled_from([0.0, 0.05, 0.1, 0.3, 1.0, -0.2, -5.0]), st.sampled_from([None, 0.0, 0.2, 3.0])),
    max_size=25,
)
some_limits = st.builds(
    Limits, rps=st.sampled_from([None, 1, 3]), burst=st.sampled_from([None, 1, 2]), concurrency=st.sampled_from([None, 1, 2])
)  # fmt: skip


@given(steps, some_limits)
def test_calls_are_counted_as_in_memory(calls, given):
    """Through the same calls, ends of calls and times, both stores admit and refuse the same, and say the same waits."""
    shared, memory, now = valkey_store(), MemoryStore(), 1000.0
    for later, lasts in calls:
        now += later
        ours, theirs = shared.admit("a", "g", given, now), memory.admit("a", "g", given, now)
        assert (ours.refused_by, ours.wait) == (theirs.refused_by, theirs.wait)
        if lasts is not None and ours.refused_by is None:
            shared.leave("a", "g", ours.place, now + lasts)
            memory.leave("a", "g", theirs.place, now + lasts)
        assert shared.gate_uses(["a"], now) == memory.gate_uses(["a"], now)

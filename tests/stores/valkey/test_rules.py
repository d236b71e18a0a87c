"""Rules of a store that several replicas share."""

import logging
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_helpers import EACH, THREADS, error, in_threads, journal_entry, new_prefix, valkey_store

from emoji_mock import Rule
from emoji_mock.fake.rules.rule import RequestFacts
from emoji_mock.fake.store.memory import MemoryStore
from emoji_mock.fake.store.ports import StaleStateError
from emoji_mock.stores.valkey import epoch_cache, rules

FACTS = RequestFacts("emoji-detect-v1", "https://example.com/me.png", "key:000000000000")


@pytest.fixture
def replicas():
    """Two replicas of one empty store."""
    prefix = new_prefix()
    return valkey_store(prefix=prefix), valkey_store(prefix=prefix)


def codes(store, namespace="a", facts=FACTS):
    """Return the codes of the rules that a call uses; it is answered again if it relies on what holds no longer."""
    while True:
        try:
            with store.engine.relying(store.engine.state.epoch):
                taken = store.take_rules(namespace, facts)
                store.record(journal_entry(namespace))
        except StaleStateError:
            store.refresh()
        else:
            return [rule.code for rule in taken]


def test_all_replicas_together_use_a_rule_as_often_as_it_says(replicas):
    """With `times=100`, it is used exactly 100 times by many threads of several replicas; then the next rule is."""
    replicas[0].replace_rules([error(times=100), error("InternalError", times=7)], "a")
    taken = [code for codes_taken in in_threads(lambda number: codes(replicas[number % 2])) for code in codes_taken]
    assert (taken.count("Throttling.RateQuota"), taken.count("InternalError")) == (100, 7)
    for store in replicas:
        assert [active.used for active in store.rules("a")] == [100, 7]


def test_a_replica_uses_no_rule_that_another_has_removed(replicas):
    """Rules that were read before are read anew where they have changed: removed, replaced, put into another order."""
    first, second = replicas
    old = first.add_rule(error("SystemError"), "a")
    assert codes(second) == ["SystemError"]
    first.remove_rule(old.id)
    assert codes(second) == []
    numbers = [active.id for active in first.replace_rules([error("RateQuota"), error("InternalError")], "a")]
    assert codes(second) == ["Throttling.RateQuota"]
    first.order_rules(numbers[::-1], "a")
    assert codes(second) == ["InternalError"]
    first.reset("a")
    assert codes(second) == []
    assert first.rules() == []


@pytest.mark.parametrize("times", [None, 5], ids=["lasting", "limited"])
def test_a_call_that_relies_on_old_rules_is_refused(replicas, times):
    """A replica that has not heard of a change is told before its call is in the journal; it counts no use of a rule."""
    first, second = replicas
    kept = first.add_rule(error("SystemError", times=times), "a")
    second.refresh()
    assert codes(second) == ["SystemError"]
    first.add_rule(error("InternalError"), "a")
    with pytest.raises(StaleStateError), second.engine.relying(second.engine.state.epoch):
        second.record(journal_entry(str(second.take_rules("a", FACTS))))
    assert codes(second) == ["InternalError"]
    assert [active.used for active in first.rules("a")] == [1, 1]
    assert first.remove_rule(kept.id).used == 1


def test_a_rule_without_times_costs_no_wait(replicas):
    """Which rules a call uses is known then, with the draw; its entry counts the uses."""
    store, _ = replicas
    store.replace_rules([error("RateQuota", chance=0.5), error("InternalError", chance=0.5)], "a")
    store.take_rules("a", FACTS, 0.9)
    asked, taken, run, post = [], [], store.engine.run, store.engine.post
    store.engine.run = lambda script, *arguments: asked.append(script.name) or run(script, *arguments)
    store.engine.post = lambda script, *arguments: asked.append(script.name) or post(script, *arguments)
    for draw in (0.0, 0.6, 0.9):
        with store.engine.relying(store.engine.state.epoch):
            taken += [[rule.code for rule in store.take_rules("a", FACTS, draw)]]
            store.record(journal_entry("a"))
    assert taken == [["Throttling.RateQuota"], ["InternalError"], []]
    assert asked == ["record"] * 3
    store.engine.run = run
    assert [active.used for active in store.rules("a")] == [1, 1]


def test_each_use_is_counted_once_while_rules_change(replicas):
    """Those of a lasting rule too: neither twice if the call is answered again, nor never if the rules were read anew."""
    first, second = replicas
    kept, calls = first.add_rule(error(), "a"), THREADS // 2 * EACH

    def work(number):
        if number % 2:
            return codes(second)
        first.remove_rule(first.add_rule(error("InternalError"), "b").id)
        return []

    taken = sum(map(len, in_threads(work)))
    assert (taken, [(active.id, active.used) for active in first.rules("a")]) == (calls, [(kept.id, calls)])


def test_a_replica_knows_whether_there_are_rules_without_asking(replicas):
    """It is told with the epoch; the rules that it has read cost no operation where none matches."""
    first, second = replicas
    first.add_rule(error(image_url="*/you.png"), "a")
    second.refresh()
    assert second.has_rules
    assert codes(second) == []
    operations = []
    second.engine.on_operation = lambda name, _: operations.append(name)
    assert (codes(second), second.has_rules, operations) == ([], True, ["record"])
    first.clear_rules()
    assert second.refresh().has_rules is False


def test_a_replica_forgets_rules_that_are_spent(replicas):
    """Once it has found one spent, whoever used it, that rule costs no operation any longer."""
    first, second = replicas
    first.add_rule(error(times=1), "a")
    second.refresh()
    assert second.known_rules("a") == []
    assert [codes(store) for store in (second, first, second)] == [["Throttling.RateQuota"], [], []]
    operations = []
    second.engine.on_operation = lambda name, _: operations.append(name)
    assert (codes(second), operations) == ([], ["record"])


def test_rules_are_known_without_asking_once_they_were_read(replicas):
    """In their order; none are while any of them may have been spent by another replica."""
    first, second = replicas
    placed = first.replace_rules([Rule(latency=1.0), error("InternalError")], "a")
    everyones = first.replace_rules([error("SystemError")])
    second.refresh()
    assert second.known_rules("a") == []
    codes(second)
    assert second.known_rules("a") == [*placed, *everyones]
    first.add_rule(error("SystemError", times=1))
    second.refresh()
    codes(second)
    assert second.known_rules("a") == []


def test_no_rule_is_lost_where_replicas_add_some_at_once(replicas):
    """All are kept, before those that were there, each with a number of its own."""
    (before,) = replicas[0].replace_rules([error()], "a")
    with ThreadPoolExecutor(8) as pool:
        added = list(pool.map(lambda number: replicas[number % 2].add_rule(error("InternalError"), "a").id, range(40)))
    kept = [active.id for active in replicas[0].rules("a")]
    assert (len(kept), sorted(kept[:40]), kept[40]) == (41, sorted(added), before.id)
    assert len(set(added)) == 40


def test_a_namespace_gets_its_rules_when_others_have_filled_the_store(replicas, caplog):
    """Others that hold more than their share give way, as in memory; everyone's rules stay, and the log says it."""
    first, second = replicas
    first.add_rule(error())
    for number in range(10):
        first.replace_rules([error()] * 1000, f"{number}")
    first.replace_rules([error("SystemError")])
    with caplog.at_level(logging.WARNING, "emoji_mock"):
        second.replace_rules([error("InternalError"), error()], "new")
    assert caplog.messages == [
        "emoji-mock dropped a rule of 0, because all namespaces have too many together",
        "emoji-mock dropped a rule of 1, because all namespaces have too many together",
    ]
    assert [len(first.rules(name)) for name in ("new", "*", None)] == [2, 1, 10_001]
    assert [codes(first, name)[:1] for name in ("new", "0")] == [["InternalError"], ["Throttling.RateQuota"]]


def test_a_namespace_in_use_keeps_its_rules(replicas, monkeypatch):
    """Of many namespaces that hold little, one whose calls another replica answers is not the one that gives way."""
    monkeypatch.setattr(rules, "RULES", 32)
    monkeypatch.setattr(epoch_cache, "monotonic", count(1000.0, 60.0).__next__)
    first, second = replicas
    for number in range(40):
        first.add_rule(error(), f"{number}")
        codes(second, "0", FACTS._replace(image_url="https://example.com/other.png"))
    assert [len(first.rules(name)) for name in ("0", "1", "8", "9", "39")] == [1, 0, 0, 1, 1]


def test_a_store_that_the_engine_has_lost_has_no_rules(replicas):
    """What a replica remembers of it is not used, and new rules are."""
    first, second = replicas
    first.add_rule(error("SystemError"), "a")
    assert codes(second) == ["SystemError"]
    client = second.engine._threads.client
    client.delete(*client.keys(f"{second.engine.address.prefix}:*"))
    assert codes(second) == []
    second.refresh()
    assert (second.has_rules, second.rules()) == (False, [])
    second.add_rule(error("InternalError"), "a")
    assert codes(first) == ["InternalError"]


chances = st.none() | st.sampled_from([0.25, 0.5, 1.0])
some_rules = st.one_of(
    st.builds(
        Rule, outcome=st.just("error"), code=st.just("RateQuota"), chance=chances, times=st.none() | st.integers(1, 3)
    ),
    st.builds(Rule, fault=st.just("stall"), chance=chances, times=st.none() | st.integers(1, 3)),
    st.builds(Rule, latency=st.sampled_from([0.5, 1.0]), chance=chances, times=st.none() | st.integers(1, 3)),
)
draws = st.floats(0, 1, exclude_max=True)


@given(
    st.lists(some_rules, max_size=6),
    st.lists(some_rules, max_size=3),
    st.lists(st.tuples(draws, st.booleans()), max_size=8),
)
def test_the_rules_are_those_that_the_store_in_memory_takes(own, everyones, calls):
    """Chances, times, faults alone, and whose rules go first: in both stores the same."""
    shared, memory = valkey_store(), MemoryStore()
    for store in (shared, memory):
        store.replace_rules(own, "a")
        store.replace_rules(everyones)
    for draw, faults_only in calls:
        assert shared.take_rules("a", FACTS, draw, faults_only=faults_only) == memory.take_rules(
            "a", FACTS, draw, faults_only=faults_only
        )
    assert [active.used for active in shared.rules()] == [active.used for active in memory.rules()]

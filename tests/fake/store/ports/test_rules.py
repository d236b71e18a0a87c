"""The port of rules: their order, their uses, their bounds."""

import pytest
from store_helpers import EACH, THREADS, error, in_threads

from emoji_mock import Outcome, Rule
from emoji_mock.contract.endpoint import EndpointName
from emoji_mock.fake.network.faults import FaultKind
from emoji_mock.fake.rules.rule import RequestFacts
from emoji_mock.fake.store.ports import StoreFullError

FACTS = RequestFacts("emoji-detect-v1", "https://example.com/me.png", "key:000000000000")


def taken(store, namespace="a", facts=FACTS, **more):
    """Return the codes, faults or latencies of the rules that a request uses."""
    rules = store.take_rules(namespace, facts, **more)
    return [rule.code or (rule.fault and str(rule.fault)) or rule.latency for rule in rules]


def test_a_new_rule_is_tried_first(store):
    """A rule that is added goes before the others of its namespace, and its number is new."""
    first = store.add_rule(error("InternalError"), "a")
    second = store.add_rule(error("RateQuota", times=1), "a")
    assert (first.namespace, first.rule.code, first.used, second.id > first.id) == ("a", "InternalError", 0, True)
    assert [taken(store) for _ in range(3)] == [["Throttling.RateQuota"], ["InternalError"], ["InternalError"]]


def test_a_list_of_rules_keeps_its_order(store):
    """A list replaces the rules of its namespace, and is tried from its first to its last."""
    store.add_rule(error("SystemError"), "a")
    placed = store.replace_rules([error("RateQuota", times=1), error("InternalError")], "a")
    assert [active.rule.code for active in placed] == ["Throttling.RateQuota", "InternalError"]
    assert store.rules("a") == placed
    assert [taken(store) for _ in range(2)] == [["Throttling.RateQuota"], ["InternalError"]]


def test_a_namespaces_rules_go_before_everyones(store):
    """Everyone's rules hold where a namespace has none that applies; no namespace uses another's."""
    store.add_rule(error("InternalError"))
    store.add_rule(error("RateQuota"), "a")
    assert (taken(store, "a"), taken(store, "b")) == (["Throttling.RateQuota"], ["InternalError"])
    assert store.clear_rules("a") == 1
    assert taken(store, "a") == ["InternalError"]


def test_every_criterion_counts(store):
    """Model, picture, key and endpoint choose the rule, after a round trip as before it."""
    rules = [
        error("RateQuota", model="emoji-v1"),
        error("InternalError", image_url="*/blurred/*"),
        error("SystemError", key="sk-mock-me"),
        Rule(fault="stall", endpoint="tasks"),
        error("InternalError.Algo"),
    ]
    (key,) = {active.rule.key for active in store.replace_rules(rules, "a")} - {None}
    asked = [
        FACTS._replace(model="emoji-v1"),
        FACTS._replace(image_url="https://example.com/blurred/1.png"),
        FACTS._replace(key=key),
        FACTS._replace(endpoint=EndpointName.TASKS),
        FACTS,
    ]
    assert [taken(store, facts=facts) for facts in asked] == [
        ["Throttling.RateQuota"], ["InternalError"], ["SystemError"], ["stall"], ["InternalError.Algo"]
    ]  # fmt: skip


def test_a_rule_is_used_as_often_as_it_says(store):
    """A spent rule stays listed, and is no longer taken."""
    store.add_rule(error(times=2), "a")
    assert [len(taken(store)) for _ in range(3)] == [1, 1, 0]
    (active,) = store.rules("a")
    assert (active.used, active.spent) == (2, True)


def test_faults_come_in_their_order(store):
    """One fault after another, each as often as it says, and the latencies before each of them."""
    store.replace_rules(
        [
            Rule(fault="stall", times=1),
            Rule(latency=2.0, times=2),
            Rule(fault="reset", times=1),
            Rule(fault="drip"),
        ],
        "a",
    )
    assert [taken(store) for _ in range(4)] == [["stall"], [2.0, "reset"], [2.0, "drip"], ["drip"]]


def test_a_rule_comes_back_with_its_types(store):
    """Kinds of faults and outcomes are what the network and the checks compare with."""
    store.replace_rules([Rule(fault="reset", times=1), error()], "a")
    (fault,), (refusal,) = store.take_rules("a", FACTS), store.take_rules("a", FACTS)
    assert fault.fault is FaultKind.RESET
    assert refusal.outcome is Outcome.ERROR


def test_rules_with_an_outcome_can_be_left_out(store):
    """For a request that is refused anyway only faults and latencies are taken, and used."""
    store.replace_rules([error(times=1), Rule(latency=1.0), Rule(fault="reset", times=1)], "a")
    assert taken(store, faults_only=True) == [1.0, "reset"]
    assert [active.used for active in store.rules("a")] == [0, 1, 1]


def test_a_draw_decides_for_rules_with_a_chance(store):
    """Below the chance the rule applies; above it the rest of the draw decides for the next, and no use is counted."""
    store.replace_rules([error("RateQuota", chance=0.5), error("InternalError", chance=0.5)], "a")
    assert [taken(store, draw=draw) for draw in (0.0, 0.49, 0.5, 0.74, 0.75, 0.99)] == [
        ["Throttling.RateQuota"], ["Throttling.RateQuota"], ["InternalError"], ["InternalError"], [], []
    ]  # fmt: skip
    assert [active.used for active in store.rules("a")] == [2, 2]


def test_one_knows_cheaply_whether_there_is_any_rule(store):
    """The answer follows each change."""
    assert not store.has_rules
    store.add_rule(error(), "a")
    assert store.has_rules
    store.replace_rules([], "a")
    assert not store.has_rules


def test_rules_are_bounded(store):
    """A namespace holds 1000 rules, and 65,536 characters of patterns; one more changes nothing."""
    store.replace_rules([error()] * 1000, "a")
    with pytest.raises(StoreFullError, match="holds at most 1000 rules, and the store 10000; clear some first"):
        store.add_rule(error(), "a")
    assert len(store.rules("a")) == 1000
    store.replace_rules([error(image_url="x" * 512)] * 128, "a")
    with pytest.raises(StoreFullError, match="at most 65536 characters together; clear some first"):
        store.add_rule(error(image_url="x"), "a")
    store.add_rule(error(image_url="x"), "b")
    assert [len(store.rules(name)) for name in ("a", "b", None)] == [128, 1, 129]


def test_uses_are_counted_once_under_threads(store):
    """A rule with `times` is taken by that many requests of all threads together."""
    store.replace_rules([error(times=THREADS * EACH // 4), error("InternalError", times=7)], "a")
    codes = [code for codes in in_threads(lambda _: taken(store)) for code in codes]
    assert (codes.count("Throttling.RateQuota"), codes.count("InternalError")) == (100, 7)
    assert [active.used for active in store.rules("a")] == [100, 7]


def test_rules_are_ordered_by_their_numbers(store):
    """Those that are named come first, the others as they were, with their counts; another namespace's stay out."""
    numbers = [active.id for active in store.replace_rules([error("RateQuota"), error("InternalError")], "a")]
    other = store.add_rule(error("SystemError"), "b")
    taken(store)
    assert [(active.id, active.used) for active in store.order_rules([numbers[1]], "a")] == [
        (numbers[1], 0),
        (numbers[0], 1),
    ]
    assert taken(store) == ["InternalError"]
    for wrong in ([other.id], [numbers[0], numbers[0]]):
        with pytest.raises(ValueError, match=f"^{wrong[-1]} must be the number of a rule of 'a', and be given once$"):
            store.order_rules(wrong, "a")
    assert [active.id for active in store.rules("a")] == numbers[::-1]
    assert (store.order_rules([], "c"), store.rules("c")) == ([], [])


def test_one_rule_is_removed(store):
    """It is returned, the others stay, and without the last there is none; an unknown number removes nothing."""
    first, second = store.add_rule(error("RateQuota"), "a"), store.add_rule(error("InternalError"))
    assert store.remove_rule(first.id) == first
    assert (store.remove_rule(first.id), store.rules()) == (None, [second])
    assert (store.remove_rule(second.id), store.has_rules) == (second, False)

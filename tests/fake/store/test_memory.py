"""The store in memory: first match wins, everything is bounded, and namespaces do not see each other."""

import pytest
from helpers import body, call

from emoji_mock import Fake, Options, Rule
from emoji_mock.fake.accounting import accounts
from emoji_mock.fake.rules.rule import RequestFacts
from emoji_mock.fake.store import memory, memory_rules

ASKED = RequestFacts("emoji-detect-v1", "https://example.com/me.png", "key:1")


def error(code="RateQuota", **more):
    return Rule(outcome="error", code=code, **more)


def test_the_newest_rule_is_tried_first():
    """A rule that is added goes before those that stand."""
    store = memory.MemoryStore()
    store.add_rule(error("InternalError"), "a")
    store.add_rule(error("RateQuota", times=1), "a")
    assert [store.take_rules("a", ASKED)[-1].code for _ in range(3)] == [
        "Throttling.RateQuota",
        "InternalError",
        "InternalError",
    ]


def test_rules_that_replace_keep_their_order():
    """A list of rules is tried from its first to its last."""
    store = memory.MemoryStore()
    store.add_rule(error("SystemError"), "a")
    store.replace_rules([error("RateQuota", times=1), error("InternalError")], "a")
    assert [store.take_rules("a", ASKED)[-1].code for _ in range(2)] == ["Throttling.RateQuota", "InternalError"]


def test_a_namespaces_rules_go_before_everyones_and_touch_nobody_else():
    """Everyone's rules hold where a namespace has none that fits."""
    store = memory.MemoryStore()
    store.add_rule(error("InternalError"))
    store.add_rule(error("RateQuota"), "a")
    assert store.take_rules("a", ASKED)[-1].code == "Throttling.RateQuota"
    assert store.take_rules("b", ASKED)[-1].code == "InternalError"
    assert store.clear_rules("a") == 1
    assert store.take_rules("a", ASKED)[-1].code == "InternalError"


def test_rules_tell_how_often_they_were_used():
    """A used-up rule stays listed, and is no longer taken."""
    store = memory.MemoryStore()
    store.add_rule(error(times=1), "a")
    assert store.take_rules("a", ASKED)
    assert store.take_rules("a", ASKED) == ()
    (standing,) = store.rules("a")
    assert (standing.used, standing.spent) == (1, True)


def test_the_number_of_rules_is_bounded(monkeypatch):
    """One rule too many is refused, and the others stay."""
    monkeypatch.setattr(memory_rules, "RULES", 3)
    store = memory.MemoryStore()
    store.replace_rules([error()] * 3)
    with pytest.raises(ValueError, match="the store 3; clear some first"):
        store.add_rule(error())
    store.replace_rules([error()] * 3)
    assert len(store.rules()) == 3


def test_the_patterns_of_a_namespace_are_bounded_together():
    """65,536 characters are taken, one more is refused; another namespace has as many."""
    store = memory.MemoryStore()
    store.replace_rules([error(image_url="x" * 512)] * 128, "one")
    with pytest.raises(ValueError, match="65536 characters together at the most; clear some first"):
        store.add_rule(error(image_url="x"), "one")
    store.add_rule(error(image_url="x"), "another")
    assert len(store.rules()) == 129


def test_the_journal_is_bounded_and_the_ledger_is_not_cut():
    """The oldest exchange is dropped; the bill still counts it."""
    fake = Fake(Options(journal_size=2))
    for number in range(5):
        fake.answer(call(body(f"https://example.com/{number}.png")))
    page = fake.store.journal()
    assert [entry.image_url[-5:] for entry in page.entries] == ["3.png", "4.png"]
    assert fake.store.ledgers()["test"].images == 5


def test_the_journal_is_filtered_and_paged():
    """Namespace, outcome and code select; `after` and `limit` page, oldest first."""
    fake = Fake()
    for key in ("sk-mock-a", "sk-mock-b"):
        for url in (
            "https://example.com/1.png",
            "https://emoji-mock.test/failed/Value.png",
            "https://emoji-mock.test/error/SystemError.png",
        ):
            fake.answer(call(body(url), key=key))
    journal = fake.store.journal
    assert journal(namespace="a").total == 3
    assert [entry.number for entry in journal(outcome="failed").entries] == [2, 5]
    assert [entry.number for entry in journal(code="SystemError", namespace="b").entries] == [6]
    first = journal(limit=4)
    assert ([entry.number for entry in first.entries], first.next, first.total) == ([1, 2, 3, 4], 4, 6)
    rest = journal(limit=4, after=first.next)
    assert ([entry.number for entry in rest.entries], rest.next) == ([5, 6], None)


def test_reset_forgets_one_namespace_or_all():
    """A reset of one namespace leaves the others alone."""
    fake = Fake()
    for name in ("a", "b"):
        fake.store.add_rule(error("InternalError", times=1), name)
        fake.answer(call(key=f"sk-mock-{name}"))
    fake.store.reset("a")
    assert ([entry.namespace for entry in fake.store.journal().entries], list(fake.store.ledgers())) == (["b"], ["b"])
    assert [standing.namespace for standing in fake.store.rules()] == ["b"]
    fake.store.reset()
    assert (fake.store.journal().total, fake.store.ledgers(), fake.store.rules()) == (0, {}, [])


def test_ledgers_are_bounded_and_lose_nothing(monkeypatch):
    """Beyond the bound the first namespaces are summed up."""
    monkeypatch.setattr(accounts, "NAMESPACES", 3)
    fake = Fake()
    for number in range(10):
        fake.answer(call(key=f"sk-mock-{number}"))
    ledgers = fake.store.ledgers()
    assert len(ledgers) <= 5
    assert sum(ledger.images for ledger in ledgers.values()) == 10

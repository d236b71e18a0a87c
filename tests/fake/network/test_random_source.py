"""What is left to chance."""

from helpers import call

from emoji_mock import Fake, Options, Rule
from emoji_mock.fake.network import random_source
from emoji_mock.fake.network.random_source import RandomSource


def throws(thrown, namespace="a", count=5):
    """Return the next throws of a namespace."""
    return [thrown.of(namespace).random() for _ in range(count)]


def test_a_seed_repeats_every_accounts_throws():
    """Each namespace has a row of its own, which begins anew when it is told to."""
    one, other = RandomSource(7), RandomSource(7)
    first = throws(one)
    assert throws(one, "b") == throws(other, "b") != first
    assert throws(other) == first != throws(other)
    other.clear("b")
    assert throws(other, "b") == throws(RandomSource(7), "b")
    other.clear()
    assert throws(other) == first != throws(RandomSource(8))
    assert throws(RandomSource()) != throws(RandomSource())


def test_they_are_bounded(monkeypatch):
    """The first of too many begins anew."""
    monkeypatch.setattr(random_source, "NAMESPACES", 2)
    thrown = RandomSource(7)
    first = throws(thrown)
    throws(thrown, "b"), throws(thrown, "c")
    assert throws(thrown) == first


def test_nobodys_luck_depends_on_who_else_calls():
    """What one caller meets is the same beside another one, and again after a reset of its namespace."""

    def met(fake, beside=""):
        found = []
        for _ in range(40):
            found.append(getattr(fake.answer(call(key="sk-mock-a")), "kind", ""))
            if beside:
                fake.answer(call(key=beside))
        return found

    alone, beside = (Fake(Options(seed=7)) for _ in range(2))
    for fake in (alone, beside):
        fake.store.add_rule(Rule(fault="reset", chance=0.5))
    first = met(alone)
    assert met(beside, "sk-mock-b") == first
    beside.reset("b")
    assert met(beside) != first
    beside.reset("a")
    assert met(beside) == first

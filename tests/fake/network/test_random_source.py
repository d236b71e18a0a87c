"""Random numbers per namespace."""

import os

import pytest
from helpers import call

from emoji_mock import Fake, Options, Rule
from emoji_mock.fake.network import random_source
from emoji_mock.fake.network.random_source import UNSEEDED, RandomSource


def draws(source, namespace="a", count=5):
    """Return the next numbers of a namespace."""
    return [source.of(namespace).random() for _ in range(count)]


def test_a_seed_repeats_the_numbers_of_every_namespace():
    """Each namespace has its own numbers, which `clear` starts again."""
    one, other = RandomSource(7), RandomSource(7)
    first = draws(one)
    assert draws(one, "b") == draws(other, "b") != first
    assert draws(other) == first != draws(other)
    other.clear("b")
    assert draws(other, "b") == draws(RandomSource(7), "b")
    other.clear()
    assert draws(other) == first != draws(RandomSource(8))
    assert draws(RandomSource()) != draws(RandomSource())


def test_namespaces_are_bounded(monkeypatch):
    """Beyond the limit the oldest namespace starts again."""
    monkeypatch.setattr(random_source, "NAMESPACES", 2)
    source = RandomSource(7)
    first = draws(source)
    draws(source, "b"), draws(source, "c")
    assert draws(source) == first


def test_the_numbers_do_not_depend_on_other_callers():
    """A caller gets the same faults beside another one, and again after a reset of its namespace."""

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


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_process_makes_other_numbers():
    """A forked process draws other numbers than its parent from the generator of the fakes without a seed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, b"%d" % UNSEEDED.getrandbits(64))
        os._exit(0)
    os.waitpid(child, 0)
    assert int(os.read(reading, 64)) != UNSEEDED.getrandbits(64)
    os.close(reading)
    os.close(writing)

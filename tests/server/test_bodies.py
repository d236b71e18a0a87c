"""The memory of unfinished bodies is bounded, and whoever holds most gives way."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emoji_mock.server import bodies
from emoji_mock.server.bodies import HeldBodies

BOUND = 1_000


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Bound all bodies to 1,000 bytes."""
    monkeypatch.setattr(bodies, "HELD_BYTES", BOUND)


def held(all_bodies, owner, size, *, can=True):
    """Hold a body of `size` bytes that can give way, or is answered already."""
    body = all_bodies.hold(owner)
    all_bodies.enter(body)
    body.give_way = lambda: can
    try:
        body.grow(size)
    except MemoryError:
        all_bodies.remove(body)
        raise
    return body


def test_the_largest_body_of_the_largest_owner_gives_way():
    """Nine bodies of one account do not refuse that of another: the largest of the nine ends, though another is larger."""
    all_bodies = HeldBodies()
    many = [held(all_bodies, "a", size) for size in (80, 80, 90, 80, 80, 80, 80, 80, 80)]
    other = held(all_bodies, "b", 300)
    assert [body.dropped for body in many] == [False, False, True, False, False, False, False, False, False]
    assert (other.dropped, all_bodies.size) == (False, 940)


def test_of_equal_bodies_the_oldest_gives_way():
    """A body that has been held longest ends first."""
    all_bodies = HeldBodies()
    first, second = held(all_bodies, "a", 500), held(all_bodies, "a", 500)
    held(all_bodies, "b", 1)
    assert (first.dropped, second.dropped) == (True, False)


def test_a_body_that_is_itself_the_largest_is_refused():
    """Nobody else gives way for a caller that holds most, and its bytes are free afterwards."""
    all_bodies = HeldBodies()
    other = held(all_bodies, "b", 300)
    with all_bodies.hold("a") as body:
        body.give_way = lambda: True
        body.grow(600)
        with pytest.raises(MemoryError):
            body.grow(200)
    assert (other.dropped, all_bodies.size) == (False, 300)


def test_a_body_that_is_being_answered_does_not_give_way():
    """The next largest gives way instead."""
    all_bodies = HeldBodies()
    answered, waiting = held(all_bodies, "a", 600, can=False), held(all_bodies, "a", 300)
    held(all_bodies, "b", 200)
    assert (answered.dropped, waiting.dropped) == (False, True)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(1, 400)), max_size=40))
def test_a_share_is_never_refused(growths):
    """Whatever five others do, an owner that holds no more than a sixth of the bound keeps it, and the bound holds."""
    all_bodies = HeldBodies()
    modest = held(all_bodies, "modest", 1)
    for owner, size in growths:
        with suppress(MemoryError):
            held(all_bodies, f"greedy {owner}", size)
        if modest.size < BOUND // 6:
            modest.grow(1)
        assert not modest.dropped
        assert all_bodies.size <= BOUND
    assert modest.size == 1 + len(growths)

"""Accounts share what is bounded: a large one gives way first, and a flood of small ones never starves one in use."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emoji_mock.fake.accounting.shares import SHARES, Shares


def kept_by(shares, steps):
    """Add one item of a size for each (account, size) of `steps`, and return what is left by account."""
    kept = {}
    for account, size in steps:
        kept.setdefault(account, []).append(size)
        shares.add(account, size)
        while (giver := shares.giving_way()) is not None:
            shares.remove(giver, kept[giver].pop(0))
        kept = {name: sizes for name, sizes in kept.items() if sizes}
    return kept


@pytest.mark.parametrize("large", ["large", ""], ids=["named", "of calls without a key"])
def test_the_largest_account_gives_way(large):
    """What one account adds beyond a bound pushes out its own, and not the items of another."""
    kept = kept_by(Shares(100, 10**9), [("small", 1)] * 5 + [(large, 1)] * 1000)
    assert {name: len(sizes) for name, sizes in kept.items()} == {"small": 5, large: 95}


def test_bytes_count_as_items_do():
    """The account with the most bytes gives way, however few items they are in."""
    kept = kept_by(Shares(100, 1000), [("small", 50), ("small", 50), *[("large", 400)] * 5])
    assert kept == {"small": [50, 50], "large": [400, 400]}


def test_a_flood_of_accounts_does_not_starve_one_in_use():
    """An account that is used again and again keeps its share, however many others are invented beside it."""
    steps = [(f"invented {number}", 1) for number in range(5000)]
    for place in range(0, len(steps), 50):
        steps[place] = ("me", 20)
    kept = kept_by(Shares(1000, 1000), steps)
    assert len(kept["me"]) == 1000 // SHARES // 20
    assert sum(map(sum, kept.values())) <= 1000


def test_what_was_added_last_stays():
    """An account can always add something, even if it is the only large one."""
    kept = kept_by(Shares(1000, 1000), [(f"{number}", 60) for number in range(16)] + [("me", 500)])
    assert kept["me"] == [500]


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.integers(1, 40)), max_size=80))
def test_the_bounds_hold_and_no_share_is_lost(steps):
    """Whatever comes: both bounds hold, and the sums are those of the items that are kept."""
    shares = Shares(10, 100)
    kept = kept_by(shares, steps)
    assert sum(map(len, kept.values())) <= 10
    assert sum(map(sum, kept.values())) <= 100
    for name in kept:
        shares.clear(name)
    assert shares.giving_way() is None
    assert not shares.add("a", 100, 10)
    assert shares.add("a", 1)


@pytest.mark.parametrize("accounts", [1, 2, 100])
def test_a_cleared_account_leaves_room(accounts):
    """What was cleared counts no longer."""
    shares = Shares(accounts, 10**6)
    for number in range(accounts):
        assert not shares.add(f"{number}", 1)
    shares.clear("0")
    assert not shares.add("new", 1)
    assert shares.add("newer", 1)

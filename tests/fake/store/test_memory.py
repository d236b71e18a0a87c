"""The store in memory bounds what all namespaces keep together."""

import pytest
from store_helpers import error, journal_entry

from emoji_mock.fake.accounting import accounts
from emoji_mock.fake.store import rule_bounds
from emoji_mock.fake.store.memory import MemoryStore


def test_the_number_of_rules_is_bounded(monkeypatch):
    """One rule too many is refused, and the others stay."""
    monkeypatch.setattr(rule_bounds, "RULES", 3)
    store = MemoryStore()
    store.replace_rules([error()] * 3)
    with pytest.raises(ValueError, match="the store 3; clear some first"):
        store.add_rule(error())
    store.replace_rules([error()] * 3)
    assert len(store.rules()) == 3


def test_ledgers_are_bounded_and_lose_nothing(monkeypatch):
    """Beyond the bound the ledgers of the first namespaces are added up."""
    monkeypatch.setattr(accounts, "NAMESPACES", 3)
    store = MemoryStore()
    for number in range(10):
        store.record(journal_entry(f"{number}"))
    ledgers = store.ledgers()
    assert len(ledgers) <= 5
    assert sum(ledger.images for ledger in ledgers.values()) == 10

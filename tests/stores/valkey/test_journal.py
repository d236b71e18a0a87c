"""The journal and the ledgers that several replicas share: numbers, sums, bounds, and what a killed replica leaves."""

import asyncio

import pytest
from store_helpers import EACH, THREADS, in_threads, journal_entry, new_prefix, valkey_store

from emoji_mock import Limits, Outcome
from emoji_mock.fake.store.memory import MemoryStore
from emoji_mock.server.suspended import suspendable
from emoji_mock.stores.valkey import journal

OUTCOMES = [Outcome.PASSED, Outcome.FAILED, Outcome.ERROR, Outcome.FAULT]


@pytest.fixture
def stores():
    """The stores of two replicas."""
    prefix = new_prefix()
    return valkey_store(prefix=prefix), valkey_store(prefix=prefix)


def test_numbers_have_no_gap_over_replicas(stores):
    """Each call has a number of its own, from 1 on, whichever replica records it; both read the same journal."""
    numbers = in_threads(lambda number: stores[number % 2].record(journal_entry(namespace=str(number))).number)
    assert sorted(numbers) == list(range(1, THREADS * EACH + 1))
    pages = [store.journal(limit=1000) for store in stores]
    assert pages[0] == pages[1]
    assert [entry.number for entry in pages[0].entries] == sorted(numbers)


def test_ledgers_add_up_over_replicas(stores):
    """Of calls that are recorded at once, no image is lost, and each picture is billed as new once."""
    in_threads(lambda number: stores[number % 2].record(journal_entry(image_url=f"https://example.com/{number % 4}")))
    ledger = stores[0].ledgers()["a"]
    assert (ledger.images, ledger.wasted) == (THREADS * EACH, THREADS * EACH - 4)
    assert ledger.images_of == {"emoji-detect-v1": THREADS * EACH}


def test_images_are_reserved_over_replicas(stores):
    """Of a quota of 100 images exactly 100 are given out, by whichever replica."""
    limits = Limits(images=100)
    used_up = in_threads(lambda number: stores[number % 2].reserve("a", "emoji-detect-v1", limits))
    assert used_up.count(None) == 100
    assert set(used_up) == {None, "free"}


def test_an_image_that_a_killed_replica_has_reserved_becomes_free(stores, monkeypatch):
    """After a time that no call takes."""
    monkeypatch.setattr(journal, "RESERVED_SECONDS", 0)
    limits = Limits(images=1)
    assert stores[0].reserve("a", "emoji-detect-v1", limits) is None
    assert stores[1].reserve("a", "emoji-detect-v1", limits) is None


def test_records_that_go_out_together_are_as_if_one_by_one():
    """Repeats, accounts, outcomes and charges mixed, all of one tick of an event loop: equal to memory in their order."""
    store, memory = valkey_store(), MemoryStore()
    calls = [
        journal_entry(
            f"account-{number % 5}",
            outcome=OUTCOMES[number % 7 % 4],
            billed=number % 7 % 4 != 2,
            image_url=f"https://example.com/{number % 3}.png",
            request_id=str(number),
        )
        for number in range(150)
    ]

    async def record_all():
        try:
            return await asyncio.gather(*[suspendable(lambda call=call: store.record(call)) for call in calls])
        finally:
            store.engine.leave_loop()

    stored = asyncio.run(record_all())
    assert stored == [memory.record(call) for call in calls]
    assert store.ledgers() == memory.ledgers()
    assert store.journal(limit=1000) == memory.journal(limit=1000)


def test_the_journal_keeps_at_most_a_hundredth_more():
    """The oldest are dropped some at a time."""
    store = valkey_store(journal_size=200)
    kept = []
    for _ in range(450):
        store.record(journal_entry())
        kept.append(store.journal(limit=1).total)
    assert max(kept) == 202
    assert store.journal(limit=1000).entries[-1].number == 450


def test_a_reset_at_one_replica_holds_at_the_other(stores):
    """Numbers go on, and the reader learns that calls are gone."""
    for store in stores:
        store.record(journal_entry())
    stores[0].reset("a")
    latest = stores[1].latest_calls()
    assert (latest.entries, latest.last, latest.resets) == ([], 2, 1)
    assert stores[1].record(journal_entry()).number == 3

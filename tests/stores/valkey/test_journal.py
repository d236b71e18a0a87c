"""The journal in an engine beside the one in memory."""

from hypothesis import given
from hypothesis import strategies as st
from store_helpers import journal_entry, valkey_store

from emoji_mock import Outcome
from emoji_mock.fake.store.memory import MemoryStore

OUTCOMES = st.sampled_from([Outcome.PASSED, Outcome.FAILED, Outcome.ERROR, Outcome.FAULT])
CALLS = st.lists(st.tuples(st.sampled_from("aaaabcdefgh"), OUTCOMES, st.sampled_from(["1", "2"])), max_size=40)


@given(st.sampled_from([1, 2, 3, 7, 20]), CALLS)
def test_the_calls_are_kept_that_the_journal_in_memory_keeps(size, calls):
    """Where it is full: of accounts that have as much, that one gives way that was idle for the longest time."""
    shared, memory = valkey_store(size), MemoryStore(size)
    for namespace, outcome, name in calls:
        call = journal_entry(namespace, outcome=outcome, image_url=f"https://example.com/{name}.png")
        assert shared.record(call) == memory.record(call)
        assert shared.journal(limit=size) == memory.journal(limit=size)
    assert shared.ledgers() == memory.ledgers()

"""The store in memory holds no more than its bounds, whatever is sent, and gives memory back."""

import tracemalloc

from store_helpers import error, journal_entry, stored_upload, video_task

from emoji_mock import Limits
from emoji_mock.fake.store.memory import MemoryStore

MEGABYTE = 1024 * 1024
WIDE = 2048 * "\U0001f600"


def wide(number):
    """Return an entry whose texts take 4 bytes a character, each in memory of its own."""
    return journal_entry(
        **dict.fromkeys(("model", "image_url", "host", "retry_after", "reason", "seen"), f"{number}{WIDE}")
    )


def test_the_journal_is_bounded_in_bytes():
    """Entries of the widest kind take 6 KiB each in the mean and as much again, and nothing after a reset."""
    tracemalloc.start()
    try:
        store, before = MemoryStore(journal_size=500), tracemalloc.get_traced_memory()[0]
        for number in range(1000):
            store.record(wide(number))
        held, kept = tracemalloc.get_traced_memory()[0] - before, store.journal().total
        store.reset()
        after = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert 50 < kept < 500
    assert held < 500 * 2 * 6 * 1024 + 64 * 4 * 10 * 1024
    assert after < MEGABYTE // 4


def test_one_account_pushes_out_no_other():
    """Exchanges, tasks, uploads, remembered pictures, rules and limits of one account leave those of another."""
    store = MemoryStore(journal_size=20, upload_bytes=100)
    store.record(journal_entry("a"))
    store.add_task(video_task("first", namespace="a"))
    store.keep_upload(stored_upload("first", namespace="a"), now=0)
    store.add_rule(error(), "a")
    store.set_limits(Limits(rps=1), "a")
    for number in range(10_050):
        store.record(journal_entry("b", image_url=f"https://example.com/{number}.png"))
        store.add_task(video_task(f"{number}", namespace="b"))
        store.keep_upload(stored_upload(f"{number}", namespace="b"), now=0)
    assert store.journal(namespace="a").total == 1
    assert store.record(journal_entry("a")).wasted
    assert (store.task("first") is None, store.upload("first") is None) == (False, False)
    assert len(store.rules("a")) == 1
    assert store.limits_for("a") == Limits(rps=1)


def test_a_namespace_gets_its_rules_when_others_have_filled_the_store():
    """Others that hold more than their share give way, and everyone's rules stay."""
    store = MemoryStore()
    store.add_rule(error())
    for number in range(10):
        store.replace_rules([error()] * 1000, f"{number}")
    store.replace_rules([error("InternalError"), error()], "new")
    assert len(store.rules("new")) == 2
    assert len(store.rules("*")) == 1
    assert len(store.rules()) == 10_001

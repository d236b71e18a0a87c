"""A reset clears one namespace, or all, and nothing else."""

from store_helpers import error, journal_entry, stored_upload, video_task

from emoji_mock import Limits

ME, YOU = "https://example.com/me.png", "https://example.com/you.png"


def fill(store):
    """Give two namespaces one of each, and everyone a rule."""
    store.add_rule(error("InternalError"))
    for name in ("a", "b"):
        store.add_rule(error(), name)
        store.set_limits(Limits(rps=1), name)
        store.admit(name, "g", Limits(rps=1), 1000.0)
        store.record(journal_entry(name))
        store.keep_upload(stored_upload(f"key of {name}", namespace=name), now=0)
        store.add_task(video_task(f"task of {name}", namespace=name))


def left_of(store, name):
    """Return what is left of a namespace."""
    return (
        len(store.rules(name)), name in store.limits(), store.journal(namespace=name).total, name in store.ledgers(),
        store.upload(f"key of {name}") is not None, len(store.tasks(name)),
        store.admit(name, "g", Limits(rps=1), 1000.0).refused_by,
    )  # fmt: skip


def test_a_reset_clears_one_namespace(store):
    """Everything of it goes, nothing of another; numbers go on."""
    fill(store)
    store.reset("a")
    assert left_of(store, "a") == (0, False, 0, False, False, 0, None)
    assert left_of(store, "b") == (1, True, 1, True, True, 1, "rps")
    assert len(store.rules("*")) == 1
    assert store.record(journal_entry()).number == 3
    assert not store.record(journal_entry(image_url=YOU)).wasted


def test_a_reset_clears_all(store):
    """Everything goes, and what was paid for is forgotten."""
    fill(store)
    store.reset()
    assert [left_of(store, name)[:-1] for name in ("a", "b")] == [(0, False, 0, False, False, 0)] * 2
    assert (store.has_rules, store.has_limits, store.rules(), store.ledgers()) == (False, False, [], {})
    assert not store.record(journal_entry()).wasted

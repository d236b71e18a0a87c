"""The serialising store of the tests passes copies only, so that whatever leans on identity fails against it."""

import pytest
from serialising_store import SerialisingStore
from store_helpers import error, journal_entry, stored_upload, video_task


def test_what_comes_out_is_never_what_went_in():
    """Entries, rules, uploads and tasks are equal to what was stored, and other objects."""
    store = SerialisingStore()
    entry, rule, upload, task = journal_entry(), error(), stored_upload("1"), video_task("1")
    recorded, active, added = store.record(entry), store.add_rule(rule), store.add_task(task)
    assert store.keep_upload(upload, now=0)
    pairs = [
        (recorded.entry(), store.journal().entries[0]),
        (recorded.call, entry),
        (rule, active.rule),
        (active, store.rules()[0]),
        (upload, store.upload("1")),
        (added, store.task("1")),
    ]
    assert all(one == other for one, other in pairs)
    assert not any(one is other for one, other in pairs)


@pytest.mark.parametrize("name", ["_journal", "_lock", "no_such_operation"])
def test_nothing_but_the_port_can_be_reached(name):
    """Neither the private state of the wrapped store nor an operation that the port does not declare."""
    with pytest.raises(AttributeError, match=f"the port has no '{name}'"):
        getattr(SerialisingStore(), name)

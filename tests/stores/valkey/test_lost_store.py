"""An engine that has lost the store, as a whole or in part, while replicas use it."""

import pytest
from helpers import call
from store_helpers import error, journal_entry, new_prefix, running_valkey, stored_upload, valkey_store, video_task
from valkey import Valkey

from emoji_mock import Limits, Options, Rule
from emoji_mock.fake.rules.scenario import Scenario
from emoji_mock.fake.store.ports import StoreUnavailableError
from emoji_mock.replicas.shared_fake import SharedFake

CHANGES = {
    "rule": lambda store: store.add_rule(error(), "a"),
    "limits": lambda store: store.set_limits(Limits(rps=1), "a"),
    "place": lambda store: store.admit("a", "g", Limits(concurrency=1), 0.0),
    "image": lambda store: store.reserve("a", "emoji-detect-v1", Limits(images=1)),
    "call": lambda store: store.record(journal_entry()),
    "upload": lambda store: store.keep_upload(stored_upload("k"), now=0.0),
    "task": lambda store: store.add_task(video_task("t")),
    "settings": lambda store: store.share_settings(b""),
    "reset": lambda store: store.reset(),
}


@pytest.fixture
def prefix():
    """The prefix of an own store."""
    return new_prefix()


@pytest.fixture
def lose(prefix):
    """A function that deletes keys of the store, by default all."""

    def delete(names="*"):
        with Valkey(port=running_valkey().port) as client:
            client.delete(*client.keys(f"{prefix}:{names}"))

    return delete


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_comes_first_makes_the_store_anew(prefix, lose, change):
    """It takes effect in the new store, which then has its bounds and counts from the beginning."""
    store = valkey_store(prefix=prefix)
    store.record(journal_entry())
    lose()
    change(store)
    is_call = change is CHANGES["call"]
    assert store.record(journal_entry()).number == 1 + is_call
    assert store.refresh().epoch


def test_the_rest_of_a_store_without_its_head_is_dropped(prefix, lose):
    """Numbers begin anew, so no older entry may have them."""
    store = valkey_store(prefix=prefix)
    for _ in range(3):
        store.record(journal_entry())
    lose("meta")
    store.record(journal_entry("b"))
    assert [(entry.number, entry.namespace) for entry in store.journal().entries] == [(1, "b")]
    assert list(store.ledgers()) == ["b"]


def test_keys_of_another_program_are_not_taken_for_the_rest_of_a_store(prefix):
    """A replica that comes first deletes nothing, and says which key is there."""
    with Valkey(port=running_valkey().port) as client:
        client.hset(f"{prefix}:entries", "1", "theirs")
        with pytest.raises(StoreUnavailableError, match=f"has {prefix}:entries, a hash of another program"):
            valkey_store(prefix=prefix)
        assert client.hgetall(f"{prefix}:entries") == {b"1": b"theirs"}


def test_a_lasting_scenario_is_played_anew(prefix, lose):
    """A call that meets the loss is answered by it."""
    fake = SharedFake(Options(), valkey_store(prefix=prefix))
    fake.play(Scenario(rules=(Rule(outcome="error", code="RateQuota"),)), lasting=True)
    lose()
    assert [fake.answer(call()).status for _ in range(2)] == [429, 429]

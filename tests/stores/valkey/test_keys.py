"""The keys of a store in Valkey: a constant number of them, all with one prefix and one life."""

from time import time

import pytest
from store_helpers import error, journal_entry, new_prefix, running_valkey, stored_upload, valkey_store, video_task
from valkey import Valkey

from emoji_mock import Limits

WEEK = 7 * 86_400


@pytest.fixture
def client():
    """A client of the server."""
    with Valkey(port=running_valkey().port, decode_responses=True) as client:
        yield client


def fill(store, namespaces):
    """Put something of every kind into a store."""
    for name in namespaces:
        store.add_task(video_task(f"of {name}", namespace=name))
        store.keep_upload(stored_upload(f"of {name}", namespace=name), now=0)
        store.keep_picture(name, "d", b"1")
        store.reserve(name, "emoji-detect-v1", Limits())
        store.record(journal_entry(name))
        store.add_rule(error(), name)
        store.set_limits(Limits(rps=1), name)
        store.admit(name, "emoji-detect-v1", Limits(rps=1), 0.0)


def test_the_number_of_keys_does_not_grow(client):
    """However many namespaces there are, and however much each of them keeps."""
    prefix = new_prefix()
    store = valkey_store(picture_bytes=100, prefix=prefix)
    fill(store, ["a"])
    keys = sorted(client.keys(f"{prefix}:*"))
    fill(store, [f"{number}" for number in range(20)])
    assert sorted(client.keys(f"{prefix}:*")) == keys
    assert len(keys) < 50


def test_all_keys_end_at_one_moment(client):
    """Seven days after the hour of the last use, so that what belongs together never is there in part."""
    prefix = new_prefix()
    store = valkey_store(picture_bytes=100, prefix=prefix)
    for _ in range(2):
        client.hset(f"{prefix}:meta", mapping={"hour": 1, "ends": int(time()) + 60})  # the last use was long ago
        fill(store, ["a"])
        ends = {client.expiretime(key) for key in client.keys(f"{prefix}:*")}
        assert len(ends) == 1
        assert abs(ends.pop() - time() - WEEK) < 10
    store.reset("a")
    fill(store, ["a"])
    assert len({client.expiretime(key) for key in client.keys(f"{prefix}:*")}) == 1

"""The port of uploads: files under their keys, within a bound, in memory, in a folder or in Valkey."""

from functools import partial

import pytest
from serialising_store import SerialisingStore
from store_helpers import in_threads, stored_upload, valkey_store

from emoji_mock.contract.geometry import Size
from emoji_mock.fake.store.memory import MemoryStore
from emoji_mock.fake.store.values import UploadFacts
from emoji_mock.stores.upload_folder import UploadFolder


@pytest.fixture(params=["memory", "serialising", "folder", "valkey"])
def make_store(request, tmp_path):
    """A function that makes an empty store; it takes `upload_bytes`."""
    if request.param == "folder":
        return partial(MemoryStore, upload_backend=UploadFolder(tmp_path / "uploads"))
    return {"memory": MemoryStore, "serialising": SerialisingStore, "valkey": valkey_store}[request.param]


def test_an_upload_comes_back_whole(store):
    """Bytes, size and times are as they were; an unused key has no upload."""
    assert store.keep_upload(stored_upload("x/../y", b"\x00\xff"), now=0)
    assert store.upload("x/../y") == stored_upload("x/../y", b"\x00\xff")
    assert store.upload("z") is None


def test_a_key_is_taken_until_its_time_is_over(store):
    """A second upload under it is refused before, and replaces the first after."""
    assert store.keep_upload(stored_upload("1", b"a", until=100.0), now=0)
    assert not store.keep_upload(stored_upload("1", b"b"), now=99)
    assert store.upload("1").data == b"a"
    assert store.keep_upload(stored_upload("1", b"d"), now=100)
    assert store.upload("1").data == b"d"


def test_uploads_are_bounded_in_bytes(make_store):
    """The oldest makes room; what is larger than all the room is not kept, and drops nothing."""
    store = make_store(upload_bytes=10)
    for key in ("1", "2", "3"):
        store.keep_upload(stored_upload(key), now=0)
    assert [store.upload(key) is not None for key in ("1", "2", "3")] == [False, True, True]
    assert store.keep_upload(stored_upload("4", b"0" * 11), now=0)
    assert [store.upload(key) is not None for key in ("2", "3", "4")] == [True, True, False]


def test_one_of_many_gets_a_key_under_threads(store):
    """Of all uploads under one key at once, one is kept."""
    kept = in_threads(lambda number: store.keep_upload(stored_upload("1", b"%d" % number), now=0))
    assert kept.count(True) == 1


def test_a_reset_drops_the_uploads_of_one_namespace_or_all(store):
    """Their keys are free again, and the room that they took."""
    store.keep_upload(stored_upload("1", namespace="a"), now=0)
    store.keep_upload(stored_upload("2", namespace="b"), now=0)
    store.reset("a")
    assert (store.upload("1"), store.upload("2") is None) == (None, False)
    store.reset()
    assert store.upload("2") is None
    assert store.keep_upload(stored_upload("1"), now=0)


def test_the_latest_uploads_are_listed_without_their_files(store):
    """Newest first, of all namespaces, at most so many."""
    for key, namespace in (("1", "a"), ("2", "b"), ("3", "a")):
        store.keep_upload(stored_upload(key, b"12345", namespace=namespace), now=0)
    facts = UploadFacts(key="3", model="m", namespace="a", until=100.0, length=5, size=Size(640, 800), flaw="")
    assert store.latest_uploads(1) == [facts]
    assert [facts.key for facts in store.latest_uploads(9)] == ["3", "2", "1"]

"""Uploads and pictures in Valkey: what only a store that several replicas share can do wrong."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_helpers import new_prefix, running_valkey, stored_upload, valkey_store
from valkey import Valkey

from emoji_mock.fake.store.memory import MemoryStore
from emoji_mock.fake.store.ports import StoreUnavailableError
from emoji_mock.stores.valkey import uploads

KIB, MIB = 1024, 1024 * 1024
ODD_NAMES = ("a", "a\0", "a\0b", "1:a", "a0", "", "\U0001f600", "\n")


@pytest.fixture
def replicas():
    """Two replicas of one store."""
    prefix = new_prefix()
    return [valkey_store(picture_bytes=MIB, prefix=prefix) for _ in range(2)]


@contextmanager
def traffic():
    """Count the bytes that the server receives and sends, and put them into the list that is returned."""
    with Valkey(port=running_valkey().port) as client:
        names, counted = ("total_net_input_bytes", "total_net_output_bytes"), []
        before = client.info("stats")
        yield counted
        after = client.info("stats")
        counted += [after[name] - before[name] for name in names]


def test_of_replicas_that_keep_one_key_at_once_one_wins(replicas):
    """It is the winner's file that all get, whether it was sent at once or after the question whether it is wanted."""
    files = [[bytes([number]) * (100 if key % 2 else 40 * KIB) for number in range(8)] for key in range(20)]
    with ThreadPoolExecutor(8) as pool:
        for key, each in enumerate(files):
            runs = [
                pool.submit(replicas[number % 2].keep_upload, stored_upload(f"{key}", file), now=0)
                for number, file in enumerate(each)
            ]
            winners = [file for run, file in zip(runs, each, strict=True) if run.result()]
            assert [replica.upload(f"{key}").data for replica in replicas] == winners * 2
            assert len(winners) == 1


def test_a_replica_gets_what_another_has_kept(replicas):
    """Also under a key of which it has a copy: no old copy is taken for the file that is there now."""
    one, two = replicas
    old, new = b"o" * 20 * KIB, b"n" * 20 * KIB
    one.keep_upload(stored_upload("1", old), now=0)
    assert [replica.upload("1").data for replica in replicas] == [old, old]
    two.keep_upload(stored_upload("1", new), now=100)
    assert [replica.upload("1").data for replica in replicas] == [new, new]
    two.reset()
    assert [replica.upload("1") for replica in replicas] == [None, None]
    one.keep_upload(stored_upload("1", old), now=0)
    assert [replica.upload("1").data for replica in replicas] == [old, old]


def test_a_large_file_comes_back_whole_and_is_sent_once(replicas):
    """Each replica reads 8 MiB once from the engine; what it has kept itself, it need not read."""
    one, two = replicas
    data = Random(1).randbytes(8 * MIB)
    with traffic() as kept:
        assert one.keep_upload(stored_upload("1", data), now=0)
    with traffic() as own:
        assert one.upload("1").data == data
    with traffic() as first:
        assert two.upload("1").data == data
    with traffic() as again:
        assert two.upload("1").data == data
    assert 8 * MIB < kept[0] < 8 * MIB + 64 * KIB
    assert 8 * MIB < first[1] < 8 * MIB + 64 * KIB
    assert max(own[1], again[1]) < 64 * KIB


def test_a_large_file_that_is_not_kept_is_not_sent():
    """Nor one whose key is taken, nor one that is larger than the room, nor a picture that the engine has."""
    store = valkey_store(upload_bytes=2 * MIB, picture_bytes=2 * MIB)
    data = bytes(MIB)
    assert store.keep_upload(stored_upload("1", data), now=0)
    store.keep_picture("a", "d", data)
    with traffic() as counted:
        assert not store.keep_upload(stored_upload("1", data), now=99)
        assert store.keep_upload(stored_upload("2", bytes(2 * MIB + 1)), now=0)
        store.keep_picture("a", "d", data)
    assert counted[0] < 64 * KIB
    assert [store.upload(key) is not None for key in ("1", "2")] == [True, False]


def test_copies_are_bounded(replicas, monkeypatch):
    """A replica keeps copies of so many bytes, none of a file that takes more than half of them, none of a small one."""
    monkeypatch.setattr(uploads, "COPIED_BYTES", 100)
    monkeypatch.setattr(uploads, "SENT_AT_ONCE", 10)
    one, two = replicas
    for key, size in (("1", 40), ("2", 40), ("3", 40), ("4", 60), ("5", 10)):
        one.keep_upload(stored_upload(key, bytes(size)), now=0)
    for key in ("1", "2", "3", "4", "5"):
        assert two.upload(key) == one.upload(key)
    for store in replicas:
        assert [key for key in ("1", "2", "3", "4", "5") if store._upload_copies.find(key) is not None] == ["2", "3"]


def test_a_reset_reaches_its_own_namespace_alone(replicas):
    """Whatever is in the names: one that begins as another does, a NUL, what Unicode has beyond 16 bits."""
    for number, name in enumerate(ODD_NAMES):
        replicas[number % 2].keep_upload(stored_upload(f"key\0of {name}", namespace=name), now=0)
        replicas[number % 2].keep_picture(name, "d", b"1")
    for number, name in enumerate(ODD_NAMES):
        replicas[number % 2].reset(name)
        left = ODD_NAMES[number + 1 :]
        assert [facts.namespace for facts in replicas[0].latest_uploads(99)] == [*reversed(left)]
        assert [one for one in ODD_NAMES if replicas[1].picture(one, "d")] == [*left]


def test_an_account_with_many_uploads_gives_way_to_the_others(replicas, monkeypatch):
    """One file of another account stays, however many a first one sends through either replica."""
    monkeypatch.setattr(uploads, "UPLOADS", 20)
    replicas[0].keep_upload(stored_upload("quiet", namespace="quiet"), now=0)
    for number in range(50):
        replicas[number % 2].keep_upload(stored_upload(f"{number}", namespace="busy"), now=0)
    kept = [facts.key for facts in replicas[0].latest_uploads(99)]
    assert kept == [*(f"{number}" for number in range(49, 30, -1)), "quiet"]


def test_a_full_engine_refuses_an_upload_and_keeps_all():
    """The caller learns that the store is full; nothing is kept in part, and a reset makes room all the same."""
    store = valkey_store()
    store.keep_upload(stored_upload("1", bytes(40 * KIB)), now=0)
    with Valkey(port=running_valkey().port) as client:
        client.config_set("maxmemory", 1)
        try:
            for size in (1, 40 * KIB):
                with pytest.raises(StoreUnavailableError, match="is full"):
                    store.keep_upload(stored_upload("2", bytes(size)), now=0)
            assert [facts.key for facts in store.latest_uploads(9)] == ["1"]
            store.reset("a")
            assert store.latest_uploads(9) == []
            store.reset()
        finally:
            client.config_set("maxmemory", 0)
    assert store.keep_upload(stored_upload("2", bytes(40 * KIB)), now=0)


KEYS = st.sampled_from(["1", "2", "3", "4"])
NAMES = st.sampled_from(ODD_NAMES)
SIZES = st.sampled_from([0, 1, 23, 57, 101, 189, 300, 301])  # the room is 300, and a file of more than 100 is asked for
STEPS = st.one_of(
    st.tuples(st.just("keep_upload"), KEYS, NAMES, SIZES, st.sampled_from([0, 10, 1000])),
    st.tuples(st.just("upload"), KEYS),
    st.tuples(st.just("latest_uploads"), st.integers(0, 5)),
    st.tuples(st.just("keep_picture"), NAMES, SIZES),
    st.tuples(st.just("picture"), NAMES, SIZES),
    st.tuples(st.just("reset"), NAMES | st.none()),
)


def done(store, now, name, *given):
    """Return what a step does to a store, at the time `now`."""
    if name == "keep_upload":
        key, namespace, size, seconds = given
        return store.keep_upload(stored_upload(key, bytes(size), namespace, now + seconds), now=now)
    if name == "keep_picture":
        return store.keep_picture(given[0], f"{given[1]}", bytes(given[1]))
    if name == "picture":
        return store.picture(given[0], f"{given[1]}")
    return getattr(store, name)(*given)


@given(st.lists(STEPS, max_size=60))
def test_replicas_do_what_one_store_in_memory_does(steps):
    """Whatever is done in turns through two of them, with the same results, and every sum is right at the end."""
    memory, prefix = MemoryStore(upload_bytes=300, picture_bytes=300), new_prefix()
    replicas = [valkey_store(upload_bytes=300, picture_bytes=300, prefix=prefix) for _ in range(2)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(uploads, "SENT_AT_ONCE", 100)
        for number, step in enumerate(steps):
            assert done(replicas[number % 2], number * 5.0, *step) == done(memory, number * 5.0, *step)
    for namespace in ODD_NAMES:
        replicas[0].reset(namespace)
    with Valkey(port=running_valkey().port) as client:
        for what in ("uploads", "pictures"):
            assert client.hmget(f"{prefix}:{what}:total", "items", "bytes") in ([b"0", b"0"], [None, None])
            for part in ("held", "data", "order", "of", "items", "bytes", "idle"):
                assert not client.exists(f"{prefix}:{what}:{part}")

"""Every store is held to the same contract: in memory, one that serialises all that it is given, and one in Valkey."""

from itertools import count

import pytest
from serialising_store import SerialisingStore
from valkey_server import running_valkey

from emoji_mock.fake.store.memory import MemoryStore

_prefixes = count(1)


def valkey_store(journal_size=10_000, upload_bytes=64 * 1024 * 1024, picture_bytes=0):
    """Return an empty store in the Valkey server of this process, under a prefix of its own."""
    from emoji_mock.stores.valkey.address import StoreAddress
    from emoji_mock.stores.valkey.engine import Engine
    from emoji_mock.stores.valkey.store import ValkeyStore

    address = StoreAddress(host="127.0.0.1", port=running_valkey().port, prefix=f"test-{next(_prefixes)}")
    store = ValkeyStore(Engine(address), journal_size, upload_bytes, picture_bytes)
    store.open()
    return store


@pytest.fixture(params=[MemoryStore, SerialisingStore, valkey_store], ids=["memory", "serialising", "valkey"])
def make_store(request):
    """A function that makes an empty store; it takes `journal_size` and `upload_bytes`."""
    return request.param


@pytest.fixture
def store(make_store):
    """An empty store."""
    return make_store()

"""Every store is held to the same contract: in memory, one that serialises all that it is given, and one in Valkey."""

import pytest
from serialising_store import SerialisingStore
from store_helpers import valkey_store

from emoji_mock.fake.store.memory import MemoryStore


@pytest.fixture(params=[MemoryStore, SerialisingStore, valkey_store], ids=["memory", "serialising", "valkey"])
def make_store(request):
    """A function that makes an empty store; it takes `journal_size` and `upload_bytes`."""
    return request.param


@pytest.fixture
def store(make_store):
    """An empty store."""
    return make_store()

"""Every store is held to the same contract: the one in memory, and one that serialises all that it is given."""

import pytest
from serialising_store import SerialisingStore

from emoji_mock.fake.store.memory import MemoryStore


@pytest.fixture(params=[MemoryStore, SerialisingStore], ids=["memory", "serialising"])
def make_store(request):
    """A function that makes an empty store; it takes `journal_size` and `upload_bytes`."""
    return request.param


@pytest.fixture
def store(make_store):
    """An empty store."""
    return make_store()

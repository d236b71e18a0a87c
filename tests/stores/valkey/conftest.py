"""A Valkey server for the tests of its store, started once in a process."""

from itertools import count

import pytest
from store_helpers import running_valkey

from emoji_mock.stores.valkey.address import StoreAddress

_prefixes = count(1)


@pytest.fixture
def engine():
    """The server."""
    return running_valkey()


@pytest.fixture
def address(engine):
    """The address of an empty store there."""
    return StoreAddress(host="127.0.0.1", port=engine.port, prefix=f"opening-{next(_prefixes)}")

"""Two replicas that share a store on a Valkey server."""

from itertools import count

import pytest
from store_helpers import running_valkey

from emoji_mock import Options

_prefixes = count(1)


@pytest.fixture
def join():
    """A function that adds a replica with these options to those of the test."""
    engine = running_valkey()
    from emoji_mock.replicas.shared_fake import SharedFake
    from emoji_mock.stores.valkey.address import StoreAddress
    from emoji_mock.stores.valkey.opening import open_store

    address = StoreAddress(host="127.0.0.1", port=engine.port, prefix=f"replicas-{next(_prefixes)}")

    def joined(**options):
        chosen = Options(seed=7, **options)
        return SharedFake(chosen, open_store(address, chosen))

    return joined


@pytest.fixture
def replicas(join):
    """Two replicas."""
    return join(), join()

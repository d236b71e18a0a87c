"""A store that serialises every argument and every result, as a store outside the process must.

Whatever leans on the identity of a value, or on its mutation, fails against it.
"""

from functools import cache, partial
from inspect import signature
from typing import get_type_hints

import msgspec

from emoji_mock.fake.store.memory import MemoryStore
from emoji_mock.fake.store.ports import Store

_types = cache(get_type_hints)
_signature = cache(signature)


def copied(value, kind):
    """Return `value` after a round trip through MessagePack by its declared type, which must be all that is known of it."""
    return None if kind is type(None) else msgspec.msgpack.decode(msgspec.msgpack.encode(value), type=kind)


class SerialisingStore:
    """Wrap a MemoryStore; each operation of the port passes copies, typed as the port declares them."""

    def __init__(self, *arguments, **named):
        self._store = MemoryStore(*arguments, **named)

    def __getattr__(self, name):
        """Return an operation of the port; nothing else of the store can be reached."""
        declared = getattr(Store, name, None)
        if name.startswith("_") or declared is None:
            raise AttributeError(f"the port has no {name!r}")
        if isinstance(declared, property):
            return copied(getattr(self._store, name), _types(declared.fget)["return"])
        return partial(self._call, name, declared)

    def _call(self, name, declared, *arguments, **named):
        kinds = _types(declared)
        bound = _signature(declared).bind(self, *arguments, **named)
        given = {key: copied(value, kinds[key]) for key, value in list(bound.arguments.items())[1:]}
        return copied(getattr(self._store, name)(**given), kinds["return"])

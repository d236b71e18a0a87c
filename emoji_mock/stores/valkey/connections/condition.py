"""Whether an engine can be used, and why not: each change is logged once."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from emoji_mock.stores.valkey.connections.operation import EngineRefusesError

if TYPE_CHECKING:
    from collections.abc import Callable

    from emoji_mock.fake.store.ports import StoreUnavailableError
    from emoji_mock.stores.valkey.address import StoreAddress
    from emoji_mock.stores.valkey.connections.lua_script import LuaScript

_log = logging.getLogger("emoji_mock")


class EngineCondition:
    """The condition of the engine at `address`, as all connections of a replica find it. `say` logs a line."""

    def __init__(self, address: StoreAddress, say: Callable[[str], None] = _log.warning) -> None:
        self._address, self._say = address, say
        self._refuses = False
        self.problem = ""
        """Why it cannot be used; empty if it can."""
        self.is_watched = False
        """Whether changes are logged; before the store is open, who opens it reports what is wrong."""

    def fail(self, error: StoreUnavailableError) -> None:
        """Note that an operation has failed."""
        was, refused_before = self.problem, self._refuses
        self.problem, self._refuses = str(error), isinstance(error, EngineRefusesError)
        if self.is_watched and (not was or self._refuses != refused_before):
            self._say(f"emoji-mock: {error}; callers get 503 until it is back")

    def succeed(self, script: LuaScript) -> None:
        """Note that `script` was run: that shows nothing of an engine that is full, if it needs no room."""
        if not self.problem or (self._refuses and not script.needs_room):
            return
        self.problem = ""
        if self.is_watched:
            self._say(f"emoji-mock: the store at {self._address} is back")

"""The store in an engine, shared by all replicas that name it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emoji_mock.fake.store.ports import StoreUnavailableError
from emoji_mock.stores.valkey.connections.lua_script import LuaScript
from emoji_mock.stores.valkey.journal import ValkeyJournal
from emoji_mock.stores.valkey.limits import ValkeyLimits
from emoji_mock.stores.valkey.rules import ValkeyRules
from emoji_mock.stores.valkey.tasks import ValkeyTasks
from emoji_mock.stores.valkey.uploads import ValkeyUploads

if TYPE_CHECKING:
    from emoji_mock.stores.valkey.address import StoreAddress
    from emoji_mock.stores.valkey.engine import Engine
    from emoji_mock.stores.valkey.state import State

SCHEMA = 1
"""The number of the layout of the keys; a store with another number is refused."""

_BOUNDS = ("journal_size", "upload_bytes", "kept_picture_bytes")
_OPEN = LuaScript("open", opens=True)
_CLEARS = ("accounts", "shares", "reset_journal", "rules", "limits", "gates", "kept")
_RESET = LuaScript("reset", _CLEARS, makes_room=True)
_SETTINGS = LuaScript("settings")
_POLICY_KEY = LuaScript("policy_key")


class ValkeyStore(ValkeyJournal, ValkeyRules, ValkeyLimits, ValkeyUploads, ValkeyTasks):
    """Implement Store in `engine`: a journal of `journal_size` entries, `upload_bytes` of uploads, `picture_bytes`.

    The bounds hold for all replicas; those of the replica that came last are in force.
    """

    def __init__(
        self,
        engine: Engine,
        journal_size: int = 10_000,
        upload_bytes: int = 64 * 1024 * 1024,
        picture_bytes: int = 0,
    ) -> None:
        self._engine = engine
        engine.reopen = self.open
        self._bounds = journal_size, upload_bytes, picture_bytes
        self.replica = 0
        """How many replicas had come when this one did, with it."""
        self.replaced_bounds: list[tuple[str, int, int]] = []
        """The bounds that were others before this replica came: name, before, now."""

    @property
    def engine(self) -> Engine:
        """The engine."""
        return self._engine

    def open(self) -> State:
        """Prepare the store, also after the engine has lost it. Raises StoreUnavailableError."""
        replica, *found = self._engine.run(_OPEN, SCHEMA, *self._bounds, int(self._engine.condition.is_watched))
        if not replica:
            raise StoreUnavailableError(_describe_other(self._engine.address, *(text.decode() for text in found)))
        self.replica, self._engine.condition.is_watched = replica, True
        self.replaced_bounds = [
            (name, int(before), now)
            for name, before, now in zip(_BOUNDS, found, self._bounds, strict=True)
            if before and int(before) != now
        ]
        return self._engine.read_state()

    def refresh(self) -> State:
        """Read the state anew on which calls rely."""
        state = self._engine.read_state()
        return state if state.epoch else self.open()

    def share_settings(self, settings: bytes) -> None:
        """Replace the settings that all replicas share."""
        self._engine.run(_SETTINGS, settings)

    def policy_key(self, proposed: bytes) -> bytes:
        """Return the key that signs for all replicas: `proposed` if this is the first."""
        key: bytes = self._engine.run(_POLICY_KEY, proposed)
        return key

    def reset(self, namespace: str | None = None) -> None:
        """Clear rules, limits, journal, ledger, uploads, pictures and tasks of `namespace`, or of all."""
        self._engine.run(_RESET, "" if namespace is None else namespace, int(namespace is not None))
        self._engine.read_state()


def _describe_other(address: StoreAddress, found: str, kind: str = "") -> str:
    """Return what is under the prefix of `address`: a key `found` of another `kind`, or another schema."""
    hint = "or use another --store-prefix"
    if kind:
        return (
            f"the store at {address} has {found}, a {kind} of another program; use another --store-prefix or delete it"
        )
    if not found.isdecimal() or int(found) > SCHEMA:
        return (
            f"the store {address.prefix} at {address} is of a newer emoji-mock: it has schema {found}, this one reads"
            f" {SCHEMA}: update emoji-mock, {hint}"
        )
    return (
        f"the store {address.prefix} at {address} is of an older emoji-mock: it has schema {found}, this one reads"
        f" {SCHEMA}: delete its keys {address.prefix}:*, {hint}"
    )

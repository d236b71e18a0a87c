"""The engine: runs the operations of the store, and remembers the state on which calls rely."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from emoji_mock._support.threads.suspension import current_call
from emoji_mock.fake.store.ports import StaleStateError, StoreUnavailableError
from emoji_mock.stores.valkey.connections.condition import EngineCondition
from emoji_mock.stores.valkey.connections.loop import LoopConnection
from emoji_mock.stores.valkey.connections.lua_script import LuaScript
from emoji_mock.stores.valkey.connections.operation import FieldRead, Operation
from emoji_mock.stores.valkey.connections.threads import ThreadConnections
from emoji_mock.stores.valkey.state import State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from contextlib import AbstractContextManager

    from emoji_mock._support.threads.suspension import SuspendableCall
    from emoji_mock.stores.valkey.address import StoreAddress
    from emoji_mock.stores.valkey.connections.operation import Argument

CLOSE = 0.1
"""How far apart the clocks of this machine and of the engine's may be, in seconds, to count as the same."""
_STATE = LuaScript("state", only_reads=True)
_FIELD = LuaScript("field", only_reads=True)  # names the operation for `on_operation`
_call: ContextVar[_Reliance | None] = ContextVar("emoji_mock_reliance", default=None)


class _Reliance:
    """What a call relies on until an operation has confirmed it, and the rules whose use its entry will count.

    A context: the call runs in it.
    """

    __slots__ = ("epoch", "uses")

    def __init__(self, epoch: str) -> None:
        self.epoch = epoch
        self.uses: tuple[int, ...] = ()

    def __enter__(self) -> None:
        _call.set(self if self.epoch else None)  # a store that has none yet is relied on for nothing

    def __exit__(self, *_: object) -> None:
        _call.set(None)

    def take_epoch(self) -> str:
        epoch, self.epoch = self.epoch, ""
        return epoch


class Engine:
    """The engine at `address`. Safe from any thread, and from event loops that run suspendable calls.

    `on_operation`, if set, is called with the name of each operation and how many seconds its reply took.
    """

    def __init__(self, address: StoreAddress) -> None:
        self.address = address
        self.state = State()
        self.skew = 0.0
        """The engine's clock minus this machine's, in seconds; 0 if they are CLOSE."""
        self.is_frozen = False
        """Whether the fake's time stands still, and so is the same for all replicas."""
        self.on_operation: Callable[[str, float], None] | None = None
        self.reopen: Callable[[], object] = self.read_state
        """Makes the store anew where the engine has lost it."""
        self._threads = ThreadConnections(address)
        self._loops: WeakKeyDictionary[asyncio.AbstractEventLoop, LoopConnection] = WeakKeyDictionary()
        self.condition = EngineCondition(address)

    def relying(self, epoch: str) -> AbstractContextManager[None]:
        """Return the context of a call whose next operation is refused if the store has another `epoch`.

        It then raises StaleStateError.
        """
        return _Reliance(epoch)

    def note_uses(self, numbers: Iterable[int]) -> bool:
        """Note which rules this call takes, for its entry to count in the same step; return False outside calls."""
        reliance = _call.get()
        if reliance is not None:
            reliance.uses = tuple(numbers)
        return reliance is not None

    @property
    def noted_uses(self) -> tuple[int, ...]:
        """The rules that this call takes."""
        reliance = _call.get()
        return () if reliance is None else reliance.uses

    def run(self, script: LuaScript, *arguments: Argument) -> Any:  # noqa: ANN401 - any reply of the engine
        """Run an operation and return its reply. Raises StoreUnavailableError, StaleStateError."""
        reliance = _call.get()
        epoch = "" if reliance is None else reliance.take_epoch()
        try:
            return self._timed(self._operation(script, epoch, arguments, current_call()))
        except StaleStateError:
            if epoch:
                raise
        self.reopen()  # it relied on nothing but that there is a store
        return self._timed(self._operation(script, "", arguments, current_call()))

    def read_field(self, name: str, field: bytes) -> bytes | None:
        """Return a field of the hash `name`, however large. Raises StoreUnavailableError."""
        key = f"{self.address.prefix}:{name}"
        value: bytes | None = self._timed(FieldRead(_FIELD, (key, field), current_call()))
        return value

    def post(self, script: LuaScript, *arguments: Argument) -> None:
        """Run an operation whose reply nobody needs: in the event loop of a server without waiting for it.

        While the engine is away it is left out: what it notes is not worth an answer that is decided already.
        """
        operation = self._operation(script, "", arguments, None)
        connection = self._running_connection()
        with suppress(StoreUnavailableError, StaleStateError):
            if connection is None:
                self._timed(operation)
            else:
                connection.put(operation)

    def leave_loop(self) -> None:
        """Close the connection of the running event loop."""
        connection = self._loops.pop(asyncio.get_running_loop(), None)
        if connection is not None:
            connection.close()

    def read_state(self) -> State:
        """Return the state of the store as it is now, and remember it."""
        before = time.time()
        epoch, has_rules, has_limits, settings, seconds, micros = self.run(_STATE)
        now = time.time()
        skew = int(seconds) + int(micros) / 1e6 - (before + now) / 2
        self.skew = skew if abs(skew) > CLOSE + now - before else 0.0
        self.state = State((epoch or b"").decode(), has_rules > 0, has_limits > 0, settings or b"")
        return self.state

    def common_time(self, at: float) -> float:
        """Return what time it is for all replicas when it is `at` for this one."""
        return at if self.is_frozen else at + self.skew

    def _operation(
        self, script: LuaScript, epoch: str, arguments: tuple[Argument, ...], call: SuspendableCall | None
    ) -> Operation:
        hour = int(time.time()) // 3600
        return Operation(script, (self.address.prefix, f"{hour} {epoch}", *arguments), call)

    def _timed(self, operation: Operation) -> Any:  # noqa: ANN401 - any reply of the engine
        observer = self.on_operation
        if observer is None:
            return self._reply_to(operation)
        begun = time.perf_counter()
        try:
            return self._reply_to(operation)
        finally:
            observer(operation.script.name, time.perf_counter() - begun)

    def _reply_to(self, operation: Operation) -> Any:  # noqa: ANN401 - any reply of the engine
        call = operation.call
        if call is not None:
            self._connection().put(operation)
            return call.wait()
        try:
            reply = self._threads.run(operation)
        except StoreUnavailableError as error:
            self.condition.fail(error)
            raise
        self.condition.succeed(operation.script)
        return reply

    def _connection(self) -> LoopConnection:
        loop = asyncio.get_running_loop()
        connection = self._loops.get(loop)
        if connection is None:
            connection = self._loops[loop] = LoopConnection(self.address, self.condition)
        return connection

    def _running_connection(self) -> LoopConnection | None:
        if not self._loops:
            return None
        try:
            return self._loops.get(asyncio.get_running_loop())
        except RuntimeError:
            return None

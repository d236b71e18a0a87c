"""The connection of an event loop to the engine: the operations of one tick of the loop go out in one write.

No operation waits for the reply to another one, so the calls of many clients share round trips.
"""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from typing import TYPE_CHECKING, Any

from libvalkey import ProtocolError, Reader, ReplyError, pack_command

from emoji_mock.fake.store.ports import StoreUnavailableError
from emoji_mock.stores.valkey.address import CONNECT_SECONDS, REPLY_SECONDS
from emoji_mock.stores.valkey.connections.condition import EngineCondition
from emoji_mock.stores.valkey.connections.operation import NO_SCRIPT, Operation, meaning_of

if TYPE_CHECKING:
    from emoji_mock.stores.valkey.address import StoreAddress
    from emoji_mock.stores.valkey.connections.lua_script import LuaScript
    from emoji_mock.stores.valkey.connections.operation import Argument

PAUSE_SECONDS = 0.5
"""How long after a failed attempt calls are refused without another one; one that had worked has not failed."""
_LOOK = 0.5  # seconds between two looks at whether a reply is late


class _Wire(asyncio.Protocol):
    """One connection over the network; what comes of it when it is given up reaches nobody."""

    def __init__(self, owner: LoopConnection) -> None:
        self.owner: LoopConnection | None = owner

    def data_received(self, data: bytes) -> None:
        """Pass on what the engine sends."""
        if self.owner is not None:
            self.owner.receive(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Pass on that the engine has closed it."""
        if self.owner is not None:
            self.owner.lose(str(exc or "it closed the connection"))


class LoopConnection:
    """A connection in one event loop, opened when it is needed. `condition` learns how the engine answers."""

    def __init__(self, address: StoreAddress, condition: EngineCondition) -> None:
        self._address, self._condition = address, condition
        self._loop = asyncio.get_running_loop()
        self._wire: _Wire | None = None
        self._transport: asyncio.Transport | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._waiting: list[Operation] = []  # not sent yet
        self._sent: deque[Operation | None] = deque()  # None: a command that greets the engine
        self._reader = Reader()
        self._has_worked = False
        self._refused_until, self._problem = 0.0, ""
        self._watch: asyncio.TimerHandle | None = None

    def put(self, operation: Operation) -> None:
        """Send an operation at the end of this tick. Raises StoreUnavailableError if the engine was away just now."""
        if self._transport is None and self._connecting is None:
            if self._loop.time() < self._refused_until:
                raise StoreUnavailableError(self._problem)
            self._connecting = self._loop.create_task(self._connect())
        self._waiting.append(operation)
        if len(self._waiting) == 1 and self._transport is not None:
            self._loop.call_soon(self._flush)

    def _flush(self) -> None:
        if self._transport is None:
            return  # it was lost meanwhile: what waits now waits for the next one
        waiting, self._waiting = self._waiting, []
        now = self._loop.time()
        packed: list[bytes] = []
        for operation in _joined(waiting) if len(waiting) > 1 else waiting:
            try:
                packed.append(pack_command(operation.command()))
            except (TypeError, ValueError) as error:  # no value for an engine, such as half a surrogate pair
                operation.end(error)
                continue
            operation.sent_at = now
            self._sent.append(operation)
        self._transport.write(b"".join(packed))
        if self._watch is None:
            self._watch = self._loop.call_later(_LOOK, self._look)

    def close(self) -> None:
        """Close the connection; what has no reply yet fails."""
        if self._connecting is not None:
            self._connecting.cancel()
        if self._watch is not None:
            self._watch.cancel()
        self._condition = EngineCondition(self._address)  # one that nobody watches: it is no fault
        self.lose("it is closed")

    def receive(self, data: bytes) -> None:
        """Give each reply to its operation."""
        self._reader.feed(data)
        while True:
            try:
                reply = self._reader.gets()
            except ProtocolError:
                self.lose("it does not speak the protocol of Valkey")
                return
            if reply is False:
                return
            operation = self._sent.popleft() if self._sent else None
            self._end(operation, reply)

    def _end(self, operation: Operation | None, reply: Any) -> None:  # noqa: ANN401 - any reply of the engine
        if not isinstance(reply, ReplyError):
            if operation is not None:
                self._has_worked = True
                self._condition.succeed(operation.script)
                operation.end(reply)
        elif operation is None:
            self.lose(f"it answers {reply}")
        elif str(reply).startswith(NO_SCRIPT) and self._transport is not None:
            operation.sent_at = self._loop.time()
            self._sent.append(operation)
            self._transport.write(pack_command(operation.command(whole=True)))
        else:
            error = meaning_of(str(reply), self._address)
            if isinstance(error, StoreUnavailableError):
                self._condition.fail(error)
            operation.end(error)

    def _look(self) -> None:
        self._watch = None
        oldest = next((operation for operation in self._sent if operation is not None), None)
        if oldest is None:
            return
        if self._loop.time() - oldest.sent_at > REPLY_SECONDS:
            self.lose(f"it sent no reply within {REPLY_SECONDS:g} s")
        else:
            self._watch = self._loop.call_later(_LOOK, self._look)

    async def _connect(self) -> None:
        self._reader, self._wire = Reader(), _Wire(self)
        wire = self._wire
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                transport = await self._open(wire)
        except (OSError, ValueError) as error:  # TimeoutError and ssl.SSLError are OSErrors
            self.lose(str(error) or f"no connection within {CONNECT_SECONDS:g} s")
            return
        finally:
            self._connecting = None
        if self._wire is not wire:  # it was lost as soon as it was there
            transport.abort()
            self.lose("it closed the connection")
            return
        self._transport = transport
        greetings = self._greetings()
        self._sent.extend([None] * len(greetings))
        transport.write(b"".join(map(pack_command, greetings)))
        self._flush()

    async def _open(self, wire: _Wire) -> asyncio.Transport:
        address, tls = self._address, None
        if address.is_tls:
            tls = ssl.create_default_context(cafile=address.ca_file or None)
        if address.socket_path:
            transport, _ = await self._loop.create_unix_connection(lambda: wire, address.socket_path)
        else:
            transport, _ = await self._loop.create_connection(lambda: wire, address.host, address.port, ssl=tls)
        return transport

    def _greetings(self) -> list[tuple[Argument, ...]]:
        address = self._address
        commands: list[tuple[Argument, ...]] = [("CLIENT", "SETNAME", "emoji-mock")]
        if address.password:
            user = (address.user,) if address.user else ()
            commands.insert(0, ("AUTH", *user, address.password))
        if address.database:
            commands.append(("SELECT", address.database))
        return commands

    def lose(self, reason: str) -> None:
        """Give the connection up, and fail what has no reply yet."""
        if self._wire is not None:
            self._wire.owner = None
            self._wire = None
        transport, self._transport = self._transport, None
        if transport is not None:
            transport.abort()
        lost = [*filter(None, self._sent), *self._waiting]
        self._sent.clear()
        self._waiting.clear()
        had_worked, self._has_worked = self._has_worked, False
        if had_worked and not lost:
            return  # an engine may close a connection that is idle: the next call opens another one
        self._problem = f"the store at {self._address} cannot be reached: {reason}"
        self._refused_until = 0.0 if had_worked else self._loop.time() + PAUSE_SECONDS
        error = StoreUnavailableError(self._problem)
        self._condition.fail(error)
        for operation in lost:
            operation.end(error)


def _joined(operations: list[Operation]) -> list[Operation]:
    """Return `operations` with those joined that one script runs at once."""
    sent: list[Operation] = []
    first: dict[LuaScript, Operation] = {}
    for operation in operations:
        script = operation.script
        if script.each and script in first and first[script].join(operation):
            continue
        first[script] = operation
        sent.append(operation)
    return sent

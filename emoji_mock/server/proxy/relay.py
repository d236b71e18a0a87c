"""Pass bytes between two connections: with back-pressure, and each side's end or reset passed on to the other."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from emoji_mock.server.protocols.fault_player import reset
from emoji_mock.server.proxy.problems import ProxyError, refuse

if TYPE_CHECKING:
    from emoji_mock.server.proxy.request_body import RequestBody

BUFFER_BYTES = 128 * 1024
"""Unsent bytes of a connection from which on the other is not read; one read of it can come on top."""

Connect = Callable[[asyncio.Protocol], Awaitable[None]]
"""Connect a protocol to the other side. Raises ProxyError."""


class _Side(asyncio.Protocol):
    """One of the two connections."""

    transport: asyncio.Transport | None = None
    peer: _Side
    has_ended = False
    is_lost = False

    def data_received(self, data: bytes) -> None:
        other = self.peer.transport
        if other is not None and not other.is_closing():
            other.write(data)

    def eof_received(self) -> bool:
        """Pass the end on; return whether this side stays open for what the other still sends."""
        self.has_ended = True
        this, other = self.transport, self.peer.transport
        if other is not None:
            self.pass_end_on(other)
        # TLS ends in both directions at once.
        return this is not None and this.can_write_eof() and not self.peer.has_ended

    def pass_end_on(self, other: asyncio.Transport) -> None:
        if self.peer.has_ended or not other.can_write_eof():
            other.close()
        elif not other.is_closing():
            other.write_eof()

    def pause_writing(self) -> None:
        other = self.peer.transport
        if other is not None and not other.is_closing():
            other.pause_reading()

    def resume_writing(self) -> None:
        other = self.peer.transport
        if other is not None and not other.is_closing():
            other.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_lost = True
        other = self.peer.transport
        if other is None:
            return
        if exc is None:
            other.close()
        else:
            reset(other)


class ByteRelay(_Side):
    """The protocol of an accepted connection, whose bytes go to a connection that `connect` makes, and back.

    `first` is sent there first, and `greeting` is sent to the client once it is connected. Of a single request `body`
    says where it ends. `ended` is called when both connections are closed.
    """

    def __init__(
        self,
        connect: Connect,
        ended: Callable[[ByteRelay], None],
        *,
        greeting: bytes = b"",
        first: bytes = b"",
        body: RequestBody | None = None,
    ) -> None:
        self._connect, self._ended, self._greeting, self._body = connect, ended, greeting, body
        self._held = first
        self._task: asyncio.Task[None] | None = None
        self.peer = _FarSide(self)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as a socket's is
        """Connect to the other side; the client is not read until then."""
        self.transport = transport
        transport.set_write_buffer_limits(BUFFER_BYTES)
        transport.pause_reading()
        self._task = asyncio.get_running_loop().create_task(self._open(transport))

    async def _open(self, transport: asyncio.Transport) -> None:
        try:
            await self._connect(self.peer)
        except ProxyError as problem:
            refuse(transport, problem, self.finish)

    def join(self, other: asyncio.Transport) -> None:
        """Begin to pass bytes."""
        if self.transport is None or self.transport.is_closing():
            other.abort()
            return
        if self._greeting:
            self.transport.write(self._greeting)
        self.transport.resume_reading()  # before a write, which may pause it again
        held, self._held = self._held, b""
        if held:
            other.write(held)
        if self.has_ended:
            self.pass_end_on(other)

    def data_received(self, data: bytes) -> None:
        """Pass `data` on."""
        if self._body is not None:
            part = self._body.take(data)
            if part is None:
                self.shutdown()
                return
            data = part
        if not data:
            return
        if self.peer.transport is not None:
            super().data_received(data)
        elif self.transport is not None:
            self._held += data  # the owner of the connection has resumed reading
            self.transport.pause_reading()

    def answered(self, data: bytes) -> None:
        """Note the begin of the response."""
        if self._body is not None:
            self._body.answered(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """End the other side, too."""
        super().connection_lost(exc)
        if self._task is not None:
            self._task.cancel()
        self.finish()

    def finish(self) -> None:
        """Call `ended` when neither side is open."""
        if self.peer.transport is None or (self.is_lost and self.peer.is_lost):
            self._ended(self)

    def shutdown(self) -> None:
        """Close both connections at once."""
        if self._task is not None:
            self._task.cancel()
        for transport in (self.transport, self.peer.transport):
            if transport is not None:
                transport.abort()


class _FarSide(_Side):
    """The connection that the relay has made."""

    def __init__(self, relay: ByteRelay) -> None:
        self.peer = self._relay = relay

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as a socket's is
        self.transport = transport
        transport.set_write_buffer_limits(BUFFER_BYTES)
        self._relay.join(transport)

    def data_received(self, data: bytes) -> None:
        self._relay.answered(data)
        super().data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._relay.finish()

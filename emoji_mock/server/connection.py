"""A connection that is watched over: closed when idle or not read, freed when lost, held by a script, ended in order.

This file and `protocol.py` above it lean on uvicorn's internals; `PARTS` there names them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from emoji_mock.server.fault_player import FaultPlayer

if TYPE_CHECKING:
    import asyncio

    from emoji_mock.fake.network.script import Script
    from emoji_mock.server.control.steered import SteeredFake

IDLE_SECONDS = 60.0
"""How long a connection may say nothing, or take to send one request, before it is closed."""

LAST_SECONDS = 1.0
"""How long a request that is half received may take once the server was told to stop."""
ENDING_SECONDS = 30.0
"""How long an answer may take then that comes late or bit by bit. Silence that ends in none, as a stall, is cut off."""
HEAD_LIMIT = 64 * 1024
"""How long the request line and the headers of a message may be together, in bytes, give or take one read."""


class Connection(HttpToolsProtocol):
    """uvicorn's protocol over one connection; subclass it with a `fake`."""

    fake: ClassVar[SteeredFake]

    _heard = 0.0
    _sent = 0.0  # when something went out, or nothing waited to
    _unsent = 0
    _began = 0.0
    _receiving = False
    _broken = False
    _shut = False
    _acting: FaultPlayer | None = None
    _held = b""
    _dropping = False
    _watch: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to watch over a connection."""
        super().connection_made(transport)
        self._heard = self._sent = self.loop.time()
        self._watch = self.loop.call_later(IDLE_SECONDS, self._close_if_idle)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop watching over it."""
        super().connection_lost(exc)
        for timer in (self._watch, self.timeout_keep_alive_task):  # uvicorn leaves its own after a reset
            if timer is not None:
                timer.cancel()
        if self._acting is not None:
            self._acting.stop()
            self._acting = None  # it holds us, too; nobody should have to look for such circles
        # A cycle of uvicorn's holds us as well, and the collector looks at what is old far too seldom (run.py).
        self.cycle = None  # type: ignore[assignment]  # as before the first request, whatever uvicorn declares
        self.scope = {}  # type: ignore[typeddict-item]  # so does the `act` in it
        self.pipeline.clear()

    def act(self, script: Script) -> None:
        """Act out `script`; what comes in meanwhile is held."""
        if self.transport.is_closing():
            return
        self._held, self._dropping = b"", False
        self._acting = FaultPlayer(script, self.transport, self.loop, self.fake.waited_out, self._acted)
        self._acting.start()

    def _acted(self) -> None:
        self._acting = None
        held, self._held = self._held, b""
        if self._dropping or self._broken or self._shut:
            self.transport.close()
            return
        self.flow.resume_reading()
        if held:
            self.data_received(held)

    def _hold(self, data: bytes) -> None:
        self._held += data
        if len(self._held) > HEAD_LIMIT:
            self.flow.pause_reading()

    def shutdown(self) -> None:
        """End the connection, once a request that is coming in has had its time."""
        self._shut = True
        if self._acting is not None and self._acting.speaks:
            self.loop.call_later(ENDING_SECONDS, self._give_up)
        elif self._receiving or self._acting is not None:
            self.loop.call_later(LAST_SECONDS, self._give_up)
        else:
            super().shutdown()

    def _give_up(self) -> None:
        if self._receiving or self._acting is not None:
            self.transport.close()
        else:
            super().shutdown()

    def _answering(self) -> bool:
        # None until the first one, whatever uvicorn declares.
        cycle = cast("RequestResponseCycle | None", self.cycle)
        return self._acting is not None or (cycle is not None and not cycle.response_complete)

    def _close_if_idle(self) -> None:
        if self._is_unread():
            self.transport.abort()
            return
        since = self._began if self._receiving else self._heard
        left = since + IDLE_SECONDS - self.loop.time()
        if self._unsent:
            self._watch = self.loop.call_later(1.0, self._close_if_idle)
        elif left > 0 or (self._answering() and not self._receiving):
            self._watch = self.loop.call_later(max(left, 1.0), self._close_if_idle)
        else:
            self.transport.close()

    def _is_unread(self) -> bool:
        """Say whether the client has taken nothing for so long of what waits for it."""
        now, unsent = self.loop.time(), self.transport.get_write_buffer_size()
        if not self._unsent or unsent < self._unsent:
            self._sent = now
        self._unsent = unsent
        return unsent > 0 and now - self._sent >= IDLE_SECONDS

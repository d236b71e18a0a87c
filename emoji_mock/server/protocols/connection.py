"""One connection: closed when idle or stuck, paused while a fault is played, freed when lost, shut down in order.

This file and `protocol.py` use uvicorn's internals; `PARTS` there names them.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from emoji_mock.contract.rows import service
from emoji_mock.fake.network.addresses import SCHEME
from emoji_mock.fake.network.script import serialise
from emoji_mock.fake.port import HEAD_BYTES
from emoji_mock.server.protocols.fault_player import FaultPlayer

if TYPE_CHECKING:
    import asyncio

    from emoji_mock.contract.exchange import Headers
    from emoji_mock.fake.network.script import Script
    from emoji_mock.server.bodies import HeldBodies, HeldBody
    from emoji_mock.server.control.steered import SteeredFake

IDLE_SECONDS = 60.0
"""How long a connection may send nothing, or take to send one request, before it is closed."""
LAST_SECONDS = 1.0
"""How long an incomplete request may take when the server shuts down."""
ENDING_SECONDS = 30.0
"""How long a late or slow response may take then. A stall, which ends without a response, is cut off."""
LINE_MEMORY = 150
"""How many bytes a header costs beside its text: a tuple and two byte strings."""


class Connection(HttpToolsProtocol):
    """uvicorn's protocol over one connection; subclass it with a `fake`."""

    fake: ClassVar[SteeredFake]
    bodies: ClassVar[HeldBodies]

    _received_at = 0.0
    _progress_at = 0.0  # when bytes last went out, or none were waiting
    _unsent_bytes = 0
    _message_at = 0.0
    _in_message = False
    _in_head = False
    _broken = False
    _shutting_down = False
    _player: FaultPlayer | None = None
    _held = b""
    _half_closed = False
    _unfinished: HeldBody | None = None
    _watchdog: asyncio.TimerHandle | None = None
    _scheme: Headers = ()  # added to the headers of each request on a secure connection

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the idle check."""
        super().connection_made(transport)
        if self.scheme == "https":
            self._scheme = ((SCHEME, "https"),)
        self._received_at = self._progress_at = self.loop.time()
        self._watchdog = self.loop.call_later(IDLE_SECONDS, self._check_idle)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop all timers and free what refers to this connection."""
        super().connection_lost(exc)
        for timer in (self._watchdog, self.timeout_keep_alive_task):  # uvicorn does not cancel its own after a reset
            if timer is not None:
                timer.cancel()
        if self._player is not None:
            self._player.stop()
            self._player = None  # breaks a reference cycle
        # uvicorn's request cycle refers to us too, and run.py makes the garbage collector run seldom.
        self.cycle = None  # type: ignore[assignment]  # uvicorn itself starts with None
        self.scope = {}  # type: ignore[typeddict-item]  # its extension `act` refers to us
        self.pipeline.clear()
        self._free_unfinished()

    def _hold_unfinished(self, size: int) -> None:
        """Count what an unfinished head, or a body that the ASGI application does not read, has in memory."""
        unfinished = self._unfinished
        if unfinished is None:
            unfinished = self._unfinished = self.bodies.hold(str(self.client))
            self.bodies.enter(unfinished)
            unfinished.give_way = self._give_way
        try:
            unfinished.grow(size - unfinished.size)
        except MemoryError:
            self._give_way()

    def _free_unfinished(self) -> None:
        if self._unfinished is not None:
            self.bodies.remove(self._unfinished)
            self._unfinished = None

    def _give_way(self) -> bool:
        """Refuse an unfinished request and close the connection, unless an earlier request is being answered."""
        if self._answering():
            return False
        if not self.transport.is_closing():
            self.transport.write(serialise(self.fake.refuse(service.OVERLOADED), "connection: close"))
            self.transport.close()
        return True

    def play(self, script: Script) -> None:
        """Play `script`; bytes received meanwhile are held."""
        if self.transport.is_closing():
            return
        self._player = FaultPlayer(script, self.transport, self.loop, self._waited_out, self._played)
        self._player.start()

    def _played(self) -> None:
        self._player = None
        held, self._held = self._held, b""
        if self._shutting_down:
            self.transport.close()
            return
        if self.pipeline:  # of one read with what was answered late
            self._start_asgi_task(*self.pipeline.pop())
        elif self._broken:
            self.cycle = None  # type: ignore[assignment]  # nothing stands behind the player
            self.send_400_response("")
            return
        self.flow.resume_reading()
        if held:
            self.data_received(held)
        self._finish_half_closed()

    def _queue_behind_player(self) -> None:
        """Let uvicorn queue the next request while a script is played, as it does behind a request of its own."""
        if self._player is not None and not self.pipeline:
            waiting: Any = SimpleNamespace(response_complete=False, message_event=SimpleNamespace(set=_nothing))
            self.cycle = waiting

    def eof_received(self) -> bool:  # type: ignore[override]  # as asyncio allows
        """Answer what the client asked before it closed its side, and then close; return whether to stay open.

        A client that has given up closes its side, too, and cannot be told apart. So a silence ends at once.
        """
        self._half_closed = True
        if self._in_message:
            self.send_400_response("the end of the request is missing")
        silent = self._player is not None and not self._player.sends_bytes
        # TLS ends in both directions at once.
        return self._answering() and not silent and not self.transport.is_closing() and not self._scheme

    def may_wait(self) -> bool:
        """Return whether the client may still wait for its answer: False once it has closed its side."""
        return not self._half_closed

    def _waited_out(self, number: int) -> None:
        if self.may_wait():
            self.fake.waited_out(number)

    def _finish_half_closed(self) -> None:
        if not self._half_closed or self._broken:
            return
        if self._in_message:
            self.send_400_response("")
        elif not self._answering():
            self.transport.close()

    def on_response_complete(self) -> None:
        """Continue with what waited for this response."""
        super().on_response_complete()
        if self._broken:
            self.send_400_response("")
        self._finish_half_closed()

    def send_400_response(self, msg: str) -> None:
        """Answer what is not HTTP with the vendor's error instead of uvicorn's, after earlier requests are answered."""
        del msg
        self._broken = True
        if self.transport.is_closing():
            return
        in_body = self._in_message and not self._in_head
        if self.pipeline if in_body else self._answering():
            self.flow.pause_reading()
            return
        self.transport.write(serialise(self.fake.refuse(service.BODY_INVALID), "connection: close"))
        self.transport.close()

    def _hold(self, data: bytes) -> None:
        self._held += data
        if len(self._held) > HEAD_BYTES:
            self.flow.pause_reading()

    def shutdown(self) -> None:
        """Close the connection; an incomplete request or a running response gets some time first."""
        self._shutting_down = True
        if self._player is not None and self._player.sends_bytes:
            self.loop.call_later(ENDING_SECONDS, self._give_up)
        elif self._in_message or self._player is not None:
            self.loop.call_later(LAST_SECONDS, self._give_up)
        else:
            super().shutdown()

    def _give_up(self) -> None:
        if self._in_message or self._player is not None:
            self.transport.close()
        else:
            super().shutdown()

    def _answering(self) -> bool:
        cycle: Any = self.cycle  # None before the first request, although uvicorn declares otherwise
        return self._player is not None or (cycle is not None and not cycle.response_complete)

    def _check_idle(self) -> None:
        if self._client_is_stuck():
            self.transport.abort()
            return
        since = self._message_at if self._in_message else self._received_at
        left = since + IDLE_SECONDS - self.loop.time()
        if self._unsent_bytes:
            self._watchdog = self.loop.call_later(1.0, self._check_idle)
        elif left > 0 or (self._answering() and not self._in_message):
            self._watchdog = self.loop.call_later(max(left, 1.0), self._check_idle)
        else:
            self.transport.close()

    def _client_is_stuck(self) -> bool:
        """Return whether bytes wait for the client and it has read none for the idle time."""
        now, unsent = self.loop.time(), self.transport.get_write_buffer_size()
        if not self._unsent_bytes or unsent < self._unsent_bytes:
            self._progress_at = now
        self._unsent_bytes = unsent
        return unsent > 0 and now - self._progress_at >= IDLE_SECONDS


def _nothing() -> None:
    """Do nothing: the event of a cycle that does not exist."""

"""Hand accepted connections to a protocol that answers them, after the TLS handshake if they are secure."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from typing import NamedTuple

from emoji_mock.server.tls.notices import Notice, NoticeKind, Notices

HANDSHAKE_SECONDS = 60.0
"""How long a handshake may take, and how long a secure connection may then wait before its first byte."""
_UNKNOWN = "a host of the vendor's"


class Arrival(NamedTuple):
    """An accepted connection: to which host the client wants, "" if unknown; who it is; whether TLS comes first."""

    host: str
    client: str
    secure: bool


Attach = Callable[[asyncio.Transport, Arrival, bytes], None]
"""Let a protocol answer on a transport from now on; the bytes are what was received already (none before TLS)."""
Backend = Callable[[], asyncio.Protocol]
"""Return a protocol for a connection in plain HTTP: the fake's, or a relay to another fake."""


class Attachment:
    """Attaches connections to protocols of `backend`. TLS is by `context`; failures are put into `notices`."""

    def __init__(self, backend: Backend, context: ssl.SSLContext, notices: Notices) -> None:
        self._backend, self._context, self._notices = backend, context, notices
        self._tasks: set[asyncio.Task[None]] = set()
        self._arriving: set[_FirstByte] = set()
        self._named = ""
        context.sni_callback = self._note_name

    def attach(self, transport: asyncio.Transport, arrival: Arrival, data: bytes = b"") -> None:
        """Let a protocol of the backend answer on `transport`. No byte of it may be read between this and the last."""
        if arrival.secure:
            transport.pause_reading()
            task = asyncio.get_running_loop().create_task(self._secure(transport, arrival))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            return
        _hand_over(transport, self._backend(), data)
        transport.resume_reading()

    def shutdown(self) -> None:
        """Close the connections that have not sent a request yet."""
        for task in list(self._tasks):
            task.cancel()
        for connection in list(self._arriving):
            connection.shutdown()

    def _note_name(self, _connection: ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> None:
        # A failed handshake does not say which host it was for. Of several at once this may name another's.
        self._named = name or ""

    async def _secure(self, transport: asyncio.Transport, arrival: Arrival) -> None:
        self._named = ""
        waiting = _FirstByte(self._backend, self._arriving, self._notices)
        try:
            secured = await asyncio.get_running_loop().start_tls(
                transport, waiting, self._context, server_side=True, ssl_handshake_timeout=HANDSHAKE_SECONDS
            )
        except (OSError, asyncio.CancelledError) as error:
            transport.abort()
            if arrival.host or self._named:  # else nothing came: a health check, or a port scan
                host = arrival.host or self._named
                if not isinstance(error, asyncio.CancelledError):
                    self._notices.put(Notice(NoticeKind.HANDSHAKE, host, arrival.client, _reason(error)))
            return
        if secured is None:
            return
        waiting.begin(secured, arrival._replace(host=arrival.host or self._named or _UNKNOWN))


class _FirstByte(asyncio.Protocol):
    """Waits for the first byte of a secure connection; a client that refuses the certificate may send none."""

    def __init__(self, backend: Backend, arriving: set[_FirstByte], notices: Notices) -> None:
        self._backend, self._arriving, self._notices = backend, arriving, notices
        self._transport: asyncio.Transport | None = None
        self._arrival = Arrival("", "", secure=True)
        self._received = b""
        self._ended = False
        self._timer: asyncio.TimerHandle | None = None

    def begin(self, transport: asyncio.Transport, arrival: Arrival) -> None:
        """Wait on `transport`, on which bytes may have come during the handshake."""
        self._transport, self._arrival = transport, arrival
        self._arriving.add(self)
        self._timer = asyncio.get_running_loop().call_later(HANDSHAKE_SECONDS, transport.close)
        if self._received:
            self._go_on()
        elif self._ended:
            self._leave_unused()

    def data_received(self, data: bytes) -> None:
        """Hand the connection to a protocol of the backend."""
        self._received += data
        if self._transport is not None:
            self._go_on()

    def connection_lost(self, exc: Exception | None) -> None:
        """Note a connection that was never used."""
        del exc
        self._ended = True
        if self._transport is not None:
            self._leave_unused()

    def shutdown(self) -> None:
        """Close the connection."""
        if self._transport is not None:
            self._transport.close()

    def _go_on(self) -> None:
        transport = self._leave()
        self._notices.use(self._arrival.host, self._arrival.client)
        _hand_over(transport, self._backend(), self._received)
        if self._ended:
            transport.abort()

    def _leave_unused(self) -> None:
        self._leave()
        reason = "it closed the connection behind the handshake without a request"
        self._notices.put(Notice(NoticeKind.UNUSED, self._arrival.host, self._arrival.client, reason))

    def _leave(self) -> asyncio.Transport:
        assert self._transport is not None  # noqa: S101 - `begin` came before
        assert self._timer is not None  # noqa: S101 - likewise
        self._timer.cancel()
        self._arriving.discard(self)
        return self._transport


def _hand_over(transport: asyncio.Transport, protocol: asyncio.Protocol, data: bytes) -> None:
    transport.set_protocol(protocol)
    protocol.connection_made(transport)
    if data:
        protocol.data_received(data)


def _reason(error: BaseException) -> str:
    """Return why the client ended the handshake, in words."""
    if isinstance(error, ssl.SSLError) and error.reason:
        return error.reason.lower().replace("_", " ")
    if isinstance(error, TimeoutError | ConnectionAbortedError):
        return "the handshake did not end in time"
    return "the client closed the connection"

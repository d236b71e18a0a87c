"""Hand accepted connections to a protocol that answers them, after the TLS handshake if they are secure."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from emoji_mock.contract.hosts import has_certificate
from emoji_mock.server.tls.closing import close_promptly
from emoji_mock.server.tls.notices import Notice, NoticeKind, Notices

HANDSHAKE_SECONDS = 60.0
"""How long a handshake may take, and how long a secure connection may then wait before its first byte."""
MOST_ARRIVING = 4_000
"""Secure connections that have not sent a request; each has buffers. Beyond that the oldest is closed."""
_UNKNOWN = "a host of the vendor's"


class Arrival(NamedTuple):
    """An accepted connection: to which host the client wants, "" if unknown; who it is; whether TLS comes first."""

    host: str
    client: str
    secure: bool


Attach = Callable[[asyncio.Transport, Arrival, bytes], None]
"""Let a protocol answer on a transport from now on; the bytes are what has come from there already."""
Backend = Callable[[], asyncio.Protocol]
"""Return a protocol for a connection in plain HTTP: the fake's, or a relay to another fake."""


class Attachment:
    """Attaches connections to protocols of `backend`. TLS is by `context`; failures are put into `notices`."""

    def __init__(self, backend: Backend, context: ssl.SSLContext, notices: Notices) -> None:
        self._backend, self._context, self._notices = backend, context, notices
        self._pending: dict[asyncio.Transport, Callable[[], object]] = {}
        """The secure connections that have not sent a request, in the order of their arrival, and what ends each."""

    def attach(self, transport: asyncio.Transport, arrival: Arrival, data: bytes = b"") -> None:
        """Let a protocol of the backend answer on `transport`, from which `data` has come already."""
        if not arrival.secure:
            transport.resume_reading()  # before the protocol gets `data`, upon which it may pause reading
            _hand_over(transport, self._backend(), data)
            return
        transport.pause_reading()
        if len(self._pending) >= MOST_ARRIVING:
            self._pending.pop(next(iter(self._pending)))()
        task = asyncio.get_running_loop().create_task(self._secure(transport, arrival, data))
        self._pending[transport] = partial(_cancel, task, transport)

    def shutdown(self) -> None:
        """Close the connections that have not sent a request yet."""
        for end in list(self._pending.values()):
            end()

    async def _secure(self, transport: asyncio.Transport, arrival: Arrival, data: bytes) -> None:
        waiting = _FirstByte(self._backend, lambda: self._pending.pop(transport, None), self._notices)
        loop = asyncio.get_running_loop()
        starting = loop.create_task(
            loop.start_tls(transport, waiting, self._context, server_side=True, ssl_handshake_timeout=HANDSHAKE_SECONDS)
        )
        if data:
            # The first step of `starting` sets the protocol of TLS, whose `connection_made` comes one turn later.
            loop.call_soon(loop.call_soon, _feed, transport, data)
        try:
            secured = await starting
        except OSError as error:
            self._pending.pop(transport, None)
            transport.abort()
            kind = NoticeKind.HANDSHAKE if _is_named(arrival.host) else NoticeKind.UNNAMED
            self._notices.put(Notice(kind, arrival.host or _UNKNOWN, arrival.client, _reason(error)))
        except asyncio.CancelledError:
            transport.abort()
            raise
        else:
            if secured is not None:
                self._pending[transport] = waiting.shutdown
                waiting.begin(close_promptly(secured, transport), arrival._replace(host=arrival.host or _UNKNOWN))


class _FirstByte(asyncio.Protocol):
    """Waits for the first byte of a secure connection; a client that refuses the certificate may send none."""

    def __init__(self, backend: Backend, leave: Callable[[], object], notices: Notices) -> None:
        self._backend, self._left, self._notices = backend, leave, notices
        self._transport: asyncio.Transport | None = None
        self._arrival = Arrival("", "", secure=True)
        self._received = b""
        self._ended = False
        self._timer: asyncio.TimerHandle | None = None

    def begin(self, transport: asyncio.Transport, arrival: Arrival) -> None:
        """Wait on `transport`, on which bytes may have come during the handshake."""
        self._transport, self._arrival = transport, arrival
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
        kind = NoticeKind.UNUSED if _is_named(self._arrival.host) else NoticeKind.UNNAMED
        self._notices.put(Notice(kind, self._arrival.host, self._arrival.client, reason))

    def _leave(self) -> asyncio.Transport:
        assert self._transport is not None  # noqa: S101 - `begin` came before
        assert self._timer is not None  # noqa: S101 - likewise
        self._timer.cancel()
        self._left()
        return self._transport


def _is_named(host: str) -> bool:
    """Return whether a certificate of the fake's names `host`, as far as is known which host that is."""
    return host in ("", _UNKNOWN) or has_certificate(host)


def _cancel(task: asyncio.Task[None], transport: asyncio.Transport) -> None:
    task.cancel()
    transport.abort()  # a task that has not begun yet does not do it


def _hand_over(transport: asyncio.Transport, protocol: asyncio.Protocol, data: bytes) -> None:
    transport.set_protocol(protocol)
    protocol.connection_made(transport)
    if data:
        protocol.data_received(data)


def _feed(transport: asyncio.Transport, data: bytes) -> None:
    """Give `data` to the protocol of `transport` as if it came from there. TLS takes it in a buffer of its own."""
    protocol: Any = transport.get_protocol()  # uvloop's has the methods of asyncio.BufferedProtocol, but not the class
    while data and not transport.is_closing():
        buffer = memoryview(protocol.get_buffer(len(data)))
        size = min(len(data), len(buffer))
        buffer[:size] = data[:size]
        protocol.buffer_updated(size)
        data = data[size:]


def _reason(error: BaseException) -> str:
    """Return why the client ended the handshake, in words."""
    if isinstance(error, ssl.SSLError) and error.reason:
        return error.reason.lower().replace("_", " ")
    if isinstance(error, TimeoutError | ConnectionAbortedError):
        return "the handshake did not end in time"
    return "the client closed the connection"

"""Accepted connections are handed to the protocol that answers them."""

import asyncio
import ssl

from emoji_mock.server.tls.handshake import Arrival, Attachment
from emoji_mock.server.tls.notices import Notices


class Transport(asyncio.Transport):
    """Keeps whether it is read."""

    is_read = True
    is_aborted = False

    def pause_reading(self):
        """Read no more."""
        self.is_read = False

    def resume_reading(self):
        """Read on."""
        self.is_read = True

    def abort(self):
        """Note it."""
        self.is_aborted = True

    def set_protocol(self, protocol):
        """Ignore the protocol."""


class Full(asyncio.Protocol):
    """A protocol that can take no more than it has got."""

    def connection_made(self, transport):
        """Keep the transport."""
        self.transport = transport

    def data_received(self, data):
        """Ask for a pause."""
        assert data == b"two requests"
        self.transport.pause_reading()


def test_a_protocol_that_pauses_reading_at_once_is_obeyed():
    """Else a client that sends request after request behind one that is held back would fill the memory."""
    transport = Transport()
    transport.pause_reading()
    attachment = Attachment(Full, ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), Notices())
    attachment.attach(transport, Arrival("", "", secure=False), b"two requests")
    assert not transport.is_read


def test_a_handshake_that_has_not_begun_is_ended():
    """Cancelled before its first step, a task does nothing: the connection would stay open."""

    async def stop_at_once():
        transport = Transport()
        attachment = Attachment(Full, ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), Notices())
        attachment.attach(transport, Arrival("", "", secure=True), b"")
        attachment.shutdown()
        return transport

    assert asyncio.run(stop_at_once()).is_aborted

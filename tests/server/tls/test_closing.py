"""A secure transport that closes its connection as soon as all is sent."""

import asyncio

import pytest

from emoji_mock.server.tls.closing import close_promptly


class Transport(asyncio.Transport):
    """A transport as asyncio's own for TLS is: it keeps nothing after a second `close`."""

    def __init__(self):
        self.sent, self.times_closed = [], 0

    def is_closing(self):
        """Return whether it was closed."""
        return self.times_closed > 0

    def write(self, data):
        """Keep `data`."""
        self.sent.append(data)

    def get_write_buffer_size(self):
        """Return that all is sent."""
        assert self.times_closed < 2
        return 0

    def close(self):
        """Count."""
        self.times_closed += 1


@pytest.fixture
def transports():
    """The secure transport, and that which carries it."""
    return Transport(), Transport()


def test_a_transport_is_closed_once(transports):
    """A connection that is lost while it is closed is closed again."""
    secured, carrier = transports
    transport = close_promptly(secured, carrier)
    transport.close()
    transport.close()
    assert (secured.times_closed, carrier.times_closed) == (1, 1)


@pytest.mark.parametrize("closed", [0, 1])
def test_nothing_is_written_to_a_closed_transport(transports, closed):
    """The event loops would warn of it on stderr, once for each answer to a client that is gone."""
    secured, carrier = transports
    transport = close_promptly(secured, carrier)
    transport.write(b"sent")
    transports[closed].close()
    transport.write(b"lost")
    assert secured.sent == [b"sent"]

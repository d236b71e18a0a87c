"""A transport without a socket, for tests of the server's protocol."""

import asyncio


class Wire(asyncio.Transport):
    """A transport that keeps what is written."""

    def __init__(self, number=0):
        super().__init__({"peername": ("127.0.0.1", number)})
        self.written, self.closed = b"", False

    def write(self, data):
        """Keep bytes."""
        self.written += data

    def get_write_buffer_size(self):
        """Return 0: all is sent."""
        return 0

    def is_closing(self):
        """Return whether it is closed."""
        return self.closed

    def close(self):
        """Close."""
        self.closed = True

    def can_write_eof(self):
        """Say that this side alone can be ended."""
        return True

    def write_eof(self):
        """Do nothing."""

    def pause_reading(self):
        """Do nothing."""

    def resume_reading(self):
        """Do nothing."""

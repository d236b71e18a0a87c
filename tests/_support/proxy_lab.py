"""A proxy without a fake, connections to it, and another host."""

import asyncio
import queue
import socket
import threading
import time

from emoji_mock._support import active_fakes
from emoji_mock._support.event_loops import stop_listening
from emoji_mock.server.proxy.connection import ProxyConnection
from emoji_mock.server.proxy.destinations import Destinations
from emoji_mock.server.tls.notices import Notices

SECONDS = 10
"""How long a test waits for what should be there at once."""


class LoopThread:
    """An event loop in a thread of its own."""

    def __init__(self, factory):
        self._runner = asyncio.Runner(loop_factory=factory)
        self.loop = self._runner.get_loop()
        self.problems = []
        self.loop.set_exception_handler(lambda _, context: self.problems.append(context))
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, awaitable):
        """Return the result of `awaitable`."""
        return asyncio.run_coroutine_threadsafe(awaitable, self.loop).result(SECONDS)

    def call(self, function):
        """Return the result of `function`, called in the loop."""

        async def awaited():
            return function()

        return self.run(awaited())

    def stop(self):
        """End the loop."""
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(SECONDS)
        self._runner.close()


class Proxy:
    """A proxy; what would reach the fake is put into `attached`, and answered with `FAKE`."""

    def __init__(self, thread, *, offline=False, open_to_others=False, environ=()):
        self.thread, self.attached, self.connections, self.notices = thread, queue.Queue(), set(), Notices()
        self.destinations = Destinations(offline=offline, open_to_others=open_to_others, environ=dict(environ))
        self.server = thread.run(self._listen())
        self.port = self.server.sockets[0].getsockname()[1]
        active_fakes.serve_at(("127.0.0.1", self.port))  # its connections are no leaks

    async def _listen(self):
        def accept():
            return ProxyConnection(self._attach, self.destinations, self.notices, self.connections)

        return await asyncio.get_running_loop().create_server(accept, "127.0.0.1", 0)

    def _attach(self, transport, arrival, data):
        self.attached.put((arrival, data))
        transport.write(b"FAKE")
        transport.close()

    @property
    def url(self):
        """The URL as programs are given it."""
        return f"http://127.0.0.1:{self.port}"

    def connect(self):
        """Return a connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=SECONDS)

    def ask(self, message, *, half_close=False):
        """Send `message` over a new connection and return all that comes."""
        with self.connect() as connection:
            connection.sendall(message)
            if half_close:
                connection.shutdown(socket.SHUT_WR)
            return read_to_end(connection)

    def tunnel(self, port, host="127.0.0.1"):
        """Return a connection through a tunnel."""
        connection = self.connect()
        connection.sendall(f"CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
        assert read_head(connection) == b"HTTP/1.1 200 Connection established\r\n\r\n"
        return connection

    def relay(self):
        """Return the one relay that there is."""
        (connection,) = self.connections
        return connection._relay

    def wait_until_empty(self):
        """Wait until no connection is left."""
        wait_for(lambda: not self.connections)

    def close(self):
        """Stop listening, close what is left."""

        async def close():
            await stop_listening([self.server])
            for connection in list(self.connections):
                connection.shutdown()

        self.thread.run(close())
        active_fakes.leave(("127.0.0.1", self.port))
        self.wait_until_empty()


class Origin:
    """Another host: a test accepts its connections itself."""

    def __init__(self):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(SECONDS)
        self.port = self._listener.getsockname()[1]
        self.accepted = []

    def accept(self):
        """Return the next connection."""
        connection, _ = self._listener.accept()
        connection.settimeout(SECONDS)
        self.accepted.append(connection)
        return connection

    def close(self):
        """Close all."""
        for connection in (*self.accepted, self._listener):
            connection.close()


def wait_for(condition):
    """Wait until `condition` is true."""
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.002)


def read_to_end(connection):
    """Return what comes until the end."""
    received = b""
    while part := connection.recv(65536):
        received += part
    return received


def read_head(connection):
    """Return what comes until the end of a head, which must be the last that comes."""
    received = b""
    while not received.endswith(b"\r\n\r\n"):
        part = connection.recv(65536)
        assert part, received
        received += part
    return received

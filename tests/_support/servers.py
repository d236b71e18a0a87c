"""A server on a real socket, in a thread of this process."""

import socket
import threading
import time
from contextlib import contextmanager

from helpers import read_answer

from emoji_mock import Fake
from emoji_mock.server.run import bind, server


class Live:
    """A server on a real socket, its fake, and the class of its connections."""

    def __init__(self, fake, address, protocol):
        self.fake, self.address, self.protocol = fake, address, protocol
        self.url = "http://{}:{}".format(*address)

    def connect(self, timeout=10.0):
        """Open a connection to the server."""
        return socket.create_connection(self.address, timeout=timeout)

    def send(self, *messages):
        """Send messages over one connection, one after the other, and return the answers."""
        with self.connect() as connection:
            answers = []
            for message in messages:
                connection.sendall(message)
                answers.append(read_answer(connection))
            return answers


@contextmanager
def running(fake=None):
    """Serve `fake`, by default a fresh one, and yield it as a `Live`."""
    fake, listener = fake or Fake(), bind("127.0.0.1", 0)
    served = server(fake)
    thread = threading.Thread(target=served.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not served.started:
        time.sleep(0.001)
    try:
        yield Live(fake, listener.getsockname(), served.config.http_protocol_class)
    finally:
        served.should_exit = True
        thread.join(10)
        listener.close()

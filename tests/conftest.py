"""Fixtures of the whole suite."""

import os
import threading
import time

import pytest
from helpers import read_answer
from hypothesis import settings

from emoji_mock import Fake, Options

pytest_plugins = ["pytester"]
collect_ignore = ["examples"]  # a project of its own, run by test_examples.py


def pytest_addoption(parser):
    """Add the flag that writes the measured tables of the manual, which a run otherwise compares."""
    parser.addoption(
        "--write-tables", action="store_true", dest="write_tables", help="write the tables of docs/faults.md"
    )


# No deadline, because the machine may be slow; CI tries the same examples every time.
settings.register_profile("house", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("house")


class Clock:
    """A clock that moves only when a test sets it."""

    def __init__(self, now=1_795_366_800.0):
        self.now = now

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    """A clock stopped at 2026-11-22 17:00:00 UTC."""
    return Clock()


@pytest.fixture
def fake(clock):
    """A fresh fake with a seed."""
    return Fake(Options(seed=7), clock=clock)


class Live:
    """A server on a real socket, and its fake."""

    def __init__(self, fake, address):
        self.fake, self.address = fake, address
        self.url = "http://{}:{}".format(*address)

    def connect(self, timeout=10.0):
        """Open a connection to the server."""
        import socket

        return socket.create_connection(self.address, timeout=timeout)

    def send(self, *messages):
        """Send messages over one connection, one after the other, and return the answers."""
        with self.connect() as connection:
            answers = []
            for message in messages:
                connection.sendall(message)
                answers.append(read_answer(connection))
            return answers


@pytest.fixture(scope="session")
def _live():
    from emoji_mock.server.run import bind, server

    fake = Fake()
    listener = bind("127.0.0.1", 0)
    address = listener.getsockname()
    running = server(fake)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not running.started:
        time.sleep(0.001)
    yield Live(fake, address)
    running.should_exit = True
    thread.join(10)


@pytest.fixture
def live(_live):
    """The session's server, reset."""
    _live.fake.reset()
    return _live


@pytest.fixture
def nothing_from_outside(monkeypatch, tmp_path):
    """Unset the key and addresses of the machine's user; widen the terminal."""
    for name in ("DASHSCOPE_API_KEY", "DASHSCOPE_API_KEY_FILE_PATH", "DASHSCOPE_HTTP_BASE_URL", "DASHSCOPE_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "160")

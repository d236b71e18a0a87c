"""What starts the leak guard."""

import socket
import sys
from importlib import reload

import pytest

from emoji_mock.testing import lazy_guard
from emoji_mock.testing.checkpoints import CHECKPOINTS
from emoji_mock.testing.lazy_guard import WATCHED, LazyGuard


def test_all_modules_of_the_checkpoints_are_watched():
    """The names are written out where nothing else is imported; they are those that the guard patches."""
    assert {point.module for point in CHECKPOINTS} == WATCHED


FIRST_STEPS = {
    "a name is looked up": lambda: socket.getaddrinfo("127.0.0.1", 1),
    "an older function": lambda: socket.gethostbyname("127.0.0.1"),
    "a socket is made": lambda: socket.socket().close(),
    "TLS": lambda: __import__("ssl").create_default_context().wrap_bio(*[__import__("ssl").MemoryBIO()] * 2),
    "a client is imported": lambda: reload(sys.modules["emoji_mock_client"]),
}


@pytest.mark.parametrize("step", FIRST_STEPS)
def test_the_first_step_starts_the_guard(monkeypatch, tmp_path, step):
    """It is installed by whatever comes before a call, and afterwards nothing of it is left."""
    tmp_path.joinpath("emoji_mock_client.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    __import__("emoji_mock_client")
    monkeypatch.setattr(lazy_guard, "_CLIENTS", frozenset())
    monkeypatch.setattr(lazy_guard, "WATCHED", {"emoji_mock_client"})
    before = {**vars(socket)}, {**vars(socket.socket)}, [*sys.meta_path]
    guard = LazyGuard()
    guard.watch()
    assert guard.is_idle
    FIRST_STEPS[step]()
    assert not guard.is_idle
    guard.stop()
    assert ({**vars(socket)}, {**vars(socket.socket)}, sys.meta_path) == before


def test_a_guard_that_nothing_started_leaves_nothing_behind(monkeypatch):
    """Without a first step the guard is not installed, and its watch ends without a trace."""
    monkeypatch.setattr(lazy_guard, "_CLIENTS", frozenset())
    before = {**vars(socket)}, {**vars(socket.socket)}, [*sys.meta_path]
    guard = LazyGuard()
    guard.watch()
    guard.step("a test")
    guard.renew()
    assert guard.take() == []
    guard.stop()
    assert guard.is_idle
    assert ({**vars(socket)}, {**vars(socket.socket)}, sys.meta_path) == before

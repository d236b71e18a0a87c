"""A fake in a forked process."""

import os
import threading

import pytest
from helpers import call

from emoji_mock import Fake, Options

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="only where processes fork")


def in_child(work):
    """Return the text that `work` returns in a forked process."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        with os.fdopen(writer, "w") as out:
            out.write(work())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as stream:
        text = stream.read()
    os.waitpid(child, 0)
    return text


def request_id(fake):
    """Return the request id of a new answer."""
    return dict(fake.answer(call()).headers)["x-request-id"]


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_held_lock_does_not_block_the_child():
    """A thread of the parent may hold the lock; it does not exist in the child, where nothing would release it."""
    fake = Fake()
    held, let_go = threading.Event(), threading.Event()

    def hold():
        with fake.store._lock:
            held.set()
            let_go.wait(5)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(5)
    try:
        assert in_child(lambda: str(fake.answer(call()).status)) == "200"
    finally:
        let_go.set()
        thread.join()


def test_a_child_has_its_own_request_ids():
    """Request ids differ between processes, unless a seed repeats them."""
    fake, seeded = Fake(), Fake(Options(seed=7))
    assert len({in_child(lambda: request_id(fake)) for _ in range(3)} | {request_id(fake)}) == 4
    assert in_child(lambda: request_id(seeded)) == request_id(seeded)

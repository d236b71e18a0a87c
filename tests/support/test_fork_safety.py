"""A fake in a forked process."""

import os
import threading

import pytest
from helpers import call

from emoji_mock import Fake, Options
from emoji_mock._support.fork_safety import Locked, MadeWhenUsed

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


class Parted(Locked):
    """An object with a part, whose makings are counted."""

    def __init__(self):
        super().__init__()
        self.made = []

    @MadeWhenUsed
    def part(self):
        """Return a new part."""
        self.made.append(1)
        return object()


def test_a_part_is_made_once_when_it_is_first_read():
    """Each object has a part of its own, made at the first read, and all threads that read it then get the same."""
    one, other, begin, parts = Parted(), Parted(), threading.Barrier(8), []
    assert (one.made, isinstance(Parted.part, MadeWhenUsed)) == ([], True)

    def read():
        begin.wait()
        parts.append(one.part)

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(one.made) == len(set(parts)) == 1
    assert other.part is not one.part

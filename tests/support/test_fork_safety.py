"""What a forked process does with the fake of its parent."""

import os
import threading

import pytest
from helpers import call

from emoji_mock import Fake, Options

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="only where processes fork")


def in_child(work):
    """Return what `work` returns in a forked process, which has two seconds."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        with os.fdopen(writer, "w") as out:
            out.write(work())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as told:
        text = told.read()
    os.waitpid(child, 0)
    return text


def request_id(fake):
    """Return the id of a fresh answer."""
    return dict(fake.answer(call()).headers)["x-request-id"]


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_lock_that_is_held_does_not_stop_the_child():
    """A thread of the parent's may be in the midst of a call; in the child it never gets out of there."""
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


def test_a_childs_request_ids_are_its_own():
    """Unless a seed is to repeat them."""
    fake, seeded = Fake(), Fake(Options(seed=7))
    assert len({in_child(lambda: request_id(fake)) for _ in range(3)} | {request_id(fake)}) == 4
    assert in_child(lambda: request_id(seeded)) == request_id(seeded)

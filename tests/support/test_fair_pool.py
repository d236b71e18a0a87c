"""The pool of threads: owners take turns, and nothing is left behind."""

import threading
from concurrent.futures import CancelledError
from contextvars import ContextVar
from functools import partial

import pytest

from emoji_mock._support.threads.fair_pool import FairPool

NAME = ContextVar("NAME", default="")


class Gate:
    """A pool of one thread whose first job waits until the gate is opened."""

    def __init__(self):
        self.pool = FairPool(1, "gated")
        self._open = threading.Event()
        self.first = self.pool.submit("gate", self._open.wait)
        self.order = []

    def submit(self, owner, number):
        """Submit a job that notes its owner and number."""
        return self.pool.submit(owner, lambda: self.order.append(f"{owner}{number}"))

    def open(self, *futures):
        """Open the gate and wait for all jobs."""
        self._open.set()
        for future in futures:
            future.result(10)


@pytest.mark.parametrize(
    ("submitted", "order"),
    [
        ("aaaab", "a0 b4 a1 a2 a3"),
        ("aaabbbc", "a0 b3 c6 a1 b4 a2 b5"),
        ("ab", "a0 b1"),
        ("aaaa", "a0 a1 a2 a3"),
    ],
)
def test_owners_take_turns(submitted, order):
    """However many jobs an owner has submitted, another's waits for one of them at most."""
    gate = Gate()
    gate.open(*[gate.submit(owner, number) for number, owner in enumerate(submitted)])
    assert gate.order == order.split()


def test_an_owner_that_has_just_had_its_turn_is_behind_the_others():
    """A job submitted while others wait does not overtake them."""
    gate = Gate()
    jobs = [gate.submit("a", 0), gate.submit("b", 1)]
    jobs += [gate.pool.submit("c", lambda: jobs.append(gate.submit("a", 2))), gate.submit("d", 3)]
    gate.open(*jobs)
    jobs[-1].result(10)
    assert gate.order == ["a0", "b1", "d3", "a2"]


def test_a_free_thread_goes_to_an_owner_that_has_none():
    """While an owner holds a thread of two, the other goes to another owner first, though it came later."""
    pool, order = FairPool(2, "two"), []
    gates = [threading.Event(), threading.Event()]
    running = [pool.submit("a", gate.wait) for gate in gates]
    waiting = [pool.submit(owner, partial(order.append, owner)) for owner in "aaab"]
    gates[0].set()
    for future in waiting:
        future.result(10)
    gates[1].set()
    assert order == ["b", "a", "a", "a"]
    assert running[1].result(10)


def test_a_job_is_not_run_if_it_is_cancelled_before_its_turn():
    """A cancelled job is skipped, and one that runs cannot be cancelled."""
    gate = Gate()
    dropped, kept = gate.submit("a", 0), gate.submit("a", 1)
    assert dropped.cancel()
    assert not gate.first.cancel()
    gate.open(kept)
    assert gate.order == ["a1"]
    with pytest.raises(CancelledError):
        dropped.result(0)


def test_a_job_gets_the_context_of_its_caller_and_gives_back_result_or_exception():
    """Context variables are those of the caller when it submitted; an exception is raised for the caller."""
    pool = FairPool(2, "jobs")
    NAME.set("caller")
    assert pool.submit("a", NAME.get).result(10) == "caller"
    with pytest.raises(ZeroDivisionError):
        pool.submit("a", lambda: 1 / 0).result(10)


def test_no_more_threads_run_than_are_allowed_and_none_is_left():
    """Ten jobs of ten owners run in two threads, which end when nothing waits."""
    pool, started, go_on = FairPool(2, "counted"), threading.Semaphore(0), threading.Event()

    def work():
        started.release()
        go_on.wait(10)
        return threading.current_thread().name

    jobs = [pool.submit(str(number), work) for number in range(10)]
    assert started.acquire(timeout=10)
    assert started.acquire(timeout=10)
    assert [thread.name for thread in threading.enumerate()].count("counted") == 2
    go_on.set()
    assert {job.result(10) for job in jobs} == {"counted"}
    for thread in threading.enumerate():
        if thread.name == "counted":
            thread.join(10)
    assert "counted" not in [thread.name for thread in threading.enumerate()]


def test_a_forked_child_starts_anew():
    """The child has none of the parent's threads, and does not run its jobs."""
    gate = Gate()
    lost = gate.submit("a", 0)
    child = gate.pool
    child.after_fork()
    assert child.submit("a", lambda: "done").result(10) == "done"
    gate.open()
    assert not lost.done()

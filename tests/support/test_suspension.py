"""Plain code waits in an event loop: it is suspended, and others go on."""

import asyncio
import threading

import pytest

from emoji_mock._support.threads.suspension import KEPT, current_call, start_call
from emoji_mock.server.suspended import suspendable


def test_a_call_is_suspended_until_it_is_resumed():
    """It waits in the middle of its code, and goes on with the value that it is resumed with."""
    calls, done = [], []

    def function():
        calls.append(current_call())
        done.append(calls[0].wait() + 1)

    start_call(function)
    assert done == []
    calls[0].resume(41)
    assert done == [42]


def test_a_call_that_is_failed_raises_where_it_waits():
    """The error is an ordinary one for the code that waits."""
    calls, caught = [], []

    def function():
        calls.append(current_call())
        try:
            calls[0].wait()
        except OSError as error:
            caught.append(error)

    start_call(function)
    problem = OSError("gone")
    calls[0].fail(problem)
    assert caught == [problem]


def test_a_call_may_start_another_one():
    """Each is resumed by itself, in any order."""
    waiting, ended = {}, []

    def inner():
        waiting["inner"] = current_call()
        waiting["inner"].wait()
        ended.append("inner")

    def outer():
        waiting["outer"] = current_call()
        start_call(inner)
        waiting["outer"].wait()
        ended.append("outer")

    start_call(outer)
    waiting["outer"].resume(None)
    waiting["inner"].resume(None)
    assert ended == ["outer", "inner"]


def test_an_error_reaches_who_started_or_resumed_the_call():
    """As from a function that is called; further calls are not harmed."""

    def break_at_once():
        raise LookupError

    def break_later():
        current_call().wait()
        raise LookupError

    with pytest.raises(LookupError):
        start_call(break_at_once)
    resumed = []
    start_call(lambda: (resumed.append(current_call()), break_later()))
    with pytest.raises(LookupError):
        resumed[0].resume(None)
    done = []
    start_call(lambda: done.append(1))
    assert done == [1]


def test_outside_of_a_call_there_is_none():
    """Where nothing can be suspended, code waits as it always does; also in another thread beside a call."""
    found = []

    def function():
        thread = threading.Thread(target=lambda: found.append(current_call()))
        thread.start()
        thread.join()

    start_call(function)
    assert [*found, current_call()] == [None, None]


def test_many_calls_wait_at_once():
    """More than are kept for further calls."""
    waiting, ended = [], []

    def function():
        waiting.append(current_call())
        ended.append(current_call().wait())

    for _ in range(3 * KEPT):
        start_call(function)
    for number, call in enumerate(waiting):
        call.resume(number)
    assert ended == list(range(3 * KEPT))


def test_a_coroutine_awaits_plain_code():
    """Other tasks run meanwhile; a result and an error come out as they would of the code itself."""

    async def main():
        waiting = []

        def function():
            call = current_call()
            asyncio.get_running_loop().call_soon(lambda: waiting[0].resume("value"))
            waiting.append(call)
            return call.wait()

        assert await suspendable(function) == "value"
        with pytest.raises(ZeroDivisionError):
            await suspendable(lambda: 1 // 0)

    asyncio.run(main())

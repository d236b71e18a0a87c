"""What a decorated function may be and may return: its fake answers until that is done, and not longer."""

import asyncio
import concurrent.futures
import contextlib
import functools
import inspect
import threading

import aiohttp
import httpx
import pytest

import emoji_mock
from emoji_mock._support import active_fakes
from emoji_mock.interceptors.httpx import INTERCEPTOR

URL = "https://dashscope.aliyuncs.com/api/v1/services/aigc/image2video/face-detect"


def ask():
    """Call the vendor without a key."""
    return httpx.post(URL).status_code


async def ask_async():
    async with httpx.AsyncClient() as client:
        return (await client.post(URL)).status_code


def plainly(function):
    """Decorate a function as many libraries do: by a plain function."""

    @functools.wraps(function)
    def inner(*args, **kwargs):
        return function(*args, **kwargs)

    return inner


def generator():
    yield ask()


async def async_generator():
    yield await ask_async()


@contextlib.contextmanager
def context():
    yield ask()


@contextlib.asynccontextmanager
async def async_context():
    yield await ask_async()


async def _first(of):
    return await anext(of)


async def _entered(of):
    async with of as value:
        return value


def _entered_now(of):
    with of as value:
        return value


async def _awaited(function):
    return await function()


class Calling:
    """A callable object whose call is a coroutine."""

    def __init__(self, function):
        self.function = function

    async def __call__(self):
        return await self.function()


WAYS = {
    "a function": (ask, lambda function: function()),
    "a coroutine function": (ask_async, lambda function: asyncio.run(function())),
    "a coroutine": (plainly(ask_async), lambda function: asyncio.run(function())),
    "a coroutine of a partial": (functools.partial(ask_async), lambda function: asyncio.run(function())),
    "a coroutine of an object": (Calling(ask_async), lambda function: asyncio.run(function())),
    "a generator function": (generator, lambda function: next(function())),
    "a generator": (plainly(generator), lambda function: next(function())),
    "an asynchronous generator function": (async_generator, lambda function: asyncio.run(_first(function()))),
    "an asynchronous generator": (plainly(async_generator), lambda function: asyncio.run(_first(function()))),
    "a context manager": (context, lambda function: _entered_now(function())),
    "an asynchronous context manager": (async_context, lambda function: asyncio.run(_entered(function()))),
    "a task": (lambda: asyncio.ensure_future(ask_async()), lambda function: asyncio.run(_awaited(function))),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_fake_answers_until_the_result_is_done(way):
    """Whatever a decorated function returns works under the fake, and nothing is left installed."""
    function, use = WAYS[way]
    if isinstance(function, (functools.partial, Calling)):
        functools.update_wrapper(function, ask_async)
    decorated = emoji_mock.intercept()(function)
    assert [use(decorated), use(decorated)] == [401, 401]
    assert not active_fakes.is_active()


@pytest.mark.parametrize("kind", ["iscoroutinefunction", "isgeneratorfunction", "isasyncgenfunction"])
def test_a_decorated_function_stays_what_it_is(kind):
    """A runner that treats coroutine functions and generators in their own way still knows them."""
    of = getattr(inspect, kind)
    functions = [ask, ask_async, generator, async_generator]
    assert [of(emoji_mock.intercept()(each)) for each in functions] == [of(each) for each in functions]


def test_what_is_done_already_is_returned_as_it_is():
    """A value, and a context manager that does no work of its own, is returned unchanged."""
    response = httpx.Client()
    assert emoji_mock.intercept()(lambda: response)() is response
    assert not active_fakes.is_active()


def test_a_coroutine_that_nobody_awaits_leaves_nothing_installed():
    """Until it is awaited, a coroutine does not keep the fake."""
    coroutine = emoji_mock.intercept()(plainly(ask_async))()
    assert not active_fakes.is_active()
    assert asyncio.run(coroutine) == 401


def test_a_future_keeps_the_fake_until_it_is_done():
    """A thread that works on is answered, also if nobody waits for it."""
    go = threading.Event()
    with concurrent.futures.ThreadPoolExecutor(1) as pool:

        @emoji_mock.intercept()
        def start():
            return pool.submit(lambda: go.wait(5) and ask())

        future = start()
        assert active_fakes.is_active()
        go.set()
        assert future.result(5) == 401
    assert not active_fakes.is_active()


def test_a_request_of_aiohttp_may_be_awaited_or_entered():
    """An awaitable that is a context manager, too, stays both."""

    async def go():
        async with aiohttp.ClientSession() as session:
            post = emoji_mock.intercept()(plainly(session.post))
            async with post(URL) as first:
                pass
            return first.status, (await post(URL)).status

    assert asyncio.run(go()) == (401, 401)
    assert not active_fakes.is_active()


def test_one_fake_serves_the_call_and_what_it_returned():
    """What a function does before it returns and what its coroutine does reach the same fake."""
    fakes = []

    def work():
        httpx.get("https://dashscope.aliyuncs.com/api/v1/tasks")
        fakes.append(INTERCEPTOR.port)

        async def rest():
            fakes.append(INTERCEPTOR.port)
            return await ask_async()

        return rest()

    assert asyncio.run(emoji_mock.intercept()(work)()) == 401
    assert fakes[0] is fakes[1] is not None


def test_a_decorated_generator_is_sent_to_thrown_into_and_closed():
    """Values and exceptions of the caller reach the generator, and its return value reaches the caller."""
    got = []

    def echo():
        try:
            while True:
                try:
                    got.append((yield ask()))
                except KeyError as error:
                    got.append(error)
        finally:
            got.append("closed")

    async def echo_async():
        try:
            while True:
                try:
                    got.append((yield await ask_async()))
                except KeyError as error:
                    got.append(error)
        finally:
            got.append("closed")

    error = KeyError("x")
    sync = emoji_mock.intercept()(echo)()
    assert [next(sync), sync.send(1), sync.throw(error)] == [401] * 3
    sync.close()

    async def go():
        of = emoji_mock.intercept()(echo_async)()
        assert [await anext(of), await of.asend(1), await of.athrow(error)] == [401] * 3
        await of.aclose()

    asyncio.run(go())
    assert got == [1, error, "closed"] * 2
    assert not active_fakes.is_active()


def test_two_threads_may_enter_one_object():
    """Each thread leaves what it has entered, in whatever order they leave."""
    shared, entered, may_leave = emoji_mock.intercept(), threading.Barrier(3), [threading.Event(), threading.Event()]
    calls = {}

    def work(number):
        with shared as api:
            entered.wait(5)
            may_leave[number].wait(5)
            before = len(api.calls)
            calls[number] = ask(), len(api.calls) - before

    threads = [threading.Thread(target=work, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    entered.wait(5)
    for number in range(2):  # the first one leaves first, or the second one
        may_leave[number].set()
        threads[number].join(5)
    assert sorted(calls) == [0, 1]
    assert calls[1] == (401, 1)  # the first has left, so the second one answers itself
    assert not active_fakes.is_active()


def test_two_tasks_may_enter_one_object():
    """Each task leaves what it has entered, so that the one that lasts is answered by its own fake."""
    shared = emoji_mock.intercept()

    async def work(turns):
        with shared as api:
            for _ in range(turns):
                await asyncio.sleep(0)
            before = len(api.calls)
            return await ask_async(), len(api.calls) - before

    async def go():
        return await asyncio.gather(work(3), work(9), work(1))

    assert asyncio.run(go())[1] == (401, 1)  # the one that lasts longest
    assert not active_fakes.is_active()


def test_a_context_may_be_left_elsewhere():
    """A fixture may enter in one thread and leave in another."""
    shared = emoji_mock.intercept()
    thread = threading.Thread(target=shared.__enter__)
    thread.start()
    thread.join()
    assert ask() == 401
    shared.__exit__(None, None, None)
    assert not active_fakes.is_active()

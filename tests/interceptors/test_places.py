"""A call to the fake holds a place in httpx's pool as a connection would, whether the pool assigned it or not."""

import asyncio
import threading

import anyio
import httpcore
import httpcore2
import httpx
import httpx2
import pytest
from helpers import Answering

from emoji_mock import intercept
from emoji_mock.contract.exchange import Response
from emoji_mock.interceptors.registry import Interception

URL = "https://dashscope.aliyuncs.com/api/v1/services/aigc/image2video/face-detect"
LIBRARIES = pytest.mark.parametrize("library", [httpx, httpx2], ids=["httpx", "httpx2"])
CORES = {httpx: httpcore, httpx2: httpcore2}
BACKENDS = pytest.mark.parametrize("backend", ["sync", "asyncio", "trio"])


class _Sync:
    """A client that is called as an async one, and blocks."""

    def __init__(self, library, **settings):
        self._client = library.Client(**settings)

    @property
    def pool(self):
        return self._client._transport._pool

    def body(self, end=bool):
        """Return a generated body of the client's kind, which calls `end` at last."""
        yield b"{}"
        end()

    async def start(self, content=b""):
        """Send a request and return its response, which has not been read."""
        return self._client.send(self._client.build_request("POST", URL, content=content), stream=True)

    async def read(self, response):
        response.read()

    async def begin(self, response):
        """Read the first part; return the iterator."""
        parts = response.iter_raw(1)
        next(parts)
        return parts

    async def end(self, response):
        response.close()

    async def close(self):
        self._client.close()


class _Async(_Sync):
    def __init__(self, library, **settings):
        self._client = library.AsyncClient(**settings)

    async def body(self, end=bool):
        yield b"{}"
        end()

    async def start(self, content=b""):
        return await self._client.send(self._client.build_request("POST", URL, content=content), stream=True)

    async def read(self, response):
        await response.aread()

    async def begin(self, response):
        parts = response.aiter_raw(1)
        await anext(parts)
        return parts

    async def end(self, response):
        await response.aclose()

    async def close(self):
        await self._client.aclose()


def run(backend, library, go, **settings):
    """Call `go` with a client that has one place."""
    kind = _Sync if backend == "sync" else _Async
    limits, timeout = library.Limits(max_connections=1), library.Timeout(0.02, pool=0.01)
    settings = {"verify": False, "limits": limits, "timeout": timeout, **settings}

    async def main():
        client = kind(library, **settings)
        try:
            return await go(client)
        finally:
            await client.close()

    return anyio.run(main, backend="asyncio" if backend == "sync" else backend)


async def expect_a_place(client):
    """Check that no place is taken, and that the next call gets one."""
    assert client.pool.connections == []
    await client.end(await client.start())


@LIBRARIES
@BACKENDS
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # httpx leaves generators to trio
@pytest.mark.parametrize("end", ["read", "read in part", "not read", "broken off", "broken off by the client"])
def test_a_response_holds_its_place_until_it_ends(library, backend, end):
    """Until then the next call waits for a place, and then it has one, however the response ends."""

    async def go(client):
        response = await client.start()
        with pytest.raises(library.PoolTimeout):
            await client.start()
        if end == "read in part":
            parts = await client.begin(response)
        elif end == "broken off":
            with pytest.raises(library.RemoteProtocolError):
                await client.read(response)
        elif end == "read":
            await client.read(response)
        if end in ("not read", "read in part"):
            assert len(client.pool.connections) == 1
            await client.end(response)
            if end == "read in part" and backend != "sync":
                await parts.aclose()
        elif end == "broken off by the client":
            await client.close()
        if end == "broken off by the client":
            assert client.pool.connections == []
        else:
            await expect_a_place(client)

    with intercept() as api:
        if end == "broken off":
            api.faults("truncated_body", times=1)
        run(backend, library, go)


@LIBRARIES
@BACKENDS
@pytest.mark.parametrize(
    ("fault", "error", "message"),
    [
        ("refused", "ConnectError", "[Errno 111] Connection refused"),
        ("reset", "ReadError", "[Errno 104] Connection reset by peer"),
        ("stall", "ReadTimeout", "The read operation timed out"),
        ("garbage", "RemoteProtocolError", "illegal status line: bytearray(b'\\x16\\x03\\x01 this is not HTTP')"),
    ],
)
def test_a_call_without_a_response_leaves_no_place_taken(library, backend, fault, error, message):
    """Its exception is httpx's, caused by httpcore's; the next call has a place."""

    async def go(client):
        with pytest.raises(getattr(library, error)) as caught:
            await client.start()
        assert str(caught.value) == message
        assert type(caught.value.__cause__) is getattr(CORES[library], error)
        assert caught.value.request.url == URL
        await expect_a_place(client)

    with intercept() as api:
        api.faults(fault, times=1)
        run(backend, library, go)


@LIBRARIES
@BACKENDS
def test_a_body_that_fails_leaves_no_place_taken(library, backend):
    """A generator that raises does so to the caller."""

    def fail():
        raise ZeroDivisionError

    async def go(client):
        with pytest.raises(ZeroDivisionError):
            await client.start(client.body(fail))
        assert client.pool.connections == []

    with intercept() as api:
        run(backend, library, go)
        assert len(api.calls) == 0


@LIBRARIES
@BACKENDS
def test_a_call_waits_for_a_place_that_is_taken_without_the_queue(library, backend):
    """A request with a generated body, which the pool assigns, and one without keep to one limit, in either order."""

    async def go(client):
        for first, second in [(b"{}", client.body()), (client.body(), b"{}")]:
            response = await client.start(first)
            with pytest.raises(library.PoolTimeout):
                await client.start(second)
            await client.end(response)
            assert client.pool.connections == []

    with intercept():
        run(backend, library, go)


@LIBRARIES
@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_cancelled_call_leaves_no_place_taken(library, backend):
    """A call that is cancelled while it waits for a late answer frees its place for one that waits."""

    async def go(client):
        async with anyio.create_task_group() as tasks:
            with anyio.move_on_after(0.05) as scope:
                tasks.start_soon(_expect_answer, client)
                await client.start()
        assert scope.cancelled_caught

    with intercept() as api:
        api.faults("stall", times=1)
        run(backend, library, go, timeout=None)


async def _expect_answer(client):
    while not client.pool.connections:
        await anyio.lowlevel.checkpoint()
    response = await client.start()
    assert response.status_code == 401
    await client.end(response)


@LIBRARIES
def test_many_threads_share_one_place(library):
    """Twenty threads on a client with one place all get their answers, one at a time."""
    inside, most, got = [], [], []

    def answer(_):
        inside.append(1)
        most.append(len(inside))
        inside.pop()
        return Response(200, (), b"{}")

    limits = library.Limits(max_connections=1)
    with Interception(Answering(answer)), library.Client(verify=False, limits=limits, timeout=60) as client:

        def call():
            for _ in range(10):
                with client.stream("POST", URL) as response:
                    most.append(len(client._transport._pool.connections))
                    got.append(response.status_code)

        threads = [threading.Thread(target=call) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert client._transport._pool.connections == []
    assert (got, set(most)) == ([200] * 200, {1})


@LIBRARIES
def test_tasks_share_two_places(library):
    """Tasks on a client with two places all get their answers."""
    held = []

    async def go():
        async with library.AsyncClient(verify=False, limits=library.Limits(max_connections=2)) as client:

            async def call():
                async with client.stream("POST", URL) as response:
                    held.append(len(client._transport._pool.connections))
                    await asyncio.sleep(0)
                    return response.status_code

            return await asyncio.gather(*[call() for _ in range(20)])

    with intercept():
        assert asyncio.run(go()) == [401] * 20
    assert max(held) == 2


@LIBRARIES
def test_a_pool_of_ones_own_kind_assigns_its_places_itself(library):
    """A subclass of httpcore's pool may handle requests in its own way."""
    seen = []

    class Pool(CORES[library].ConnectionPool):
        def handle_request(self, request):
            seen.append(request.url.host)
            return super().handle_request(request)

    with intercept(), library.Client(verify=False) as client:
        client._transport._pool = Pool()
        assert client.post(URL).status_code == 401
    assert seen == [b"dashscope.aliyuncs.com"]

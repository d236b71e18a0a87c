"""Where a caller waits in an event loop, a thread answers what takes long, and nothing else."""

import threading
from base64 import b64encode
from contextvars import ContextVar
from functools import partial

import aiohttp
import anyio
import httpx
import httpx2
import pytest
from helpers import HEADERS as GIVEN
from helpers import PATH, body, picture

from emoji_mock import Fake
from emoji_mock.interceptors.registry import intercept

URL = f"https://dashscope.aliyuncs.com{PATH}"
HEADERS = {name: value for name, value in GIVEN.items() if name != "host"}
CALLER = ContextVar("CALLER", default="")


class Noting(Fake):
    """A fake that notes the thread and the context of each call; with `go_on` it waits for that first."""

    def __init__(self):
        super().__init__()
        self.calls, self.go_on = [], None

    def answer(self, request):
        """Note and answer."""
        self.calls.append((threading.get_ident(), CALLER.get()))
        if self.go_on is not None:
            assert self.go_on.wait(10)
        return super().answer(request)


async def _by_httpx(library, content):
    async with library.AsyncClient(verify=False) as client:
        return (await client.post(URL, headers=HEADERS, content=content)).status_code


async def _by_aiohttp(content):
    async with aiohttp.ClientSession() as session, session.post(URL, headers=HEADERS, data=content) as response:
        return response.status


WAYS = {
    "httpx": ("asyncio", partial(_by_httpx, httpx)),
    "httpx on trio": ("trio", partial(_by_httpx, httpx)),
    "httpx2": ("asyncio", partial(_by_httpx, httpx2)),
    "aiohttp": ("asyncio", _by_aiohttp),
}
PICTURE = body(f"data:image/png;base64,{b64encode(picture()).decode()}")
BODIES = {"plain": (body(), False), "a picture": (PICTURE, True), "large": (body(pad="x" * 70_000), True)}


@pytest.fixture
def fake():
    """A fake that notes its calls, installed for every library."""
    fake = Noting()
    with intercept(fake):
        yield fake


@pytest.mark.parametrize(("content", "heavy"), BODIES.values(), ids=BODIES)
@pytest.mark.parametrize(("backend", "send"), WAYS.values(), ids=WAYS)
def test_a_thread_answers_what_takes_long(fake, backend, send, content, heavy):
    """A picture or a large body is answered in a thread, with the caller's context variables; a plain call is not."""

    async def go():
        CALLER.set("me")
        return threading.get_ident(), await send(content)

    loop, status = anyio.run(go, backend=backend)
    ((thread, caller),) = fake.calls
    assert (status, thread != loop, caller) == (200, heavy, "me")


@pytest.mark.parametrize(("backend", "send"), WAYS.values(), ids=WAYS)
def test_a_cancelled_caller_waits_no_longer(fake, backend, send, caplog):
    """A call that is cancelled before its turn is not answered; one that is being answered ends in peace."""
    fake.go_on = threading.Event()

    async def go():
        async with anyio.create_task_group() as group:
            for _ in range(3):
                group.start_soon(send, PICTURE)
            while len(fake.calls) < 2:  # noqa: ASYNC110 - threads note the calls
                await anyio.sleep(0.001)
            await anyio.sleep(0.01)
            group.cancel_scope.cancel()
        fake.go_on.set()
        return await send(body())

    assert anyio.run(go, backend=backend) == 200
    while fake.store.journal().total < 3:
        threading.Event().wait(0.001)
    assert len(fake.calls) == 3
    assert caplog.records == []


@pytest.mark.parametrize(("backend", "send"), WAYS.values(), ids=WAYS)
def test_a_head_over_the_bounds_is_refused_as_on_the_socket(fake, monkeypatch, backend, send):
    """More than 1,000 headers get the vendor's 400, and no call is noted."""
    monkeypatch.setitem(HEADERS, "x", "y" * 66_000)
    assert anyio.run(send, body(), backend=backend) == 400
    assert fake.calls == []

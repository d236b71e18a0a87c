"""Videos through every way in: the same bytes, and making one does not block an event loop."""

import json
import threading
import time
from functools import partial

import aiohttp
import anyio
import httpx
import httpx2
import pytest
from helpers import VIDEO, raw_call, read_answer, video

from emoji_mock import Fake, Options, intercept
from emoji_mock.contract.geometry import Box, Size
from emoji_mock.fake.store.values import VideoTask

BYTES = bytes(range(256)) * 1200  # as many as a video of some seconds has
HOME = "https://dashscope.aliyuncs.com"
KEY = {"authorization": "Bearer sk-mock-interceptors"}


@pytest.fixture
def fake():
    """A fake whose videos are finished at once."""
    return Fake(Options(seed=7, time_scale=0))


def link(call):
    """Return the link of a new task, made with `call`."""
    created = call("POST", f"{HOME}{VIDEO}", {**KEY, **dict(video().headers)}, video().body)
    task = json.loads(created.body)["output"]["task_id"]
    task_ = call("GET", f"{HOME}/api/v1/tasks/{task}", {**KEY, "authorization": "Bearer sk-mock-test"}, None)
    return json.loads(task_.body)["output"]["video_url"]


@pytest.fixture
def made(monkeypatch):
    """The scenes of which videos were made."""
    scenes = []
    monkeypatch.setattr("emoji_mock.media.videos.make_video", lambda scene: scenes.append(scene) or BYTES)
    return scenes


@pytest.mark.usefixtures("made")
def test_every_way_in_gives_the_same_bytes(fake, clients):
    """The whole video, a range of it, and its head are the same through every way in."""
    with intercept(fake):
        for way, call in clients.items():
            url = link(call)
            whole, part = call("GET", url, {}, None), call("GET", url, {"range": "bytes=1000-300000"}, None)
            assert (way, whole.status, whole.body == BYTES) == (way, 200, True)
            assert (way, part.status, part.body == BYTES[1000:300_001]) == (way, 206, True)
            head = call("HEAD", url, {}, None)
            assert (way, head.status, head.body) == (way, 200, b"")
            lengths = {name.lower(): value for name, value in head.headers}
            assert (way, lengths["content-length"]) == (way, str(len(BYTES)))


class Slow:
    """Make a video only after another caller was served."""

    def __init__(self):
        self.begun, self.served = threading.Event(), threading.Event()
        self.waited = False

    def __call__(self, _scene):
        self.begun.set()
        self.waited = self.served.wait(10)
        return BYTES


@pytest.fixture
def slow(monkeypatch):
    """Make a video only after another caller was served."""
    making = Slow()
    monkeypatch.setattr("emoji_mock.media.videos.make_video", making)
    return making


def over(store):
    """Put a finished task into `store` and return its id."""
    box = Box(63, 30, 609, 575)
    task = VideoTask(
        id="0e0f0a0b-0000-4000-8000-000000000001", namespace="test", key="", request_id="", model="emoji-v1",
        image_url="https://example.com/me.png", driven_id="mengwa_kaixin", face=box, ext=box,
        created=time.time() - 60, takes=0.0, seconds=1, size=Size(512, 512),
    )  # fmt: skip
    return store.add_task(task).id


def test_a_server_serves_others_meanwhile(live, slow):
    """While a video is made, the event loop answers others."""
    task = raw_call(b"", method="GET", target=f"/api/v1/tasks/{over(live.fake.store)}", host=live.url[7:])
    url = json.loads(live.send(task)[0][2])["output"]["video_url"]
    assert url.startswith(f"{live.url}/dashscope-result-bj/")
    with live.connect() as first:
        first.sendall(raw_call(b"", method="GET", target=url.removeprefix(live.url), authorization=None))
        assert slow.begun.wait(10)
        assert live.send(task)[0][0] == 200
        slow.served.set()
        status, headers, body = read_answer(first)
    assert (status, headers["content-type"], body == BYTES) == (200, "video/mp4", True)
    assert slow.waited


async def _by_httpx(library, url, slow):
    async with library.AsyncClient(timeout=10) as client, anyio.create_task_group() as group:
        group.start_soon(_let_on, slow)
        return (await client.get(url)).content


async def _by_aiohttp(url, slow):
    async with aiohttp.ClientSession() as session, anyio.create_task_group() as group:
        group.start_soon(_let_on, slow)
        async with session.get(url) as response:
            return await response.read()


async def _let_on(slow):
    while not slow.begun.is_set():  # noqa: ASYNC110 - it is set by a thread
        await anyio.sleep(0.001)
    slow.served.set()


@pytest.mark.parametrize(
    ("backend", "get"),
    [
        ("asyncio", partial(_by_httpx, httpx)),
        ("trio", partial(_by_httpx, httpx)),
        ("asyncio", partial(_by_httpx, httpx2)),
        ("asyncio", _by_aiohttp),
    ],
    ids=["httpx", "httpx on trio", "httpx2", "aiohttp"],
)
def test_an_event_loop_in_the_process_goes_on_meanwhile(fake, slow, backend, get):
    """While a video is made in the process, other tasks of the loop run."""
    headers = {"authorization": "Bearer sk-mock-test"}
    with intercept(fake):
        task_ = httpx.get(f"{HOME}/api/v1/tasks/{over(fake.store)}", headers=headers).json()
        assert anyio.run(get, task_["output"]["video_url"], slow, backend=backend) == BYTES
    assert slow.waited

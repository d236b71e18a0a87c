"""One account's load does not refuse or delay another's call: bodies, pictures, videos, late answers."""

import asyncio
import json
import threading
import tracemalloc

import pytest
from helpers import PATH, body, call, fields_of, form, picture, policy_for, video

from emoji_mock import Fake, Options
from emoji_mock._support.threads.fair_pool import FairPool
from emoji_mock.fake import port
from emoji_mock.fake.network.latency import Latency
from emoji_mock.server import bodies
from emoji_mock.server.app import Front

STORAGE = "/dashscope-file-mgr"
PORTS = iter(range(1, 65_536))


class Caller:
    """A call to an ASGI application from a connection of its own; its body comes in parts, and may not end."""

    def __init__(self, front, request, *, ends=True):
        self._front, self._request, self._ends = front, request, ends
        self._parts = [request.body]
        self.read = asyncio.Event()
        self.status, self.body, self.started = 0, b"", False

    async def __call__(self):
        """Make the call."""
        path, _, query = self._request.target.partition("?")
        headers = [(name.encode(), value.encode()) for name, value in self._request.headers]
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": self._request.method,
            "scheme": "http", "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
            "headers": headers, "server": ("127.0.0.1", 80), "client": ("127.0.0.1", next(PORTS)),
        }  # fmt: skip
        self._request = None
        await self._front.vendor(scope, self._receive, self._send)
        return self

    async def _receive(self):
        if self._parts:
            return {"type": "http.request", "body": self._parts.pop(), "more_body": not self._ends}
        self.read.set()
        return await asyncio.get_running_loop().create_future()

    async def _send(self, message):
        self.status = message.get("status", self.status)
        self.body += message.get("body", b"")


async def half_sent(front, request):
    """Return the tasks of nine calls, each of which has sent its body without the end."""
    many = [Caller(front, request, ends=False) for _ in range(9)]
    tasks = [asyncio.create_task(caller()) for caller in many]
    for caller in many:
        await caller.read.wait()
    return tasks


def detection(key, size, target=PATH):
    """Return a valid detection of so many bytes."""
    content = body(pad="")
    return call(body(pad="x" * (size - len(content))), key=key, target=target)


@pytest.mark.parametrize(
    "half", [detection("sk-mock-a", 20_000), detection("sk-mock-a", 20_000, STORAGE)], ids=["calls", "uploads"]
)
def test_half_sent_bodies_of_one_account_do_not_refuse_another(fake, monkeypatch, half):
    """When nine half-sent bodies fill the memory, one of them gets the overload error; another's call is answered."""
    monkeypatch.setattr(bodies, "HELD_BYTES", 190_000)
    front = Front(fake)

    async def go():
        tasks = await half_sent(front, half)
        other = await Caller(front, detection("sk-mock-b", 20_000))()
        done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        return other.status, [json.loads(task.result().body)["code"] for task in done], len(pending)

    assert asyncio.run(go()) == (200, ["ModelServingError"], 8)


def test_half_sent_bodies_without_a_key_count_for_their_connection(fake, monkeypatch):
    """Uploads have no key: nine of them from nine connections do not refuse a smaller call."""
    monkeypatch.setattr(bodies, "HELD_BYTES", 190_000)
    front = Front(fake)
    half = detection("sk-mock-a", 21_000, STORAGE)
    half = half._replace(headers=tuple(pair for pair in half.headers if pair[0] != "authorization"))

    async def go():
        tasks = await half_sent(front, half)
        other = await Caller(front, detection("sk-mock-b", 20_000))()
        for task in tasks:
            task.cancel()
        return other.status

    assert asyncio.run(go()) == 200


class SlowMedia:
    """Media that note whose picture or video they are at, when all are waiting."""

    def __init__(self, media):
        self._media, self.order, self.go_on = media, [], threading.Event()

    def inspect(self, data, limits, *, upright):
        """Inspect a picture."""
        self.order.append(len(data))
        self.go_on.wait(60)
        return self._media.inspect(data, limits, upright=upright)

    def make_video(self, *, image_url, **_):
        """Make a video."""
        self.order.append(image_url)
        self.go_on.wait(60)
        return b"video"


def order_of(fake, requests, monkeypatch):
    """Return in which order one thread gets to the requests, which all wait before the first is answered."""
    # Of several threads, the one whose turn it was later may get to its job earlier.
    for threads in ("PICTURES_AT_ONCE", "VIDEOS_AT_ONCE"):
        monkeypatch.setattr(port, threads, 1)
    submitted, submit = [], FairPool.submit

    def count(pool, owner, function):
        job = submit(pool, owner, function)
        submitted.append(owner)
        return job

    monkeypatch.setattr(FairPool, "submit", count)
    media = fake.media = SlowMedia(fake.media)
    front = Front(fake)

    async def go():
        tasks = [asyncio.create_task(Caller(front, request)()) for request in requests]
        while len(submitted) < len(requests):  # noqa: ASYNC110 - the calls of `submit` are counted
            await asyncio.sleep(0)
        media.go_on.set()
        return [(await task).status for task in tasks]

    assert set(asyncio.run(go())) <= {200, 204}
    return media.order


def test_the_video_of_an_account_does_not_wait_for_those_of_another(monkeypatch):
    """Of seven videos of one account and a later one of another, the latter is made among the first three."""
    fake = Fake(Options(time_scale=0))

    def link(key, name):
        created = json.loads(fake.answer(video({"image_url": f"https://example.com/{name}"}, key=key)).body)
        state = fake.answer(call(b"", method="GET", target=f"/api/v1/tasks/{created['output']['task_id']}", key=key))
        target = "/" + json.loads(state.body)["output"]["video_url"].split("/", 3)[3]
        return call(
            b"", method="GET", target=target, authorization=None, host="dashscope-result-bj.oss-cn-beijing.aliyuncs.com"
        )

    links = [*(link("sk-mock-a", number) for number in range(7)), link("sk-mock-b", "other")]
    assert order_of(fake, links, monkeypatch).index("https://example.com/other") < 3


@pytest.mark.parametrize("uploaded", [False, True], ids=["calls", "uploads"])
def test_the_picture_of_an_account_does_not_wait_for_those_of_another(uploaded, monkeypatch):
    """Likewise pictures in calls, and uploads, whose account their signed policy names."""
    from base64 import b64encode

    fake = Fake()
    large, small = picture(), picture(size=(500, 500))

    def request(key, data):
        if not uploaded:
            return call(body(f"data:image/png;base64,{b64encode(data).decode()}"), key=key)
        fields = fields_of(policy_for(fake, key=key))
        headers = {"content_type": "multipart/form-data; boundary=mark", "authorization": None}
        return call(form(fields, data), target=STORAGE, **headers)

    requests = [*(request("sk-mock-a", large) for _ in range(7)), request("sk-mock-b", small)]
    assert order_of(fake, requests, monkeypatch).index(len(small)) < 3


def test_a_late_answer_holds_no_body(fake):
    """While a response is held back, the memory of the request's body is free."""
    fake = Fake(Options(latency=Latency(constant=60)))
    front = Front(fake)

    async def go():
        tracemalloc.start()
        try:
            task = asyncio.create_task(Caller(front, detection("sk-mock-a", 5_000_000))())
            while not fake.store.journal().total:  # noqa: ASYNC110 - a thread makes the call
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.01)
            return tracemalloc.get_traced_memory()[0]
        finally:
            tracemalloc.stop()
            task.cancel()

    assert asyncio.run(go()) < 1_000_000

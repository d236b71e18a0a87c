"""A store that takes a round trip or cannot be reached: no event loop waits for it, threads are bounded, and 503 says why."""

import asyncio
import threading
from contextlib import ExitStack

import httpx
from anyio import CapacityLimiter
from control import ask
from fastapi.routing import APIRoute
from helpers import call, raw_call
from servers import running

from emoji_mock import Fake
from emoji_mock._support.event_loops import in_asyncio
from emoji_mock.fake.accounting.call_filter import ALL_CALLS
from emoji_mock.fake.store.memory import MemoryStore
from emoji_mock.fake.store.ports import StoreUnavailableError
from emoji_mock.server.control.api import control_router
from emoji_mock.server.dashboard.regions import REGIONS
from emoji_mock.server.dashboard.stream import LOOKS, STREAMS, PageStream
from emoji_mock.server.openapi.manual import create_app
from emoji_mock.server.pages import is_own

AWAY = "the store at valkey://127.0.0.1:6379/0 cannot be reached: connection refused"
OF_ALL_REPLICAS = {"store", "options", "scenario", "clock", "settable_clock", "play", "refresh", "reset"}
BODIES = {
    ("POST", "/_mock/rules"): {"latency": 0},
    ("PUT", "/_mock/rules"): [],
    ("PATCH", "/_mock/rules"): {"first": []},
    ("PUT", "/_mock/limits"): {},
    ("PUT", "/_mock/scenario"): {"name": "happy"},
    ("PUT", "/_mock/clock"): {"advance": 1},
}
VALUES = {"code": "FacePose", "number": "1", "request_id": "none", "name": "money"}
QUERIES = {"/_mock/page/calls": "?before=9", "/_mock/page/uploads": "?key=none"}
WITHOUT_STORE = ["GET /", "GET /_mock/catalogue", "GET /_mock/catalogue/{code}", "GET /_mock/health"]
WITHOUT_METRICS = "GET /_mock/metrics"  # 404, and with metrics they say themselves that the store is gone


class Watched:
    """Delegate to an object, and first report each use of the attributes with these names, or of all."""

    def __init__(self, watched, report, names=None):
        self._watched, self._report, self._names = watched, report, names

    def __getattr__(self, name):
        """Return an attribute of the object."""
        if self._names is None or name in self._names:
            self._report(name)
        return getattr(self._watched, name)


def watched(report):
    """Return a fake with a call, that reports each use of its store and of what all replicas of a shared one have."""
    fake = Fake(store=MemoryStore())
    fake.answer(call())
    fake.store = Watched(fake.store, report)
    return Watched(fake, report, OF_ALL_REPLICAS)


def require_thread(name):
    """Fail where an event loop would wait."""
    assert not in_asyncio(), f"{name} is used in an event loop"


def refuse(name):
    """Fail as a store whose engine is gone, unless `name` is the store itself or leads to what needs it."""
    if name != "store":
        raise StoreUnavailableError(AWAY)


def answers_of(fake):
    """Return the answer of each route of the control API and of the page, but for the page's stream, by its name."""

    async def send():
        app = create_app(fake, None, asyncio.Event())
        routes = [*control_router(fake).routes, *app.routes]
        asked = [
            (method, route.path)
            for route in routes
            if isinstance(route, APIRoute) and is_own(route.path) and route.path != "/_mock/page/events"
            for method in route.methods
        ]
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
            return {
                f"{method} {path}": await client.request(
                    method, path.format(**VALUES) + QUERIES.get(path, ""), json=BODIES.get((method, path))
                )
                for method, path in asked
            }

    return asyncio.run(send())


def test_no_route_uses_the_store_in_the_event_loop():
    """A shared store may take long to answer; every route of the control API and of the page waits for it in a thread."""
    answers = answers_of(watched(require_thread))
    assert {name: answer.text for name, answer in answers.items() if answer.status_code not in (200, 201, 404)} == {}
    assert len(answers) > 25


def test_the_stream_of_a_page_uses_the_store_in_threads():
    """It looks for calls and for what every region shows, each second anew."""

    async def read():
        page = PageStream(watched(require_thread), asyncio.Event(), ALL_CALLS)
        names = []
        async for made in page.events(CapacityLimiter(1)):
            names.append(made.partition(b"\n")[0].decode())
            if made == b": nothing new\n\n":
                return names
        return names

    assert asyncio.run(read()) == [
        f"event: {name}" for name in ("calls", "accounts", *[one.name for one in REGIONS])
    ] + [": nothing new"]


def test_routes_say_that_the_store_cannot_be_reached():
    """They answer 503 with the reason in the shape of every problem; those that need no store answer as ever."""
    answers = answers_of(watched(refuse))
    needing = {name: answer for name, answer in answers.items() if name not in (*WITHOUT_STORE, WITHOUT_METRICS)}
    assert {name: (answer.status_code, answer.json()) for name, answer in needing.items()} == dict.fromkeys(
        needing, (503, {"errors": [{"field": "store", "problem": AWAY}]})
    )
    assert {name: answers[name].status_code for name in WITHOUT_STORE} == dict.fromkeys(WITHOUT_STORE, 200)


def test_the_manual_says_which_routes_need_the_store(live):
    """503 is among the answers of every route of the control API, but for those that read no state."""
    document = httpx.get(f"{live.url}/openapi.json").json()
    without = [
        f"{method.upper()} {path}"
        for path, described in document["paths"].items()
        if path.startswith("/_mock/")
        for method, route in described.items()
        if "503" not in route["responses"]
    ]
    assert sorted(without) == [*WITHOUT_STORE[1:], WITHOUT_METRICS]


def test_a_page_says_that_the_store_is_gone_and_goes_on_when_it_is_back():
    """What has been shown is not sent anew, the reason is sent once, and an empty one when the store can be reached."""
    refusing = []
    page = PageStream(watched(lambda name: refuse(name) if refusing else None), asyncio.Event(), ALL_CALLS)
    assert len(page.look(with_regions=True)) == 2 + len(REGIONS)
    refusing.append(True)
    assert page.look(with_regions=True) == [f'event: store\ndata: "{AWAY}"\n\n'.encode()]
    assert page.look(with_regions=False) == [b": nothing new\n\n"]
    refusing.clear()
    assert page.look(with_regions=True) == [b'event: store\ndata: ""\n\n']


def test_pages_that_wait_for_a_slow_store_leave_threads_to_others():
    """Of 16 open pages four wait in threads; meanwhile callers and the control API get their answers."""
    waiting, is_back = threading.Semaphore(0), threading.Event()
    asked = []

    def wait(name):
        if name == "latest_calls":
            asked.append(name)
            waiting.release()
            is_back.wait(10)

    with running(watched(wait)) as live, ExitStack() as pages:
        for _ in range(STREAMS):
            page = pages.enter_context(live.connect())
            page.sendall(b"GET /_mock/page/events HTTP/1.1\r\nhost: localhost\r\n\r\n")
        for _ in range(LOOKS):
            assert waiting.acquire(timeout=10)
        assert live.send(raw_call())[0][0] == 200
        assert ask(live, "GET", "ledger")[1]["total"]["passed"] == 2
        assert len(asked) == LOOKS == 4
        is_back.set()

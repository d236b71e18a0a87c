"""Time in a test that holds the date of its process, by freezegun, by time-machine, or by functions of its own."""

import asyncio
import time
from unittest import mock

import aiohttp
import anyio
import httpx
import pytest
import requests

from emoji_mock import Clock, Fake, Options
from emoji_mock._support import real_time
from emoji_mock.programs import server_thread
from emoji_mock.server.run import server
from emoji_mock.testing.serving.session_server import LiveServer

URL = "https://dashscope.aliyuncs.com/api/v1/services/aigc/image2video/face-detect"
BODY = {
    "model": "emoji-detect-v1",
    "input": {"image_url": "https://example.com/me.png"},
    "parameters": {"ratio": "1:1"},
}
SENT = {"json": BODY, "headers": {"authorization": "Bearer sk-mock-test"}}


def _freezegun(**how):
    return pytest.importorskip("freezegun").freeze_time("2026-03-01", **how)


def _time_machine(**how):
    return pytest.importorskip("time_machine").travel("2026-03-01", **how)


HOLDERS = {
    "freezegun": _freezegun,
    "freezegun, ticking": lambda: _freezegun(tick=True),
    "freezegun, asyncio real": lambda: _freezegun(real_asyncio=True),
    "time-machine": lambda: _time_machine(tick=False),
    "time-machine, ticking": lambda: _time_machine(tick=True),
    "time.monotonic replaced": lambda: mock.patch("time.monotonic", return_value=5.0),
    "time.time replaced": lambda: mock.patch("time.time", return_value=1_772_323_200.0),
    "time.sleep replaced": lambda: mock.patch("time.sleep", return_value=None),
}


@pytest.fixture(params=HOLDERS)
def held(request):
    """A context in which time is held."""
    return HOLDERS[request.param]()


def post(url=URL):
    """Make a good call by httpx."""
    return httpx.post(url, **SENT)


def test_a_wait_for_a_call_ends(emoji_api, held):
    """The timeout of `wait_for_call` is real."""
    with held, pytest.raises(AssertionError, match=r"expected a call within 0\.1 s"):
        emoji_api.wait_for_call(timeout=0.1)


@pytest.mark.slow
def test_who_waits_is_not_accused(emoji_api, held):
    """A caller that really waits as long as Retry-After asks is resilient, whatever the date says."""
    emoji_api.errors("RateQuota", times=1, retry_after=1)
    with held:
        while (answer := post()).status_code == 429:
            real_time.sleep(float(answer.headers["retry-after"]))
        emoji_api.assert_resilient()


def test_who_does_not_wait_is_accused(emoji_api, held):
    """A caller that does not wait is not."""
    emoji_api.errors("RateQuota", times=1, retry_after=1)
    with held:
        post(), post()
        with pytest.raises(AssertionError, match="Retry-After asked for 1 s"):
            emoji_api.assert_resilient()


@pytest.mark.slow
def test_a_limit_is_over_after_a_wait(emoji_api, held):
    """The fake's time goes on while the date stands still: a rate recovers."""
    emoji_api.limit(rps=1)
    with held:
        assert [post().status_code for _ in range(2)] == [200, 429]
        real_time.sleep(1.05)
        assert post().status_code == 200


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_late_answer_comes_in_an_event_loop(emoji_api, held, backend):
    """Latency is waited for by the real clock, not by the loop's, which may be held."""
    emoji_api.slow(0.05)

    async def ask():
        async with httpx.AsyncClient() as client:
            return (await client.post(URL, **SENT)).status_code

    with held:
        assert anyio.run(ask, backend=backend) == 200


def test_a_late_answer_comes_to_aiohttp(emoji_api, held):
    """The same for aiohttp, whose own timeouts stand still."""
    emoji_api.slow(0.05)

    async def ask():
        async with aiohttp.ClientSession() as session, session.post(URL, **SENT) as answer:
            return answer.status

    with held:
        assert asyncio.run(ask()) == 200


@pytest.mark.parametrize("loop", ["uvloop", "asyncio"])
def test_the_server_answers_late(held, loop, monkeypatch):
    """The server's waits are real, with uvloop and without it, also those of a fault."""
    if loop == "asyncio":
        monkeypatch.setattr(server_thread, "find_spec", lambda _: None)
    fake = Fake(Options(latency=0.05), clock=Clock())
    with held:
        live = LiveServer()
        try:
            with live.relay.turned_to(fake):
                answer = requests.post(f"{live.url}{URL.partition('.com')[2]}", timeout=30, **SENT)
            assert answer.status_code == 200
        finally:
            live.stop()
    assert not live.is_running


def test_the_date_of_a_test_is_the_fakes(emoji_api):
    """Answers bear the date that the test has set, follow its changes, and bear today's after it."""
    with pytest.importorskip("freezegun").freeze_time("2026-03-01") as frozen:
        assert post().headers["date"] == "Sun, 01 Mar 2026 00:00:00 GMT"
        frozen.tick(3600)
        assert post().headers["date"].startswith("Sun, 01 Mar 2026 01:00:")
        frozen.move_to("2024-02-29")
        assert post().headers["date"] == "Thu, 29 Feb 2024 00:00:00 GMT"
    assert emoji_api.calls[0].at == 1_772_323_200.0
    assert abs(emoji_api.clock() - time.time()) < 60


def test_a_server_ticks_by_its_own_loop(monkeypatch):
    """A server in a thread of the test run does not call `asyncio.sleep`, by which it would wait on a test's clock."""
    running, ticks = server(Fake()), []

    async def on_tick(number):
        ticks.append(number)
        return len(ticks) == 3

    monkeypatch.setattr(running, "on_tick", on_tick)
    monkeypatch.setattr(asyncio, "sleep", None)
    asyncio.run(running.main_loop())
    assert ticks == [0, 1, 2]


def test_sleeps_that_tests_replace(emoji_api, monkeypatch):
    """`time.sleep` and `asyncio.sleep` may be the fake's: no time passes but on its clock."""
    emoji_api.clock.freeze(1000.0)
    monkeypatch.setattr(time, "sleep", emoji_api.clock.sleep)
    monkeypatch.setattr(asyncio, "sleep", emoji_api.clock.sleep)

    async def wait():
        await asyncio.sleep(3600)
        await asyncio.gather(asyncio.sleep(1), asyncio.sleep(1))
        time.sleep(60)  # noqa: ASYNC251 - the fake's

    asyncio.run(wait())
    time.sleep(600)
    assert emoji_api.clock() == 1000 + 3600 + 2 + 60 + 600


@pytest.mark.parametrize("name", ["sleep", "advance"])
@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_an_awaited_wait_lets_others_run(backend, name):
    """To await the fake's wait lets other tasks run; a clock that runs waits for real, and may be awaited too."""
    clock, order = Clock(), []
    clock.freeze(1000.0)

    async def wait(who):
        order.append(who)
        await getattr(clock, name)(1)
        order.append(who)

    async def both():
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(wait, "a")
            tasks.start_soon(wait, "b")
        clock.unfreeze()
        await clock.sleep(0.001)

    anyio.run(both, backend=backend)
    assert sorted(order[:2]) == ["a", "b"]
    assert clock() >= 1002


def test_a_clock_that_runs_waits_for_real_whoever_replaced_sleep(monkeypatch):
    """The fake's own waits call no function that a test may have replaced, even by the fake's own."""
    clock = Clock()
    monkeypatch.setattr(time, "sleep", clock.sleep)
    began = real_time.monotonic()
    time.sleep(0.05)
    assert real_time.monotonic() - began >= 0.05


def test_the_server_runs_where_asyncio_sleep_is_replaced(emoji_server, monkeypatch):
    """A test that replaces `asyncio.sleep`, by a mock or by the fake's, replaces nothing that the server needs."""
    emoji_server.clock.freeze(1000.0)
    monkeypatch.setattr(asyncio, "sleep", emoji_server.clock.sleep)
    emoji_server.faults("drip", times=1, seconds=0.05)
    url = f"{emoji_server.base_url}/services/aigc/image2video/face-detect"
    assert [requests.post(url, timeout=30, **SENT).status_code for _ in range(2)] == [200, 200]
    assert emoji_server.clock() == 1000.0

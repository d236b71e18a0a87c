"""Faults: a library raises the same in the process and on a real socket, as the table of faults says."""

import asyncio
import socket

import aiohttp
import anyio
import httpx
import httpx2
import pytest
from helpers import Answering

from emoji_mock import Fake, Limits, Options, Rule, router
from emoji_mock.contract.exchange import Fault
from emoji_mock.fake.clock import Clock
from emoji_mock.fake.network.faults import FAULTS
from emoji_mock.interceptors.registry import intercept

ENDS = ("refused", "close", "reset", "empty_reply", "garbage", "stall", "truncated_body", "stall_in_body")
_HTTPX = ("ConnectError", "RemoteProtocolError", "ReadError", "RemoteProtocolError", "RemoteProtocolError", "ReadTimeout", "RemoteProtocolError", "ReadTimeout")  # fmt: skip
_HTTP_CLIENT = ("ConnectionRefusedError", "RemoteDisconnected", "ConnectionResetError", "RemoteDisconnected", "BadStatusLine", "TimeoutError", "IncompleteRead", "TimeoutError")  # fmt: skip
_URLLIB = ("URLError", *_HTTP_CLIENT[1:])
_URLLIB3 = ("NewConnectionError", "ProtocolError", "ProtocolError", "ProtocolError", "ProtocolError", "ReadTimeoutError", "ProtocolError", "ReadTimeoutError")  # fmt: skip
_REQUESTS = ("ConnectionError", "ConnectionError", "ConnectionError", "ConnectionError", "ConnectionError", "ReadTimeout", "ChunkedEncodingError", "ConnectionError")  # fmt: skip
_AIOHTTP = ("ClientConnectorError", "ServerDisconnectedError", "ClientOSError", "ServerDisconnectedError", "ClientResponseError", "SocketTimeoutError", "ClientPayloadError", "SocketTimeoutError")  # fmt: skip

EXPECTED = {
    "httpx": _HTTPX,
    "httpx-asyncio": _HTTPX,
    "httpx-trio": _HTTPX,
    "httpx2": _HTTPX,
    "httpx2-asyncio": _HTTPX,
    "httpx2-trio": _HTTPX,
    "requests": _REQUESTS,
    "urllib3": _URLLIB3,
    "http.client": _HTTP_CLIENT,
    "urllib.request": _URLLIB,
    "aiohttp": _AIOHTTP,
}
LIBRARY_OF = {"http.client": "http_client", "urllib.request": "urllib"}
HOMES = {"requests": "requests.exceptions", "urllib3": "urllib3.exceptions", "aiohttp": "aiohttp.client_exceptions"}


@pytest.fixture
def fake():
    """A fake with a frozen clock."""
    clock = Clock()
    clock.freeze(1_790_000_000.0)
    return Fake(Options(seed=7), clock=clock)


def raised(client, *call, **settings):
    """Return the exception of a call."""
    with pytest.raises(Exception) as caught:
        client(*call, **settings)
    return caught.value


@pytest.mark.parametrize("name", EXPECTED)
def test_the_table_of_faults_names_these_exceptions(name):
    """Each row names the exceptions of this file; a kind is in both if it ends without a response."""
    rows = [row for row in FAULTS.values() if row.raises is not None]
    assert [row.kind for row in rows] == list(ENDS)
    library = LIBRARY_OF.get(name, name.partition("-")[0].removesuffix("2"))
    assert tuple(getattr(row.times_out or row.raises, library) for row in rows) == EXPECTED[name]


@pytest.mark.parametrize("kind", ENDS)
@pytest.mark.parametrize("name", EXPECTED)
def test_a_fault_is_the_librarys_own_exception(name, kind, clients, good, fake):
    """Each library raises its own exception for each fault; on a frozen clock a stall takes no time."""
    fake.store.add_rule(Rule(fault=kind))
    with intercept(fake):
        error = raised(clients[name], *good)
    assert type(error).__name__ == EXPECTED[name][ENDS.index(kind)]
    assert type(error).__module__ == HOMES.get(name, type(error).__module__)
    entry = fake.store.journal().entries[0]
    assert (entry.outcome, entry.fault, entry.waited_out) == ("fault", kind, False)


@pytest.mark.parametrize("kind", [kind for kind in ENDS if kind != "refused"])
@pytest.mark.parametrize("name", EXPECTED)
def test_a_real_socket_raises_the_same(name, kind, clients, good, site):
    """A library raises the same when the server plays the fault."""
    fake, url = site
    fake.store.replace_rules([Rule(fault=kind, seconds=30) if "stall" in kind else Rule(fault=kind)])
    method, target, headers, body = good
    error = raised(
        clients[name], method, target.replace("https://dashscope.aliyuncs.com", url), headers, body, timeout=0.2
    )
    assert type(error).__name__ == EXPECTED[name][ENDS.index(kind)]


def test_a_reset_is_a_tcp_rst(site):
    """The server resets the connection (RST) for `reset`, and for `refused`, to which it is the nearest."""
    fake, url = site
    fake.reset()
    for kind in ("reset", "refused"):
        fake.store.replace_rules([Rule(fault=kind)])
        with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), timeout=5) as connection:
            connection.sendall(b"POST /x HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n")
            with pytest.raises(ConnectionResetError):
                connection.recv(1)
    assert [(entry.fault, entry.flags) for entry in fake.store.journal().entries] == [
        ("reset", ""),
        ("refused", "socket"),
    ]


@pytest.mark.parametrize("live", [False, True], ids=["in the process", "on a socket"])
@pytest.mark.parametrize("kind", ["drip", "malformed_json", "bad_gateway", "gateway_timeout"])
@pytest.mark.parametrize("name", EXPECTED)
def test_a_fault_within_an_answer_is_the_same_in_each_library(name, kind, live, clients, good, fake, site):
    """A drip delivers the whole answer, malformed JSON is cut, and a gateway's page is HTML."""
    fake, url = site if live else (fake, "https://dashscope.aliyuncs.com")
    fake.store.replace_rules([Rule(fault=kind, seconds=0.1) if kind == "drip" else Rule(fault=kind)])
    method, target, headers, body = good
    with intercept(Answering(lambda _: None)) if live else intercept(fake):
        answer = clients[name](method, target.replace("https://dashscope.aliyuncs.com", url), headers, body)
    kind_of = {header.lower(): value for header, value in answer.headers}["content-type"]
    if kind == "drip":
        assert answer.body.startswith(b'{"output":{"bbox_face":[')
        assert answer.body.endswith(b'"}')
    elif kind == "malformed_json":
        assert (answer.status, kind_of) == (200, "application/json")
        assert answer.body.startswith(b'{"output":{"bbox_face":[')
        assert not answer.body.endswith(b"}")
    else:
        assert (answer.status, kind_of) == ({"bad_gateway": 502, "gateway_timeout": 504}[kind], "text/html")


def test_a_stall_that_a_client_waits_out(clients, good, fake):
    """A client without a read timeout waits to the end of a stall, which the journal records."""
    fake.store.add_rule(Rule(fault="stall", seconds=600))
    for name in EXPECTED:
        with intercept(fake):
            raised(clients[name], *good, timeout=None)
    assert [entry.waited_out for entry in fake.store.journal().entries] == [True] * len(EXPECTED)
    assert fake.clock() == 1_790_000_000.0 + 600 * len(EXPECTED)


def test_latency_meets_the_read_timeout(clients, good, fake):
    """An answer as late as the read timeout is the library's timeout; an earlier one arrives.

    The journal records which of them the client waited for.
    """
    for name in EXPECTED:
        fake.reset()
        fake.store.replace_rules([Rule(latency=5)])
        with intercept(fake):
            assert type(raised(clients[name], *good)).__name__ == EXPECTED[name][ENDS.index("stall")]
            fake.store.replace_rules([Rule(latency=4)])
            assert clients[name](*good).status == 200
        assert [entry.waited_out for entry in fake.store.journal().entries] == [False, True], name


def test_a_timeout_of_a_minute_and_a_half_is_shorter_than_a_stall(clients, good, fake):
    """A read timeout as long as the stall still ends in the library's timeout."""
    fake.store.add_rule(Rule(fault="stall"))
    for name in EXPECTED:
        with intercept(fake):
            assert type(raised(clients[name], *good, timeout=90)).__name__ == EXPECTED[name][ENDS.index("stall")]
    assert not any(entry.waited_out for entry in fake.store.journal().entries)


def test_aiohttps_total_timeout_counts_too(good, fake):
    """With only a total timeout aiohttp raises the standard library's TimeoutError."""
    import aiohttp

    async def ask():
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session:
            await session.post(good[1], data=good[3], headers=good[2])

    fake.store.add_rule(Rule(fault="stall", seconds=100))
    with intercept(fake), pytest.raises(TimeoutError):
        anyio.run(ask)


@pytest.mark.parametrize("kind", ENDS)
@pytest.mark.parametrize("name", [name for name in EXPECTED if name.startswith("httpx")])
def test_the_respx_router_plays_faults(name, kind, fake, clients, good):
    """Through the respx router each library raises its own exceptions too, sync and async."""
    fake.store.replace_rules([Rule(fault=kind)])
    with router(fake):
        error = raised(clients[name], *good)
    assert type(error).__name__ == EXPECTED[name][ENDS.index(kind)]
    assert type(error).__module__ == name.partition("-")[0]


@pytest.mark.parametrize("kind", ENDS)
def test_transports_play_faults(kind, fake, clients, good):
    """The transports raise their library's exceptions too; the ASGI application alone can only break off."""
    fake.store.replace_rules([Rule(fault=kind)])
    for name, library in (("httpx.MockTransport", httpx), ("httpx2.MockTransport", httpx2)):
        assert isinstance(raised(clients[name], *good), getattr(library, _HTTPX[ENDS.index(kind)]))
    assert "only emoji-mock's own server can act out" in str(raised(clients["ASGITransport"], *good))


def test_a_late_answer_does_not_block_the_event_loop(good, fake):
    """On a real clock, late calls of an async client wait at the same time, through every way in."""
    fake = Fake()
    fake.store.add_rule(Rule(latency=0.2))

    async def elapsed(client):
        async with client, anyio.create_task_group() as group:
            began = anyio.current_time()
            for _ in range(5):
                group.start_soon(lambda: client.post(good[1], content=good[3], headers=good[2]))
        return anyio.current_time() - began

    from emoji_mock.interceptors.httpx import transport

    with intercept(fake):
        assert anyio.run(elapsed, httpx.AsyncClient()) < 0.8
    assert anyio.run(elapsed, httpx.AsyncClient(transport=transport(fake))) < 0.8
    with router(fake):
        assert anyio.run(elapsed, httpx.AsyncClient()) < 0.8


@pytest.mark.parametrize("name", ["httpx", "httpx2", "aiohttp"])
def test_calls_on_a_frozen_clock_wait_at_the_same_time(name, good, fake):
    """On a frozen clock ten concurrent calls take as long as one, and the concurrency limit counts them."""
    method, url, headers, body = good
    fake.store.add_rule(Rule(latency=0.5))
    fake.store.set_limits(Limits(concurrency=2))

    async def with_httpx(library):
        async with library.AsyncClient(verify=False) as client:
            calls = [client.post(url, content=body, headers=headers) for _ in range(10)]
            return [answer.status_code for answer in await asyncio.gather(*calls)]

    async def with_aiohttp():
        async with aiohttp.ClientSession() as session:
            calls = [session.request(method, url, data=body, headers=headers) for _ in range(10)]
            return [answer.status for answer in await asyncio.gather(*calls)]

    with intercept(fake):
        asked = with_aiohttp() if name == "aiohttp" else with_httpx({"httpx": httpx, "httpx2": httpx2}[name])
        statuses = asyncio.run(asked)
    assert (statuses.count(200), statuses.count(429)) == (2, 8)
    assert fake.clock() == 1_790_000_000.5


def test_an_unknown_fault_is_an_error(client, good):
    """An unknown kind of fault raises, and the message names the known ones."""
    with intercept(Answering(lambda _: Fault("flood"))), pytest.raises(Exception, match=r"flood.*empty_reply.*reset"):
        client(*good)


def test_a_client_can_call_again_after_a_fault(client, good, fake):
    """After a fault the next call gets its answer."""
    with intercept(fake), intercept(Answering(lambda _: Fault("reset"))), pytest.raises(Exception):  # noqa: B017
        client(*good)
    with intercept(fake):
        assert client(*good).status == 200

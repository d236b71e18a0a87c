"""What users of a library do beyond a plain call: streams, sessions, retries, uploads, timeouts."""

import asyncio
import http.client
import json
import socket

import aiohttp
import httpx
import httpx2
import pytest
import requests
import urllib3
from helpers import Answering
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from emoji_mock import Rule, intercept
from emoji_mock.contract.exchange import Response
from emoji_mock.interceptors.registry import Interception

BIG = bytes(range(256)) * 400
ANSWER = Response(200, (("content-type", "application/octet-stream"),), BIG)


@pytest.mark.parametrize("library", [httpx, httpx2], ids=["httpx", "httpx2"])
def test_httpx_streams(library, good):
    """An answer can be read as a stream, raw or not, sync or async."""
    method, url, headers, body = good

    async def go():
        async with library.AsyncClient() as client, client.stream(method, url, headers=headers, content=body) as got:
            return b"".join([part async for part in got.aiter_bytes(1000)])

    with Interception(Answering(lambda _: ANSWER)):
        with library.stream(method, url, headers=headers, content=body) as got:
            assert b"".join(got.iter_raw(1000)) == BIG
        assert asyncio.run(go()) == BIG


@pytest.mark.parametrize("library", [httpx, httpx2], ids=["httpx", "httpx2"])
def test_httpx_sends_a_generated_body(library, good, fake):
    """A body that comes from a generator reaches the fake whole."""
    _, url, headers, body = good
    with intercept(fake):
        assert library.post(url, headers=headers, content=iter([body[:9], body[9:]])).status_code == 200


def test_requests_streams(good):
    """`iter_content` and `raw` return the bytes of the answer, and `elapsed` is set."""
    _, url, headers, body = good
    with Interception(Answering(lambda _: ANSWER)), requests.Session() as session:
        got = session.post(url, headers=headers, data=body, stream=True)
        assert b"".join(got.iter_content(1000)) == BIG
        assert session.post(url, headers=headers, data=body, stream=True).raw.read(10) == BIG[:10]
        assert got.elapsed.total_seconds() >= 0
        assert (got.history, got.reason, got.raw.version) == ([], "OK", 11)


def test_requests_sends_a_generated_body(good, fake):
    """A chunked upload reaches the fake whole."""
    _, url, headers, body = good
    with intercept(fake):
        assert requests.post(url, headers=headers, data=iter([body[:9], body[9:]]), timeout=5).status_code == 200


def test_requests_retries(good, fake):
    """An adapter with retries calls again after a 429, as on a real connection."""
    _, url, headers, body = good
    fake.store.add_rule(Rule(outcome="error", code="Throttling.RateQuota", times=2), "interceptors")
    retry = Retry(3, status_forcelist=[429], allowed_methods=None, backoff_factor=0)
    with intercept(fake), requests.Session() as session:
        session.mount("https://", HTTPAdapter(max_retries=retry))
        assert session.post(url, headers=headers, data=body).status_code == 200
    ledger = fake.store.ledgers()["interceptors"]
    assert (ledger.errors, ledger.passed) == (2, 1)


def test_urllib3_retries(good, fake):
    """A pool of urllib3 calls again after a 429."""
    method, url, headers, body = good
    fake.store.add_rule(Rule(outcome="error", code="Throttling.RateQuota", times=2), "interceptors")
    retry = Retry(3, status_forcelist=[429], allowed_methods=None, backoff_factor=0)
    with intercept(fake), urllib3.PoolManager() as pool:
        assert pool.request(method, url, headers=headers, body=body, retries=retry).status == 200
    ledger = fake.store.ledgers()["interceptors"]
    assert (ledger.errors, ledger.passed) == (2, 1)


def test_aiohttp_streams(good):
    """An answer can be read in parts, and a session sends several calls, at once too."""
    method, url, headers, body = good

    async def go():
        async with aiohttp.ClientSession() as session:

            async def one():
                async with session.request(method, url, headers=headers, data=body) as got:
                    return b"".join([part async for part in got.content.iter_chunked(1000)])

            return await asyncio.gather(*(one() for _ in range(20)))

    with Interception(Answering(lambda _: ANSWER)):
        assert asyncio.run(go()) == [BIG] * 20


def test_aiohttp_sends_a_generated_body(good, fake):
    """A chunked upload reaches the fake whole."""
    _, url, headers, body = good

    async def parts():
        yield body[:9]
        yield body[9:]

    async def go():
        async with aiohttp.ClientSession() as session, session.post(url, headers=headers, data=parts()) as got:
            return got.status

    with intercept(fake):
        assert asyncio.run(go()) == 200


def test_a_connection_of_http_client_is_used_again(good, fake):
    """One connection serves several calls, with an explicit `connect`, and a body that is a file or an iterator."""
    method, url, headers, body = good
    connection = http.client.HTTPSConnection("dashscope.aliyuncs.com")
    path = url.removeprefix("https://dashscope.aliyuncs.com")
    with intercept(fake):
        connection.connect()
        for sent in (body, iter([body[:9], body[9:]]), body):
            chunked = not isinstance(sent, bytes)
            connection.request(method, path, sent, headers, encode_chunked=chunked)
            assert json.loads(connection.getresponse().read())["usage"] == {"image_count": 1}


@pytest.fixture
def no_network(monkeypatch):
    """Fail every attempt to connect."""

    def refuse(*_, **__):
        raise OSError("this test has no network")

    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.usefixtures("no_network")
def test_a_session_that_outlives_an_interception_goes_to_the_network(good, fake):
    """After an interception its sessions go to the network; in the next one they reach the fake again."""
    _, url, headers, body = good
    pool = urllib3.PoolManager()
    connection = http.client.HTTPSConnection("dashscope.aliyuncs.com")
    for _ in range(2):
        with intercept(fake), requests.Session() as session:
            assert session.post(url, headers=headers, data=body).status_code == 200
            assert pool.request("POST", url, headers=headers, body=body).status == 200
            connection.request("POST", url, body, headers)
            assert connection.getresponse().read()
        with pytest.raises(requests.ConnectionError):
            session.post(url, headers=headers, data=body)
        with pytest.raises(urllib3.exceptions.HTTPError):
            pool.request("POST", url, headers=headers, body=body, retries=False)
        with pytest.raises(OSError, match="no network"):
            connection.request("POST", url, body, headers)
        connection.close()


@pytest.mark.parametrize("proxy", ["http://127.0.0.1:9", "http://user:word@127.0.0.1:9"])
def test_calls_to_the_vendor_use_no_proxy(proxy, good, fake, monkeypatch):
    """With a proxy in the environment the fake still answers for the vendor's hosts."""
    _, url, headers, body = good
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    with intercept(fake):
        assert httpx.post(url, headers=headers, content=body).status_code == 200
        assert httpx2.post(url, headers=headers, content=body).status_code == 200
        assert requests.post(url, headers=headers, data=body, timeout=5).status_code == 200
        with urllib3.ProxyManager(proxy) as pool:
            assert pool.request("POST", url, headers=headers, body=body).status == 200


def test_the_journal_shows_a_call_without_tls(client, good, fake):
    """Whichever library makes it, a call over http:// is in the journal in absolute form; one over https:// is not."""
    method, url, headers, body = good
    with intercept(fake):
        client(method, url, headers, body)
        client(method, url.replace("https://", "http://"), headers, body)
    path = "/api/v1/services/aigc/image2video/face-detect"
    targets = [entry.target for entry in fake.store.journal().entries]
    assert targets == [path, f"http://dashscope.aliyuncs.com{path}"]


def test_requests_names_its_own_pool(good, fake):
    """Messages of exceptions name the class and the port that requests names."""
    _, url, headers, body = good
    fake.store.add_rule(Rule(fault="stall", seconds=5))
    with intercept(fake), pytest.raises(requests.ReadTimeout) as caught:
        requests.post(url, headers=headers, data=body, timeout=0.01)
    assert (
        str(caught.value)
        == "HTTPSConnectionPool(host='dashscope.aliyuncs.com', port=443): Read timed out. (read timeout=0.01)"
    )


@pytest.mark.parametrize(
    ("fault", "error"), [("stall", urllib3.exceptions.ReadTimeoutError), ("garbage", urllib3.exceptions.ProtocolError)]
)
def test_urllib3_attributes_no_fault_to_a_proxy(good, fake, fault, error):
    """Behind a proxy, a fault after CONNECT raises what it raises without one."""
    method, url, headers, body = good
    fake.store.add_rule(Rule(fault=fault))
    with intercept(fake), urllib3.ProxyManager("http://127.0.0.1:9") as pool, pytest.raises(error):
        pool.request(method, url, headers=headers, body=body, retries=False, timeout=0.01)


def test_an_interceptor_that_fails_undoes_the_others(monkeypatch):
    """If a library does not have what an interceptor patches, the error is raised and all patches are undone."""
    from emoji_mock.interceptors import requests as interceptor

    def broken(_):
        raise KeyError("send")

    before = http.client.HTTPConnection.connect
    monkeypatch.setattr(interceptor.INTERCEPTOR, "install", broken)
    with pytest.raises(KeyError), Interception(Answering(lambda _: ANSWER)):
        pass
    assert http.client.HTTPConnection.connect is before


def test_requests_before_2_32_is_answered_too(good, fake):
    """An adapter that gets its connections by URL gets ours."""
    url = good[1]
    from emoji_mock.interceptors.requests import INTERCEPTOR, _pool

    get = INTERCEPTOR._pool_of_url(lambda _self, url, *_: ("theirs", url))
    assert get(None, "https://example.com/") == ("theirs", "https://example.com/")
    with intercept(fake):
        assert type(get(None, url)) is type(_pool(url))
    assert get(None, url) == ("theirs", url)

"""What a library's transport does itself goes on under interception: retries, limits, timeouts, hooks, 100 Continue."""

import asyncio
import http.client
import threading
from http.cookiejar import CookieJar

import aiohttp
import httpcore
import httpcore2
import httpx
import httpx2
import pytest
from helpers import Answering

import emoji_mock
from emoji_mock import Fake, intercept
from emoji_mock.contract.exchange import Response
from emoji_mock.interceptors.httpx_family import internals
from emoji_mock.interceptors.httpx_family.answers import HttpxAnswers
from emoji_mock.interceptors.httpx_family.connection import FakeConnection
from emoji_mock.interceptors.httpx_family.interceptor import HttpxInterceptor
from emoji_mock.interceptors.wire import RequestReader

HOST = "dashscope.aliyuncs.com"
URL = f"https://{HOST}/api/v1/services/aigc/image2video/face-detect"
LIBRARIES = pytest.mark.parametrize("library", [httpx, httpx2], ids=["httpx", "httpx2"])


def post(library, *, is_async, calls=1, **transport):
    """Call by a transport of one's own; return the status of each call."""
    if not is_async:
        with library.Client(transport=library.HTTPTransport(**transport)) as client:
            return [client.post(URL).status_code for _ in range(calls)]

    async def go():
        async with library.AsyncClient(transport=library.AsyncHTTPTransport(**transport)) as client:
            return [(await client.post(URL)).status_code for _ in range(calls)]

    return asyncio.run(go())


@LIBRARIES
@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
def test_a_transport_tries_again_to_connect(library, is_async):
    """`retries` of httpx's transports counts refused connections, and waits between them by the fake's clock."""
    with intercept() as api:
        api.clock.freeze()
        api.faults("refused", times=3)
        before = api.clock()
        assert post(library, is_async=is_async, retries=3) == [401]
        assert api.clock() - before == 0 + 0.5 + 1
        api.faults("refused", times=2)
        with pytest.raises(library.ConnectError, match="refused"):
            post(library, is_async=is_async, retries=1)
        assert len(api.calls) == 6


@LIBRARIES
@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
@pytest.mark.parametrize("fault", ["reset", "empty_reply", "truncated_body"])
def test_a_transport_tries_nothing_else_again(library, is_async, fault):
    """A connection that was made is not made again; the exception is the library's."""
    with intercept() as api:
        api.faults(fault, times=1)
        with pytest.raises(library.NetworkError if fault == "reset" else library.RemoteProtocolError) as caught:
            post(library, is_async=is_async, retries=3)
        assert str(caught.value.request.url) == URL
        assert len(api.calls) == 1


@LIBRARIES
def test_a_pool_has_its_limit_and_its_timeout(library):
    """While a response is read its place in the pool is taken; who waits too long for one gets PoolTimeout."""
    limits, timeout = library.Limits(max_connections=1), library.Timeout(5, pool=0.01)
    with intercept(), library.Client(limits=limits, timeout=timeout) as client:
        with client.stream("POST", URL) as first, pytest.raises(library.PoolTimeout):
            client.post(URL)
        assert (first.status_code, client.post(URL).status_code) == (401, 401)


@LIBRARIES
def test_an_async_pool_has_its_limit_and_its_timeout(library):
    """So it is in an event loop."""

    async def go():
        limits, timeout = library.Limits(max_connections=1), library.Timeout(5, pool=0.01)
        async with library.AsyncClient(limits=limits, timeout=timeout) as client:
            async with client.stream("POST", URL):
                with pytest.raises(library.PoolTimeout):
                    await client.post(URL)
            return (await client.post(URL)).status_code

    with intercept():
        assert asyncio.run(go()) == 401


@LIBRARIES
def test_no_connection_outlives_its_exchange(library):
    """Nothing waits in the pool after a call, so that a client that outlives a fake never calls it."""
    with library.Client() as client:
        for _ in range(2):
            with intercept() as api:
                assert client.post(URL).status_code == 401
                assert len(api.calls) == 1
        assert client._transport._pool.connections == []


@LIBRARIES
@pytest.mark.parametrize("proxy", ["http://127.0.0.1:9", "https://user:word@127.0.0.1:9"])
def test_the_fake_answers_behind_a_proxy(library, proxy):
    """A transport with a proxy reaches the fake, which no proxy could."""
    with intercept():
        assert post(library, is_async=False, proxy=proxy) == post(library, is_async=True, proxy=proxy) == [401]


@LIBRARIES
def test_event_hooks_are_called(library):
    """Hooks see the request and the response."""
    seen = []
    with intercept(), library.Client(event_hooks={"request": [seen.append], "response": [seen.append]}) as client:
        client.post(URL)
    assert [str(each.url) for each in seen] == [URL, URL]


class _Jar(CookieJar):
    """A jar that counts how often it is asked to keep cookies."""

    asked = 0

    def extract_cookies(self, response, request):
        self.asked += 1
        super().extract_cookies(response, request)


@LIBRARIES
def test_cookies_are_kept(library):
    """A client keeps what `Set-Cookie` of an answer says."""
    fake = Answering(lambda _: Response(200, (("Set-Cookie", "one=1"), ("set-cookie", "two=2; Path=/other")), b""))
    with intercept(fake), library.Client() as client:
        client.post(URL)
        kept = {(each.name, each.value, each.path) for each in client.cookies.jar}
    assert kept == {("one", "1", "/api/v1/services/aigc/image2video"), ("two", "2", "/other")}


@pytest.mark.parametrize(("headers", "asked"), [((), 0), ((("set-cookie2", "a=1"),), 1)], ids=["none", "Set-Cookie2"])
def test_jars_are_asked_for_cookies_alone(headers, asked, monkeypatch):
    """The jar of httpx itself is asked only where an answer has cookies, a jar of the user's class always."""
    jars, own = (CookieJar(), _Jar()), []
    monkeypatch.setattr(CookieJar, "extract_cookies", lambda jar, *_: own.append(jar))
    with intercept(Answering(lambda _: Response(200, headers, b""))):
        for jar in jars:
            httpx.Client(cookies=jar).post(URL)
    assert (own.count(jars[0]), own.count(jars[1]), jars[1].asked) == (asked, 1, 1)


@pytest.mark.parametrize("host", [HOST, "example.org"])
def test_cookies_of_a_response_without_a_request_are_refused(host):
    """A response that is not yet bound to a request gets the error of httpx itself, as without a fake."""
    cookies, bound = httpx.Cookies(), httpx.Response(200, request=httpx.Request("GET", f"https://{host}/"))
    with intercept():
        cookies.extract_cookies(bound)
        with pytest.raises(RuntimeError, match="request instance has not been set"):
            cookies.extract_cookies(httpx.Response(200))
    assert not cookies


class _Waiting(FakeConnection):
    """A connection that was made before the fake and waits for a call."""

    def is_available(self):
        return True

    def can_handle_request(self, origin):
        return origin.host == HOST.encode()

    def handle_request(self, request):
        raise AssertionError(request)

    handle_async_request = handle_request


@LIBRARIES
def test_a_connection_that_was_made_before_the_fake_is_not_used(library):
    """An open connection to the vendor is closed; the call reaches the fake."""
    with intercept(), library.Client() as client:
        waiting = _Waiting(None, None, 0)
        client._transport._pool._connections.append(waiting)
        assert client.post(URL).status_code == 401
        assert waiting.is_closed()

    async def go():
        async with library.AsyncClient() as client:
            client._transport._pool._connections.append(_Waiting(None, None, 0))
            return (await client.post(URL)).status_code

    with intercept():
        assert asyncio.run(go()) == 401


@pytest.mark.parametrize("core", [httpcore, httpcore2], ids=["httpcore", "httpcore2"])
def test_httpcore_itself_is_answered(core):
    """A caller of httpcore reaches the fake, and gets httpcore's own exceptions."""
    with intercept() as api:
        assert core.request("POST", URL).status == 401
        api.faults("truncated_body", times=1)
        with pytest.raises(core.RemoteProtocolError, match="received"):
            core.request("POST", URL)
        api.faults("stall", times=1)
        with pytest.raises(core.ReadTimeout):
            core.request("POST", URL, extensions={"timeout": {"read": 0.01}})


@pytest.mark.parametrize("core", [httpcore, httpcore2], ids=["httpcore", "httpcore2"])
def test_a_connection_has_all_that_a_pool_asks_for(core):
    """The methods of httpcore's connections, sync and async, exist."""
    for interface in (core.ConnectionInterface, core.AsyncConnectionInterface):
        theirs = {name for name in vars(interface) if not name.startswith("_")}
        assert {name for name in theirs if not hasattr(FakeConnection, name)} == set()


@LIBRARIES
def test_the_internals_of_httpx_are_there(library):
    """The pool of a transport, its places and retries, and a client's choice of a transport are where they are looked up."""
    assert (
        "HTTPTransport._pool",
        "AsyncHTTPTransport._pool",
        "ConnectionPool._retries",
        "AsyncConnectionPool._retries",
        "Client._transport_for_url",
        "AsyncClient._transport_for_url",
        *[f"ConnectionPool.{name}" for name in internals.PLACES],
        *[f"AsyncConnectionPool.{name}" for name in internals.PLACES],
        "Headers._list",
    ) == internals.INTERNALS
    for transport in (library.HTTPTransport(retries=7), library.AsyncHTTPTransport(retries=7)):
        assert internals.retries_of(internals.pool_of(transport)) == 7
        assert internals.has_places(internals.pool_of(transport))
    assert internals.pool_of(object()) is None
    assert internals.has_header_list(library.Headers)
    for kind, bare in ((library.Client, library.HTTPTransport), (library.AsyncClient, library.AsyncHTTPTransport)):
        usual, mounted = bare(), bare()
        client = kind(transport=usual, mounts={"all://*.aliyuncs.com": mounted})
        choose = vars(kind)[internals.CHOOSE_TRANSPORT]
        assert choose(client, library.URL(URL)) is mounted
        assert choose(client, url=library.URL("https://example.org/")) is usual


@LIBRARIES
def test_headers_are_the_same_by_their_list_and_without_it(library, monkeypatch):
    """A response has the headers that httpx would have made of the same pairs, whichever way they are made."""
    pairs = (("X-Request-ID", "1"), ("x-request-id", "2"), ("date", "Sat"))
    request, port = library.Request("GET", URL), Answering(lambda _: Response(200, pairs, b""))
    by_list = HttpxAnswers(library).answer(request, port).headers
    monkeypatch.setattr(internals, "HEADERS", "_other")
    without = HttpxAnswers(library).answer(request, port).headers
    for made in (by_list, without):
        assert (made.raw, made.encoding) == (library.Headers([*pairs, ("content-length", "0")]).raw, "ascii")
        assert (made["X-request-id"], made.get_list("x-REQUEST-id")) == ("1, 2", ["1", "2"])


@LIBRARIES
@pytest.mark.parametrize(("sent", "read"), [("é", "é"), ("Ã©", "é")])  # ISO 8859-1, and UTF-8
def test_a_header_that_is_not_ascii_is_read_as_the_library_reads_it(library, sent, read):
    """A recorded answer may have one."""
    port = Answering(lambda _: Response(200, (("x-note", sent),), b""))
    assert HttpxAnswers(library).answer(library.Request("GET", URL), port).headers["x-note"] == read


@LIBRARIES
@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
def test_httpcore_assigns_the_places_where_its_internals_are_others(library, is_async, monkeypatch):
    """With a pool that has other attributes than `PLACES`, calls go through its queue, with its limit."""
    monkeypatch.setattr(internals, "PLACES", (*internals.PLACES, "_other"))
    interceptor = HttpxInterceptor(library)
    assert not interceptor._core.pools
    uninstall = interceptor.install(Fake())
    try:
        assert post(library, is_async=is_async, calls=2, limits=library.Limits(max_connections=1)) == [401, 401]
    finally:
        uninstall()


@LIBRARIES
def test_a_transport_without_a_pool_is_answered(library):
    """A subclass of a transport that makes no pool of its own reaches the fake, too."""

    class Bare(library.HTTPTransport):
        def __init__(self):
            pass

    with intercept():
        assert library.Client(transport=Bare()).post(URL).status_code == 401


async def _expecting(url, **given):
    timeout = aiohttp.ClientTimeout(total=5)
    async with aiohttp.ClientSession(timeout=timeout) as session, session.post(url, **given) as response:
        return response.status


@pytest.mark.parametrize("given", [{"expect100": True}, {"headers": {"Expect": "100-Continue"}}], ids=str)
def test_aiohttp_gets_100_continue(given, site):
    """A client that waits for 100 Continue before it sends its body gets it, as on the socket."""
    _, address = site
    body = {"data": b"{}", **given}
    with intercept() as api:
        assert asyncio.run(_expecting(URL, **body)) == 401
        assert len(api.calls) == 1
    assert asyncio.run(_expecting(URL.replace(f"https://{HOST}", address), **body)) == 401


def test_http_client_gets_100_continue():
    """A caller of http.client may wait for it by reading, and gets the answer after the body."""
    with intercept() as api:
        connection = http.client.HTTPSConnection(HOST)
        connection.putrequest("POST", URL.removeprefix(f"https://{HOST}"))
        connection.putheader("Expect", "100-continue")
        connection.putheader("Content-Length", "2")
        connection.endheaders()
        assert connection.sock.makefile("rb").readline() == b"HTTP/1.1 100 Continue\r\n"
        connection.send(b"{}")
        assert connection.getresponse().status == 401
        assert len(api.calls) == 1


@pytest.mark.parametrize(
    ("head", "waits"),
    [
        (b"POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n", True),
        (b"POST / HTTP/1.1\r\nEXPECT: 100-Continue\r\nTransfer-Encoding: chunked\r\n\r\n", True),
        (b"POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n", False),
        (b"POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\n", False),
        (b"POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx", False),
        (b"POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nx", False),
    ],
)
def test_a_client_waits_once_for_100_continue(fake, head, waits):
    """It waits if it says so in HTTP/1.1 and has not begun its body (RFC 9110, 10.1.1)."""
    reader = RequestReader(fake)
    reader.feed(head)
    assert [reader.take_continue(), reader.take_continue()] == [waits, False]


def test_aiohttp_traces_and_limits_its_connections():
    """Trace configurations see each step, and who exceeds a connector's limit waits, as on the socket."""
    seen = []
    trace = aiohttp.TraceConfig()
    for name in ("connection_queued_start", "connection_create_start", "connection_create_end", "request_end"):

        async def note(*_, name=name):
            seen.append(name)

        getattr(trace, f"on_{name}").append(note)

    async def go():
        connector = aiohttp.TCPConnector(limit=1)
        async with aiohttp.ClientSession(connector=connector, trace_configs=[trace]) as session:

            async def call():
                async with session.post(URL) as response:
                    await asyncio.sleep(0)
                    return response.status

            return await asyncio.gather(call(), call())

    with intercept():
        assert asyncio.run(go()) == [401, 401]
    first, second = ["connection_create_start", "connection_create_end"], ["connection_queued_start"]
    assert sorted(seen) == sorted([*first, *first, *second, "request_end", "request_end"])


def test_a_connector_of_ones_own_is_answered():
    """A connector that makes its connections itself, or that has one open, reaches the fake, too."""

    class Own(aiohttp.TCPConnector):
        async def _create_connection(self, *_):
            raise AssertionError

    async def go(connector):
        async with aiohttp.ClientSession(connector=connector) as session, session.post(URL) as response:
            return response.status

    async def own():
        return await go(Own())

    async def with_open_connection():
        connector = aiohttp.TCPConnector()
        real = connector._conns

        class Open(type(real)):
            def __contains__(self, key):
                return key.host == HOST

        connector._conns = Open()
        try:
            return await go(connector)
        finally:
            connector._conns = real

    with intercept():
        assert asyncio.run(own()) == 401
        assert asyncio.run(with_open_connection()) == 401


def test_aiohttp_still_has_what_we_use():
    """The functions and attributes that the interceptor names, and other tools replace, exist."""
    assert "_create_connection" in vars(aiohttp.TCPConnector)
    assert "_request" in vars(aiohttp.ClientSession)

    async def go():
        connector = aiohttp.TCPConnector()
        async with aiohttp.ClientSession("https://example.org", connector=connector) as session:
            return session._base_url.host, len(connector._conns)

    assert asyncio.run(go()) == ("example.org", 0)


def test_threads_share_a_pool():
    """Many threads may call by one client with few connections."""
    got = []
    with intercept(), httpx.Client(limits=httpx.Limits(max_connections=2)) as client:
        threads = [threading.Thread(target=lambda: got.append(client.post(URL).status_code)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
    assert got == [401] * 8
    assert not emoji_mock.interceptors.httpx.INTERCEPTOR.port

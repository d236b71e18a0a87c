"""The clients of the interceptors' tests: each library in each of its modes, behind one signature."""

import http.client
import json
import socketserver
import ssl
import threading
import urllib.error
import urllib.request
from functools import partial
from http.server import BaseHTTPRequestHandler
from typing import NamedTuple
from urllib.parse import urlsplit

import aiohttp
import anyio
import httpx
import httpx2
import pytest
import requests
import urllib3
from servers import running

from emoji_mock import Fake, Options
from emoji_mock.server.app import Front

URL = "https://dashscope.aliyuncs.com/api/v1/services/aigc/image2video/face-detect"
HEADERS = {"content-type": "application/json", "authorization": "Bearer sk-mock-interceptors"}

TLS = ssl.create_default_context()  # made once: it takes 20 ms or more


def body_of(image_url="https://emoji-mock.test/passed/640x800.png", **changes):
    """Return the JSON body of a good call, with its top-level fields changed."""
    sent = {"model": "emoji-detect-v1", "input": {"image_url": image_url}, "parameters": {"ratio": "1:1"}, **changes}
    return json.dumps(sent).encode()


class Answer(NamedTuple):
    """What a client received."""

    status: int
    headers: list
    body: bytes


def _sync(library):
    def call(method, url, headers, body, timeout=5.0):
        with library.Client(verify=False, timeout=timeout) as client:
            response = client.request(method, url, headers=headers, content=body)
            assert response.elapsed is not None
            return Answer(response.status_code, response.headers.multi_items(), response.content)

    return call


def _async(library, backend):
    def call(method, url, headers, body, timeout=5.0):
        async def go():
            async with library.AsyncClient(verify=False, timeout=timeout) as client:
                response = await client.request(method, url, headers=headers, content=body)
                return Answer(response.status_code, response.headers.multi_items(), response.content)

        return anyio.run(go, backend=backend)

    return call


def _requests(method, url, headers, body, timeout=5.0):
    with requests.Session() as session:
        session.trust_env = False
        response = session.request(method, url, headers=headers, data=body, timeout=timeout)
        return Answer(response.status_code, list(response.raw.headers.items()), response.content)


def _urllib3(method, url, headers, body, timeout=5.0):
    with urllib3.PoolManager() as pool:
        response = pool.request(method, url, headers=headers, body=body, retries=False, timeout=timeout)
        return Answer(response.status, list(response.headers.items()), response.data)


def _http_client(method, url, headers, body, timeout=5.0, address=None):
    parts = urlsplit(url)
    plain = address is not None or parts.scheme == "http"
    where = address or (parts.hostname, parts.port)
    kind = http.client.HTTPConnection if plain else partial(http.client.HTTPSConnection, context=TLS)
    connection = kind(*where, timeout=timeout)
    try:
        connection.request(method, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), body, headers)
        response = connection.getresponse()
        return Answer(response.status, response.getheaders(), response.read())
    finally:
        connection.close()


def _urlopen(method, url, headers, body, timeout=5.0):
    request = urllib.request.Request(url, body, headers, method=method)  # noqa: S310
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=TLS))
    try:
        with opener.open(request, timeout=timeout) as response:
            return Answer(response.status, response.getheaders(), response.read())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, list(error.headers.items()), error.read())


def _aiohttp(method, url, headers, body, timeout=5.0):
    async def go():
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(sock_read=timeout)) as session,
            session.request(method, url, headers=headers, data=body) as response,
        ):
            return Answer(response.status, list(response.headers.items()), await response.read())

    return anyio.run(go)


CLIENTS = {
    "httpx": _sync(httpx),
    "httpx-asyncio": _async(httpx, "asyncio"),
    "httpx-trio": _async(httpx, "trio"),
    "httpx2": _sync(httpx2),
    "httpx2-asyncio": _async(httpx2, "asyncio"),
    "httpx2-trio": _async(httpx2, "trio"),
    "requests": _requests,
    "urllib3": _urllib3,
    "http.client": _http_client,
    "urllib.request": _urlopen,
    "aiohttp": _aiohttp,
}


def through_transport(library, fake):
    """Return a client function over the library's `MockTransport`."""
    name = {httpx: "httpx", httpx2: "httpx2"}[library]
    transport = __import__(f"emoji_mock.interceptors.{name}", fromlist=["transport"]).transport(fake)

    def call(method, url, headers, body, timeout=5.0):
        with library.Client(transport=transport, timeout=timeout) as client:
            response = client.request(method, url, headers=headers, content=body)
            return Answer(response.status_code, response.headers.multi_items(), response.content)

    return call


def through_asgi(fake):
    """Return a client function over httpx's `ASGITransport` and the ASGI app."""

    def call(method, url, headers, body):
        async def go():
            async with httpx.AsyncClient(transport=httpx.ASGITransport(Front(fake))) as client:
                response = await client.request(method, url, headers=headers, content=body)
                return Answer(response.status_code, response.headers.multi_items(), response.content)

        return anyio.run(go)

    return call


@pytest.fixture(params=CLIENTS)
def client(request):
    """Each client in turn."""
    return CLIENTS[request.param]


@pytest.fixture(scope="session")
def over_a_socket():
    """Yield a client function that talks to a live server over a real socket."""
    with running(Fake(Options(seed=7))) as live:  # boxes as those of the fixture `fake`

        def call(method, url, headers, body):
            named = {"host": urlsplit(url).netloc, **headers}
            return _http_client(method, url, named, body, address=live.address)

        yield call


@pytest.fixture(scope="module")
def site():
    """Yield a fake on a real socket, and its address."""
    with running(Fake(Options(seed=7))) as live:
        yield live.fake, live.url


@pytest.fixture
def clients(fake):
    """Every way in to `fake`: the clients of this process, and the ready transports."""
    return {
        **CLIENTS,
        "httpx.MockTransport": through_transport(httpx, fake),
        "httpx2.MockTransport": through_transport(httpx2, fake),
        "ASGITransport": through_asgi(fake),
    }


@pytest.fixture
def good():
    """Return the arguments of a call that passes."""
    return "POST", URL, HEADERS, body_of()


@pytest.fixture
def elsewhere():
    """Yield the address of a host that is not the vendor's, on loopback; it answers everything with `elsewhere`."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers.get("content-length") or 0))
            self.send_response(200)
            self.send_header("content-length", "9")
            self.end_headers()
            self.wfile.write(b"elsewhere")

        def log_message(self, *_):
            """Say nothing."""

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as site:
        thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{site.server_address[1]}/"
        site.shutdown()
        thread.join()

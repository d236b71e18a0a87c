"""The preload for Python with the HTTP clients of Python, each as its users have it."""

import json
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # the process imports every client

PLAIN = {"urllib_http", "socket_by_name", "socket_by_gethostbyname", "socket_connect_ex"}
SECURE = {
    "urllib_https",
    "urllib3",
    "requests",
    "httpx",
    "httpx2",
    "httpx_async",
    "httpx2_async",
    "httpx_on_trio",
    "httpx_on_uvloop",
    "aiohttp",
    "aiohttp_on_uvloop",
    "aiohttp_with_aiodns",
    "asyncio_streams",
    "asyncio_streams_on_uvloop",
    "anyio",
    "anyio_on_trio",
    "anyio_on_uvloop",
    "ssl_after_lookup_without_port",
    "ssl_of_certifi",
    "ssl_of_truststore",
    "sdk",
    "sdk_async",
}


@pytest.fixture(scope="module")
def answers(programs):
    """What each client got, in one process."""
    done = programs.run(sys.executable, Path(__file__).with_name("python_clients.py"))
    return json.loads(done.stdout)


@pytest.mark.parametrize("client", sorted(PLAIN | SECURE))
def test_a_client_reaches_the_fake(answers, client):
    """A client that is not configured reaches the fake: its TLS port, or its plain port for port 80."""
    if str(answers[client]).startswith("not installed"):
        pytest.skip(answers[client])
    assert answers[client] == {
        "listener": "plain" if client in PLAIN else "TLS",
        "host": "dashscope.aliyuncs.com",
    }


def test_every_client_has_an_expectation(answers):
    """No client is tried without being held."""
    assert set(answers) == PLAIN | SECURE

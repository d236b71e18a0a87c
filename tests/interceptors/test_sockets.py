"""The fake socket as urllib3-future uses it, and what that fork of urllib3 asks of the interceptors."""

import select
import subprocess
import sys
from types import SimpleNamespace
from typing import overload

import pytest
import urllib3
from helpers import body

from emoji_mock import Fake, intercept
from emoji_mock.interceptors.originals import own_function
from emoji_mock.interceptors.sockets import FakeSocket

URL = "https://dashscope.aliyuncs.com/api/v1/services/aigc/image2video/face-detect"
HEADERS = {"content-type": "application/json", "authorization": "Bearer sk-mock-test"}
IS_FUTURE = int(urllib3.__version__.split(".")[2]) >= 900
REQUEST = (
    b"POST /api/v1/services/aigc/image2video/face-detect HTTP/1.1\r\nHost: dashscope.aliyuncs.com\r\n"
    b"Authorization: Bearer sk-mock-test\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
)


class Overloaded:
    """A class with a function of several declared types, as urllib3-future's pools have."""

    @overload
    def call(self, value: int) -> int: ...
    @overload
    def call(self, value: str) -> str: ...
    def call(self, value):
        """Return the value."""
        return value


def test_the_answer_is_read_in_pieces_and_the_connection_is_not_kept():
    """Bytes come by `recv`, each request has its answer, and a pool sees a connection that has ended."""
    connection = SimpleNamespace(host="dashscope.aliyuncs.com", port=443, default_port=443, timeout=5, sock=None)
    fake_socket = connection.sock = FakeSocket(connection, Fake(), lambda _, error: error)
    for _ in range(2):
        fake_socket.sendall(REQUEST % (len(body()), body()))
        came = b""
        while part := fake_socket.recv(100):
            assert len(part) <= 100
            came += part
        assert came.startswith(b"HTTP/1.1 200 OK\r\n")
        assert b'"bbox_face":[' in came
    assert select.select([fake_socket], [], [], 0)[0] == [fake_socket]
    assert (fake_socket.getpeername(), fake_socket.getsockopt(1, 9)) == (("127.0.0.1", 443), 0)


def test_declarations_of_a_function_are_not_the_function(monkeypatch):
    """The function of a class is found among its `overload` declarations, while another one stands in its place."""
    own = Overloaded.call
    monkeypatch.setattr(Overloaded, "call", lambda *_: None)
    assert own_function(Overloaded, "call", None) is own


def test_nothing_need_be_loaded_before_the_interceptors():
    """A library that has not loaded `http.client` itself, as urllib3-future, may be the first to need an interceptor."""
    code = (
        "import sys, emoji_mock; sys.modules.pop('http.client', None)\n"
        "with emoji_mock.intercept(): import emoji_mock.interceptors.sockets, urllib3, requests"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.skipif(not IS_FUTURE, reason="needs urllib3-future in place of urllib3")
def test_urllib3_future():
    """Where urllib3-future stands in place of urllib3, its pools are answered, request by request, and requests is."""
    import requests

    with intercept() as emoji_api, urllib3.PoolManager() as pool, requests.Session() as session:
        for _ in range(2):
            assert pool.request("POST", URL, body=body(), headers=HEADERS).status == 200
            assert session.post(URL, data=body(), headers=HEADERS).status_code == 200
        emoji_api.faults("reset", times=1)
        with pytest.raises(requests.ConnectionError):
            session.post(URL, data=body(), headers=HEADERS)
        assert len(emoji_api.calls) == 5

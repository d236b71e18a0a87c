"""Which hosts the proxy connects to, and through which other proxy."""

import asyncio
import base64
import socket

import pytest
from proxy_lab import read_head, read_to_end

from emoji_mock.server.proxy import destinations
from emoji_mock.server.proxy.destinations import Destinations
from emoji_mock.server.proxy.heads import Destination
from emoji_mock.server.proxy.problems import ProxyError
from emoji_mock.server.tls.notices import Notice, NoticeKind

INTERNAL = " is this machine itself, link-local, multicast or a cloud's metadata"


def connect(where, host, port=80):
    """Try to connect, and return why it was refused."""

    async def tried():
        found = Destination(host, port)
        await where.connect(found, where.find_proxy(found, "http"), asyncio.Protocol(), tunnel=True)

    with pytest.raises(ProxyError) as caught:
        asyncio.run(tried())
    return caught.value.status, caught.value.reason, caught.value.kind


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "localhost", "0.0.0.0", "0", "127.1", "0x7f.1", "0177.0.0.1", "2130706433", "::1", "::"),
        *("169.254.169.254", "2852039166", "0xa9fea9fe", "0xA9.0xFE.0xA9.0xFE", "fe80::1", "::ffff:169.254.169.254"),
        *("100.100.100.200", "64:ff9b::6464:64c8", "fd00:ec2::254"),
    ],
)
@pytest.mark.parametrize("environ", [{}, {"HTTP_PROXY": "http://127.0.0.1:9"}], ids=["directly", "through a proxy"])
def test_a_proxy_for_other_machines_reaches_nothing_internal(host, environ):
    """However the address is written, and also where another proxy would connect to it."""
    where = Destinations(offline=False, open_to_others=True, environ=environ)
    assert connect(where, host) == (403, f"{host}{INTERNAL}", NoticeKind.REFUSED)


def test_a_name_is_looked_up_once_and_all_its_addresses_are_checked(monkeypatch):
    """So that it cannot be another one when it is connected to."""
    asked = []

    def answer(host, *_, **__):
        asked.append(host)
        public = (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("93.184.216.34", 80))
        return [public, (*public[:4], ("169.254.169.254", 80))]

    where = Destinations(offline=False, open_to_others=True, environ={})
    monkeypatch.setattr(socket, "getaddrinfo", answer)
    assert connect(where, "rebound.example") == (403, f"rebound.example{INTERNAL}", NoticeKind.REFUSED)
    assert asked == ["rebound.example"]


@pytest.mark.parametrize(
    "vendor", ["dashscope.aliyuncs.com", "DASHSCOPE.aliyuncs.com.", "x.y.cn-beijing.maas.aliyuncs.com"]
)
def test_a_name_that_stands_for_the_vendor_is_not_connected_to(monkeypatch, vendor):
    """A search domain of the system's may make the vendor's host of a short name."""
    found = (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, vendor, ("127.0.0.1", 9))
    where = Destinations(offline=False, open_to_others=False, environ={})
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [found])
    reason = "dashscope is the vendor's, which emoji-mock never calls"
    assert connect(where, "dashscope") == (403, reason, NoticeKind.REFUSED)


@pytest.mark.parametrize(
    ("number", "problem"),
    [(socket.EAI_NONAME, "no such host"), (socket.EAI_AGAIN, "its name cannot be looked up now")],
)
def test_a_name_without_an_address_is_reported(monkeypatch, number, problem):
    """Whether it does not exist or the system cannot say."""

    def fail(*_, **__):
        raise socket.gaierror(number, "")

    where = Destinations(offline=False, open_to_others=False, environ={})
    monkeypatch.setattr(socket, "getaddrinfo", fail)
    reason = f"a.example port 80 cannot be reached: {problem}"
    assert connect(where, "a.example") == (502, reason, NoticeKind.UNREACHABLE)


@pytest.fixture
def unanswered():
    """The port of a listener that is full, so that it answers no connection."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:
            one.settimeout(0)
            one.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]
        for one in waiting:
            one.close()


class Closing(asyncio.Protocol):
    """Closes its connection at once."""

    def connection_made(self, transport):
        transport.close()


def test_an_address_that_does_not_answer_is_given_up(monkeypatch, unanswered):
    """With 504."""
    monkeypatch.setattr(destinations, "CONNECT_SECONDS", 0.05)
    where = Destinations(offline=False, open_to_others=False, environ={})
    reason = f"127.0.0.1 port {unanswered} did not answer in 0 seconds"
    assert connect(where, "127.0.0.1", unanswered) == (504, reason, NoticeKind.UNREACHABLE)


def test_the_next_address_is_tried(monkeypatch, origin, unanswered):
    """Where one is refused, and where one does not answer."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        refused = closed.getsockname()[1]
    common = (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "")
    found = [(*common, ("127.0.0.1", port)) for port in (refused, unanswered, origin.port)]
    monkeypatch.setattr(destinations, "_ATTEMPT_SECONDS", 0.05)
    where = Destinations(offline=False, open_to_others=False, environ={})

    async def tried():
        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", look_up)
        await where.connect(Destination("a.example", 1), None, Closing(), tunnel=True)

    async def look_up(*_, **__):
        return found

    asyncio.run(tried())
    origin.accept()


def test_others_are_reached_through_the_user_s_own_proxy(proxy_with, origin):
    """A tunnel through it, and a request in absolute-form to it, both with the credentials that it wants."""
    environ = {"ALL_PROXY": f"http://user:secret@127.0.0.1:{origin.port}"}
    proxy = proxy_with(environ=environ)
    via = proxy.destinations.via
    wanted = f"Proxy-Authorization: Basic {base64.b64encode(b'user:secret').decode()}\r\n"
    with proxy.connect() as client:
        client.sendall(b"CONNECT other.example:443 HTTP/1.1\r\nHost: a\r\nProxy-Authorization: Basic YTpi\r\n\r\nearly")
        with origin.accept() as accepted:
            head = f"CONNECT other.example:443 HTTP/1.1\r\nHost: other.example:443\r\nVia: {via}\r\n{wanted}\r\n"
            assert read_head(accepted).decode() == head
            accepted.sendall(b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\n")
            accepted.sendall(b"X: 1\r\n\r\nbanner")
            assert accepted.recv(100) == b"early"
        assert read_to_end(client) == b"HTTP/1.1 200 Connection established\r\n\r\nbanner"
    with proxy.connect() as client:
        client.sendall(b"GET http://other.example/a HTTP/1.1\r\nHost: a\r\n\r\n")
        with origin.accept() as accepted:
            head = f"GET http://other.example/a HTTP/1.1\r\nHost: other.example\r\nVia: {via}\r\n{wanted}Connection: close\r\n\r\n"
            assert read_head(accepted).decode() == head


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"HTTP/1.1 407 Authentication Required\r\n\r\n", "it answered 407"),
        (b"HTTP/1.1 503 Busy\r\nContent-Length: 1\r\n\r\nx", "it answered 503"),
        (b"SSH-2.0-x\r\n\r\n", "what it answered is not HTTP"),
        (b"", "it closed the connection"),
    ],
)
def test_a_refusal_of_the_user_s_proxy_is_reported(proxy_with, origin, answer, why):
    """As a bad gateway, with what it said, and never with its password."""
    proxy = proxy_with(environ={"HTTPS_PROXY": f"http://user:secret@127.0.0.1:{origin.port}"})
    with proxy.connect() as client:
        client.sendall(b"CONNECT other.example:443 HTTP/1.1\r\nHost: a\r\n\r\n")
        with origin.accept() as accepted:
            read_head(accepted)
            accepted.sendall(answer)
        reason = f"the proxy of your environment, 127.0.0.1:{origin.port}, opens no tunnel: {why}"
        received = read_to_end(client)
        assert received.startswith(f"HTTP/1.1 502 emoji-mock: {reason}\r\n".encode())
        assert b"secret" not in received
    assert proxy.notices.counts() == {Notice(NoticeKind.UNREACHABLE, "other.example", "", reason): 1}


def test_proxies_can_stand_in_a_row(proxy_with, origin):
    """Through a second one of ours to the host."""
    second = proxy_with()
    first = proxy_with(environ={"HTTPS_PROXY": second.url, "HTTP_PROXY": second.url})
    with first.tunnel(origin.port) as client, origin.accept() as accepted:
        client.sendall(b"a")
        assert accepted.recv(1) == b"a"
    with first.connect() as client:
        client.sendall(f"GET http://127.0.0.1:{origin.port}/ HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        with origin.accept() as accepted:
            assert read_head(accepted).startswith(b"GET / HTTP/1.1\r\n")


@pytest.mark.parametrize("head", ["CONNECT a.example:443", "GET http://a.example/"])
def test_a_circle_of_proxies_ends(proxy_with, head):
    """Where the environment names the proxy itself, a request comes back once."""
    proxy = proxy_with(environ={"ALL_PROXY": "http://127.0.0.1:1"})
    proxy.destinations._proxies = destinations.UserProxies({"ALL_PROXY": proxy.url})
    answer = proxy.ask(f"{head} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
    assert b"508" in answer.partition(b"\r\n\r\n")[0]

"""What the proxy does with a connection: the fake, another host, or a refusal."""

import socket
import struct

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from proxy_lab import wait_for

from emoji_mock.server.proxy import connection as proxy_connection
from emoji_mock.server.tls.handshake import Arrival
from emoji_mock.server.tls.notices import Notice, NoticeKind

VENDOR = "dashscope.aliyuncs.com"
GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


def answer_of(connection):
    """Return the status line and the text of a refusal."""
    head, _, text = connection.partition(b"\r\n\r\n")
    assert b"\r\nConnection: close" in head
    assert f"Content-Length: {len(text)}\r\n".encode() in head
    line = head.partition(b"\r\n")[0].decode()
    assert line[12:25] == " emoji-mock: "  # many clients show nothing else
    return line.replace("emoji-mock: ", "", 1), text.decode()


@pytest.mark.parametrize(
    ("authority", "host", "secure"),
    [
        (f"{VENDOR}:443", VENDOR, True),
        ("DashScope.Aliyuncs.COM.:443", VENDOR, True),
        (f"{VENDOR}:8443", VENDOR, True),
        (f"{VENDOR}:80", VENDOR, False),
        ("a-1.cn-beijing.maas.aliyuncs.com:443", "a-1.cn-beijing.maas.aliyuncs.com", True),
        ("a_b.cn-beijing.maas.aliyuncs.com:443", "a_b.cn-beijing.maas.aliyuncs.com", True),
        ("vpc-cn-beijing.dashscope.aliyuncs.com:443", "vpc-cn-beijing.dashscope.aliyuncs.com", True),
        ("dashscope-new.aliyuncs.com:443", "dashscope-new.aliyuncs.com", True),
    ],
)
@pytest.mark.parametrize("early", [b"", b"\x16\x03\x01 the begin of TLS"])
def test_a_tunnel_to_the_vendor_ends_at_the_fake(proxy, authority, host, secure, early):
    """It is secure unless the port is 80; what the client sends early goes along."""
    head = f"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\nUser-Agent: an-agent/1\r\n\r\n"
    assert proxy.ask(head.encode() + early) == b"HTTP/1.1 200 Connection established\r\n\r\nFAKE"
    assert proxy.attached.get(timeout=10) == (Arrival(host, "an-agent/1", secure), early)


def test_a_request_for_the_vendor_goes_to_the_fake(proxy):
    """It is as a server gets it, and the connection ends with it, as the next request may be for another host."""
    message = (
        f"POST http://user:secret@{VENDOR.upper()}:80/api/v1/x?a=%20b HTTP/1.1\r\nHost: other\r\nAuthorization: Bearer sk-a\r\n"
        "Proxy-Authorization: Basic c2VjcmV0\r\nX-One: 1\r\nProxy-Connection: keep-alive\r\nConnection: x-one, keep-alive\r\n"
        "Keep-Alive: 5\r\nUpgrade: h2c\r\nTE: trailers\r\nContent-Length: 4\r\n\r\nbody"
    )
    assert proxy.ask(message.encode()) == b"FAKE"
    expected = (
        f"POST /api/v1/x?a=%20b HTTP/1.1\r\nHost: {VENDOR.upper()}:80\r\nAuthorization: Bearer sk-a\r\nContent-Length: 4\r\n"
        "Connection: close\r\n\r\nbody"
    )
    assert proxy.attached.get(timeout=10) == (Arrival(VENDOR, "", secure=False), expected.encode())


@pytest.mark.parametrize("target", ["/", "/docs?x=1", "*"])
def test_the_pages_of_the_fake_are_opened_at_the_proxy_itself(proxy, target):
    """A request in origin-form goes to the fake byte for byte."""
    message = f"OPTIONS {target} HTTP/1.1\r\nhost:  127.0.0.1:1\r\nConnection: keep-alive\r\n\r\nmore".encode()
    assert proxy.ask(message) == b"FAKE"
    assert proxy.attached.get(timeout=10) == (Arrival("", "", secure=False), message)


def test_a_head_may_come_in_pieces(proxy):
    """Each byte by itself, and nothing is answered before the last."""
    message = f"CONNECT {VENDOR}:443 HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    with proxy.connect() as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for number in range(len(message)):
            connection.sendall(message[number : number + 1])
        assert connection.recv(100).startswith(b"HTTP/1.1 200 ")
    assert proxy.attached.get(timeout=10)[0].host == VENDOR


NOT_HTTP = "400 this is not a request of HTTP/1.1"
MALFORMED = "400 the head of the request is malformed or has no Host header"
NO_HOST = "400 the request names no host, or one with characters that no host has"
NO_PORT = "400 the request names no port between 1 and 65535"
NO_URL = "400 the target of the request is not a URL"
NO_HTTP_URL = "400 the URL of a request to a proxy begins with http://"


@pytest.mark.parametrize(
    ("message", "status"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00", "400 the proxy is reached without TLS"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", NOT_HTTP),
        (b"GET /\r\n", NOT_HTTP),
        (b"\r\n\r\n", NOT_HTTP),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", NOT_HTTP),
        (b"GET http://a.example/ HTTP/1.1\r\n\r\n", MALFORMED),
        (b"GET http://a.example/ HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n", MALFORMED),
        (b"GET http://a.example/ HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", MALFORMED),
        (
            b"GET http://a.example/ HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 70_000,
            "431 the head of the request is larger than 64 KB",
        ),
        (b"GET / HTTP/1.1\r\nHost: " + b"x" * 66_000 + b"\r\n\r\n", "431 the head of the request is larger than 64 KB"),
        (b"GET /" + b"x" * 70_000, "431 the head of the request is larger than 64 KB"),
        (b"CONNECT a.example HTTP/1.1\r\nHost: a\r\n\r\n", NO_PORT),
        (b"CONNECT a.example: HTTP/1.1\r\nHost: a\r\n\r\n", NO_PORT),
        (b"CONNECT a.example:0 HTTP/1.1\r\nHost: a\r\n\r\n", NO_PORT),
        (b"CONNECT a.example:99999 HTTP/1.1\r\nHost: a\r\n\r\n", NO_PORT),
        (b"CONNECT a.example:" + b"9" * 5000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", NO_PORT),
        (b"CONNECT :443 HTTP/1.1\r\nHost: a\r\n\r\n", NO_HOST),
        (b"CONNECT / HTTP/1.1\r\nHost: a\r\n\r\n", NO_HOST),
        (b"CONNECT user@dashscope.aliyuncs.com:443 HTTP/1.1\r\nHost: a\r\n\r\n", NO_HOST),
        (b"CONNECT dashscope%2ealiyuncs.com:443 HTTP/1.1\r\nHost: a\r\n\r\n", NO_HOST),
        (b"CONNECT dashscope.aliyuncs.com..:443 HTTP/1.1\r\nHost: a\r\n\r\n", NO_HOST),
        (b"CONNECT ::1:443 HTTP/1.1\r\nHost: a\r\n\r\n", NO_HOST),
        (b"CONNECT [::x]:443 HTTP/1.1\r\nHost: a\r\n\r\n", NO_HOST),
        (b"CONNECT [:::1]:443 HTTP/1.1\r\nHost: a\r\n\r\n", "400 the request names an IPv6 address that is not one"),
        (
            b"CONNECT " + b"a." * 150 + b"b:443 HTTP/1.1\r\nHost: a\r\n\r\n",
            "400 the request names a host that is too long",
        ),
        (b"GET https://dashscope.aliyuncs.com/ HTTP/1.1\r\nHost: a\r\n\r\n", NO_HTTP_URL),
        (b"GET ftp://a.example/ HTTP/1.1\r\nHost: a\r\n\r\n", NO_HTTP_URL),
        (b"GET http:///path HTTP/1.1\r\nHost: a\r\n\r\n", NO_HOST),
        (b"GET http://[::1/ HTTP/1.1\r\nHost: a\r\n\r\n", NO_HOST),
        (b"GET http://a.example:0/ HTTP/1.1\r\nHost: a\r\n\r\n", NO_PORT),
        (b"GET path HTTP/1.1\r\nHost: a\r\n\r\n", NO_URL),
        (b"GET http:a.example HTTP/1.1\r\nHost: a\r\n\r\n", NO_URL),
    ],
    ids=lambda value: value[:48] if isinstance(value, bytes) else "",
)
def test_what_cannot_be_served_is_refused(proxy, message, status):
    """It gets a status and a text, and the connection is closed; the user is told nothing."""
    line, text = answer_of(proxy.ask(message))
    assert line == f"HTTP/1.1 {status}"
    assert text.startswith(f"emoji-mock: {status[4:]}")
    assert proxy.notices.counts() == {}
    proxy.wait_until_empty()


@pytest.mark.parametrize(
    ("sent", "line"), [(b"", ""), (b"GET / HT", "HTTP/1.1 400 emoji-mock: this is not a request of HTTP/1.1")]
)
def test_a_client_that_closes_its_side_early_is_let_go(proxy, sent, line):
    """Without a byte without an answer: a port scan, or a health check."""
    assert proxy.ask(sent, half_close=True).partition(b"\r\n")[0].decode() == line
    proxy.wait_until_empty()


def test_a_client_sees_the_refusal_of_what_it_still_sends(proxy):
    """A body of several megabytes does not turn the answer into a reset."""
    message = b"POST ftp://a.example/ HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n" + b"x" * 3_000_000
    assert answer_of(proxy.ask(message))[0] == f"HTTP/1.1 {NO_HTTP_URL}"


def test_a_slow_head_is_refused(proxy, monkeypatch):
    """The connection does not hang."""
    monkeypatch.setattr(proxy_connection, "HEAD_SECONDS", 0.01)
    assert (
        answer_of(proxy.ask(b"GET / HTTP/1.1\r\n"))[0]
        == "HTTP/1.1 408 the head of the request did not end in 60 seconds"
    )


def test_connections_are_bounded(proxy, monkeypatch):
    """One too many is refused; when another has ended there is room again."""
    monkeypatch.setattr(proxy_connection, "MOST_CONNECTIONS", 2)
    with proxy.connect() as first, proxy.connect():
        assert answer_of(proxy.ask(b""))[0] == "HTTP/1.1 503 the proxy passes on 1,000 connections already"
        first.close()
        wait_for(lambda: len(proxy.connections) == 1)
        assert proxy.ask(GET) == b"FAKE"


def test_a_shutdown_closes_connections_at_once(proxy, origin):
    """Those that wait for a request, and those that are passed on, with both sides."""
    with proxy.connect() as waiting, proxy.tunnel(origin.port) as passed:
        accepted = origin.accept()
        proxy.close()
        for connection in (waiting, passed, accepted):
            assert connection.recv(1) == b""


def test_nothing_reaches_others_offline(proxy_with, origin):
    """They are refused with what to do, and noted; the vendor and this machine are reached."""
    proxy = proxy_with(offline=True)
    head = b"CONNECT other.example:443 HTTP/1.1\r\nHost: a\r\nUser-Agent: agent\r\n\r\n"
    line, text = answer_of(proxy.ask(head))
    assert line == "HTTP/1.1 403 --offline lets no program reach other.example"
    assert text.endswith("; to let the program reach other.example, start emoji-mock without --offline\n")
    assert (
        answer_of(proxy.ask(b"GET http://other.example/ HTTP/1.1\r\nHost: a\r\nUser-Agent: agent\r\n\r\n"))[0] == line
    )
    assert proxy.notices.counts() == {
        Notice(NoticeKind.REFUSED, "other.example", "agent", "--offline lets no program reach other.example"): 2
    }
    assert proxy.ask(f"CONNECT {VENDOR}:80 HTTP/1.1\r\nHost: a\r\n\r\n".encode()).endswith(b"FAKE")
    proxy.tunnel(origin.port).close()


def test_hosts_of_the_vendor_that_the_fake_does_not_know_are_refused(proxy):
    """The domain of the workspaces itself is never reached."""
    head = b"CONNECT maas.aliyuncs.com:443 HTTP/1.1\r\nHost: a\r\n\r\n"
    assert answer_of(proxy.ask(head))[0].startswith("HTTP/1.1 403 maas.aliyuncs.com is the vendor's")


def test_a_refused_connection_is_reported(proxy):
    """The client gets 502, and the user is told."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    reason = f"127.0.0.1 port {port} cannot be reached: Connection refused"
    message = f"CONNECT 127.0.0.1:{port} HTTP/1.1\r\nHost: a\r\n\r\n".encode()
    assert answer_of(proxy.ask(message))[0] == f"HTTP/1.1 502 {reason}"
    assert proxy.notices.counts() == {Notice(NoticeKind.UNREACHABLE, "127.0.0.1", "", reason): 1}
    proxy.wait_until_empty()


METHODS = st.sampled_from([b"CONNECT", b"GET", b"POST", b"get", b"", b"\x00"])
HOSTS = st.sampled_from([VENDOR.encode(), b"127.0.0.1", b"[::1]", b"nothing.invalid", b"%00", b"", b"\xff", b"0x7f.1"])
LINES = st.lists(
    st.one_of(st.binary(max_size=20), st.sampled_from([b"Host: a", b"Connection: upgrade", b"Upgrade: websocket"]))
)


@st.composite
def heads(draw):
    """A request that may be almost right."""
    scheme = draw(st.sampled_from([b"", b"http://", b"https://", b"//"]))
    port = draw(st.sampled_from([b"", b":1", b":0", b":x", b":443"]))
    lines = [
        b" ".join([draw(METHODS), scheme + draw(HOSTS) + port + draw(st.binary(max_size=3)), b"HTTP/1.1"]),
        *draw(LINES),
    ]
    return draw(st.sampled_from([b"\r\n", b"\n"])).join([*lines, b"", b""])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.one_of(st.binary(max_size=200), heads()))
@example(b"GET http://127.0.0.1:1/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nnot a size\r\n")
def test_any_bytes_are_answered_or_closed(proxy_with, message):
    """No connection hangs, and nothing reaches the loop's handler of exceptions."""
    proxy = proxy_with(offline=True)
    proxy.ask(message, half_close=True)
    proxy.wait_until_empty()
    proxy.close()


def test_a_reset_is_forgotten(proxy):
    """A client that resets the connection leaves nothing behind."""
    connection = proxy.connect()
    connection.sendall(b"GET / HT")
    wait_for(lambda: proxy.connections)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
    proxy.wait_until_empty()

"""Requests in absolute-form for other hosts: heads rewritten, bodies and answers as they are."""

import pytest
from proxy_lab import read_head, read_to_end

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@pytest.mark.parametrize(
    ("target", "line"),
    [
        ("http://127.0.0.1:{port}/a?b=%20c#d", "GET /a?b=%20c HTTP/1.1"),
        ("HTTP://u:p@127.0.0.1:{port}", "GET / HTTP/1.1"),
        ("http://127.0.0.1:{port}?a", "GET /?a HTTP/1.1"),
    ],
)
def test_a_request_is_sent_as_a_server_gets_it(proxy, origin, target, line):
    """In origin-form, with the host of the URL, without what was for the proxy alone; the answer is as it came."""
    target = target.format(port=origin.port)
    head = (
        f"GET {target} HTTP/1.1\r\nUser-Agent: a\r\nHost: other\r\nX-One: 1\r\nProxy-Connection: keep-alive\r\n"
        "Connection: x-one\r\nProxy-Authorization: Basic YTpi\r\nUpgrade: h2c\r\n\r\n"
    )
    with proxy.connect() as client:
        client.sendall(head.encode())
        with origin.accept() as accepted:
            expected = f"{line}\r\nHost: 127.0.0.1:{origin.port}\r\nUser-Agent: a\r\nConnection: close\r\n\r\n"
            assert read_head(accepted).decode() == expected
            accepted.sendall(ANSWER)
        assert read_to_end(client) == ANSWER


def test_an_old_request_stays_one(proxy, origin):
    """HTTP/1.0 has no chunks, so its server must not send any; it may have no Host header."""
    with proxy.connect() as client:
        client.sendall(f"GET http://127.0.0.1:{origin.port}/ HTTP/1.0\r\n\r\n".encode())
        with origin.accept() as accepted:
            expected = f"GET / HTTP/1.0\r\nHost: 127.0.0.1:{origin.port}\r\nConnection: close\r\n\r\n"
            assert read_head(accepted).decode() == expected


CHUNKED = b"4;x=y\r\nbody\r\n0\r\nX-Sum: 1\r\n\r\n"


@pytest.mark.parametrize(
    ("headers", "kept", "body"),
    [
        ("Content-Length: 4", "Content-Length: 4", b"body"),
        ("Transfer-Encoding: chunked", "Transfer-Encoding: chunked", CHUNKED),
        ("Transfer-Encoding: chunked\r\nContent-Length: 9", "Transfer-Encoding: chunked", CHUNKED),
        ("Connection: content-length\r\nContent-Length: 4", "Content-Length: 4", b"body"),
        ("Content-Length: 0", "Content-Length: 0", b""),
    ],
)
@pytest.mark.parametrize("together", [True, False])
def test_a_body_is_passed_on_as_it_is_and_nothing_behind_it(proxy, origin, headers, kept, body, together):
    """The next request on the connection may be for another host, which alone may see it."""
    head = f"POST http://127.0.0.1:{origin.port}/ HTTP/1.1\r\nHost: a\r\n{headers}\r\n\r\n".encode()
    message = head + body + b"GET http://secret.example/ HTTP/1.1\r\n"
    with proxy.connect() as client:
        parts = [message] if together else [message[number : number + 1] for number in range(len(message))]
        for part in parts:
            client.sendall(part)
        with origin.accept() as accepted:
            expected = f"POST / HTTP/1.1\r\nHost: 127.0.0.1:{origin.port}\r\n{kept}\r\nConnection: close\r\n\r\n"
            wanted, received = expected.encode() + body, b""
            while len(received) < len(wanted):
                received += accepted.recv(65536)
            accepted.sendall(ANSWER)
            answer = b""
            while len(answer) < len(ANSWER):
                answer += client.recv(100)
            client.close()
            assert received + read_to_end(accepted) == wanted


def test_a_client_may_wait_for_100_continue(proxy, origin):
    """The server's word comes before the body."""
    head = (
        f"POST http://127.0.0.1:{origin.port}/ HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n"
    )
    with proxy.connect() as client:
        client.sendall(head.encode())
        with origin.accept() as accepted:
            assert b"\r\nExpect: 100-continue\r\n" in read_head(accepted)
            accepted.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            assert read_head(client) == b"HTTP/1.1 100 Continue\r\n\r\n"
            client.sendall(b"body")
            assert accepted.recv(100) == b"body"
            accepted.sendall(ANSWER)
        assert read_to_end(client) == ANSWER


def open_websocket(proxy, origin, status):
    """Ask for WebSocket, answer `status`; return both ends."""
    head = f"GET http://127.0.0.1:{origin.port}/ HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n\r\n"
    client = proxy.connect()
    client.sendall(head.encode())
    accepted = origin.accept()
    assert read_head(accepted).endswith(b"\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
    accepted.sendall(b"HTTP/1.1 ")
    accepted.sendall(status + b"\r\nUpgrade: websocket\r\n\r\n")
    assert read_head(client) == b"HTTP/1.1 " + status + b"\r\nUpgrade: websocket\r\n\r\n"
    return client, accepted


def test_websocket_goes_on_behind_the_answer(proxy, origin):
    """Once the server has switched, all bytes are passed on."""
    client, accepted = open_websocket(proxy, origin, b"101 Switching Protocols")
    with client, accepted:
        client.sendall(b"ping")
        assert accepted.recv(100) == b"ping"
        accepted.sendall(b"pong")
        assert client.recv(100) == b"pong"


def test_a_connection_that_was_not_switched_takes_no_other_request(proxy, origin):
    """It ends, so that the client sends its next request over another one."""
    client, accepted = open_websocket(proxy, origin, b"404 Not Found")
    with client, accepted:
        client.sendall(b"GET http://secret.example/ HTTP/1.1\r\n")
        assert accepted.recv(100) == b""
        assert client.recv(100) == b""


def test_a_malformed_body_is_left_to_the_server(proxy, origin):
    """It knows what to answer."""
    with proxy.connect() as client:
        head = f"POST http://127.0.0.1:{origin.port}/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        client.sendall(head.encode() + b"no size\r\n")
        with origin.accept() as accepted:
            received = b""
            while not received.endswith(b"no size\r\n"):
                received += accepted.recv(100)
            accepted.sendall(ANSWER)
        assert read_to_end(client) == ANSWER

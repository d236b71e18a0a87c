"""Bytes between a client and another host, as if no proxy were between them."""

import asyncio
import os
import socket
import ssl
import struct
import threading

import pytest
import trustme
from proxy_lab import read_to_end, wait_for

from emoji_mock.server.proxy.problems import ProxyError
from emoji_mock.server.proxy.relay import BUFFER_BYTES, ByteRelay

MEGABYTES_10 = bytes(range(256)) * 40_960


def send_in_thread(connection, data):
    """Send `data`, then the end; return the thread."""

    def send():
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)

    thread = threading.Thread(target=send, daemon=True)
    thread.start()
    return thread


def reset(connection):
    """Close a connection with a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def unsent(proxy):
    """Return the sizes of what waits in the relay, in both directions."""
    relay = proxy.relay()
    return [side.transport.get_write_buffer_size() for side in (relay, relay.peer)]


@pytest.mark.parametrize("downwards", [True, False])
def test_a_slow_reader_slows_the_sender(proxy, origin, downwards):
    """Of ten megabytes little waits in the proxy, and all come unchanged, with the end behind them."""
    with proxy.tunnel(origin.port) as client:
        accepted = origin.accept()
        sender, reader = (accepted, client) if downwards else (client, accepted)
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)  # or else the system takes it all
        thread = send_in_thread(sender, MEGABYTES_10)
        wait_for(lambda: max(unsent(proxy)) > BUFFER_BYTES)
        received, largest = bytearray(), 0
        while len(received) < len(MEGABYTES_10):
            received += reader.recv(40_000)
            largest = max(largest, *proxy.thread.call(lambda: unsent(proxy)))
        thread.join(10)
        assert received == MEGABYTES_10
        assert reader.recv(1) == b""
        assert largest <= BUFFER_BYTES + 256 * 1024  # one read more
        reader.shutdown(socket.SHUT_WR)
    proxy.wait_until_empty()


@pytest.mark.parametrize("downwards", [True, False])
def test_a_side_may_end_before_the_other(proxy, origin, downwards):
    """The end of one direction is passed on, and the other goes on until it ends, too."""
    with proxy.tunnel(origin.port) as client, origin.accept() as accepted:
        first, second = (accepted, client) if downwards else (client, accepted)
        first.sendall(b"question")
        first.shutdown(socket.SHUT_WR)
        assert second.recv(100) == b"question"
        assert second.recv(100) == b""
        second.sendall(b"answer")
        assert first.recv(100) == b"answer"
        second.close()
        assert first.recv(100) == b""
    proxy.wait_until_empty()


@pytest.mark.parametrize("downwards", [True, False])
def test_a_reset_is_passed_on_as_a_reset(proxy, origin, downwards):
    """The other side does not take it for an end."""
    with proxy.tunnel(origin.port) as client, origin.accept() as accepted:
        first, second = (accepted, client) if downwards else (client, accepted)
        first.sendall(b"one")
        assert second.recv(100) == b"one"
        reset(first)
        with pytest.raises(ConnectionResetError):
            second.recv(100)
    proxy.wait_until_empty()


def test_bytes_sent_before_the_tunnel_is_there_are_not_lost(proxy, origin):
    """A client may begin TLS without waiting for the answer to CONNECT."""
    with proxy.connect() as client:
        client.sendall(f"CONNECT 127.0.0.1:{origin.port} HTTP/1.1\r\nHost: a\r\n\r\nearly".encode())
        with origin.accept() as accepted:
            accepted.sendall(b"banner")
            assert accepted.recv(100) == b"early"
        received = b""
        while not received.endswith(b"banner"):
            received += client.recv(100)
        assert received == b"HTTP/1.1 200 Connection established\r\n\r\nbanner"


def test_tls_of_another_host_goes_through_end_to_end(proxy, origin):
    """The client sees the host's own certificate."""
    authority = trustme.CA()
    serving, trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("other.example").configure_cert(serving)
    authority.configure_trust(trusting)

    def serve():
        with serving.wrap_socket(origin.accept(), server_side=True) as secure:
            secure.sendall(secure.recv(100).upper())

    thread = threading.Thread(target=serve, daemon=True)
    with proxy.tunnel(origin.port) as client:
        thread.start()
        with trusting.wrap_socket(client, server_hostname="other.example") as secure:
            secure.sendall(b"hidden")
            assert secure.recv(100) == b"HIDDEN"
    thread.join(10)


def test_ipv6_hosts_are_reached(proxy):
    """By an address in brackets."""
    if not socket.has_ipv6:
        pytest.skip("no IPv6")
    try:
        listener = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        pytest.skip("no IPv6")
    with listener, proxy.tunnel(listener.getsockname()[1], "[::1]") as client:
        client.sendall(b"x")
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.recv(1) == b"x"


class Attached:
    """A listener in TLS whose connections are relayed in plain text, as for a fake that runs already."""

    def __init__(self, thread, port):
        authority = trustme.CA()
        serving, self.trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
        authority.issue_cert("localhost").configure_cert(serving)
        authority.configure_trust(self.trusting)
        self.relays, self._port, self._thread = set(), port, thread
        self.before_connecting = None
        self._server = thread.run(self._listen(serving))
        self.port = self._server.sockets[0].getsockname()[1]

    async def _listen(self, serving):
        def accept():
            relay = ByteRelay(self._connect, self.relays.discard)
            self.relays.add(relay)
            return relay

        return await asyncio.get_running_loop().create_server(accept, "127.0.0.1", 0, ssl=serving)

    async def _connect(self, protocol):
        if self.before_connecting is not None:
            await self.before_connecting()
        await asyncio.get_running_loop().create_connection(lambda: protocol, "127.0.0.1", self._port)

    def connect(self):
        """Return a secure connection."""
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        return self.trusting.wrap_socket(plain, server_hostname="localhost")

    def stop_relays(self):
        """Close all connections."""
        self._thread.call(lambda: [relay.shutdown() for relay in list(self.relays)])

    def close(self):
        """Stop listening."""
        self._thread.call(self._server.close)


@pytest.fixture
def attached(thread, origin):
    """A listener in TLS before another host."""
    made = Attached(thread, origin.port)
    yield made
    made.close()


def test_a_secure_connection_is_passed_on_in_plain_text(attached, origin):
    """Ten megabytes go both ways, and the end of the host ends the connection."""
    with attached.connect() as client:
        client.sendall(b"begin")
        accepted = origin.accept()
        assert accepted.recv(100) == b"begin"
        thread = send_in_thread(accepted, MEGABYTES_10)
        received = bytearray()
        while part := client.recv(65536):
            received += part
        thread.join(10)
        assert received == MEGABYTES_10


def test_the_end_of_a_secure_connection_is_passed_on(attached, origin):
    """TLS ends in both directions at once."""
    client = attached.connect()
    client.sendall(b"all")
    with client.unwrap():
        accepted = origin.accept()
        assert accepted.recv(100) == b"all"
        assert accepted.recv(100) == b""


def test_a_reset_before_a_secure_connection_is_passed_on(attached, origin):
    """The client does not take it for an orderly end."""
    with attached.connect() as client:
        client.sendall(b"x")
        accepted = origin.accept()
        assert accepted.recv(1) == b"x"
        reset(accepted)
        # Python's own TLS takes a reset for an end.
        with socket.socket(fileno=os.dup(client.fileno())) as plain:
            plain.settimeout(10)
            with pytest.raises(ConnectionResetError):
                read_to_end(plain)


def test_a_secure_client_sees_why_it_is_not_passed_on(attached):
    """The answer comes decrypted, and then the end."""

    async def fail():
        raise ProxyError(502, "the fake cannot be reached")

    attached.before_connecting = fail
    with attached.connect() as client:
        client.sendall(b"x")
        assert read_to_end(client).startswith(b"HTTP/1.1 502 emoji-mock: the fake cannot be reached\r\n")
    wait_for(lambda: not attached.relays)


def test_a_client_that_leaves_meanwhile_is_forgotten(attached):
    """Nothing waits for a connection that nobody needs any more."""
    waits = threading.Event()

    async def never():
        waits.set()
        await asyncio.get_running_loop().create_future()

    attached.before_connecting = never
    with attached.connect():
        assert waits.wait(10)
        attached.stop_relays()
    wait_for(lambda: not attached.relays)


class Kept(asyncio.Transport):
    """A transport that keeps what it is told."""

    def __init__(self):
        super().__init__()
        self.calls = []

    def is_closing(self):
        return False

    def can_write_eof(self):
        return True

    def get_write_buffer_size(self):
        return 0

    def set_write_buffer_limits(self, high=None, low=None):
        pass

    def __getattribute__(self, name):
        if name in {"write", "write_eof", "close", "pause_reading", "resume_reading", "abort"}:
            return lambda *values: self.calls.append((name, *values))
        return super().__getattribute__(name)


def test_what_comes_while_connecting_is_held():
    """One read of it at most; the end behind it is passed on, too."""

    async def relayed():
        client, other, joined = Kept(), Kept(), []

        async def connect(protocol):
            joined.append(protocol)

        relay = ByteRelay(connect, lambda _: None, first=b"a")
        relay.connection_made(client)
        relay.data_received(b"b")
        assert client.calls == [("pause_reading",), ("pause_reading",)]
        assert relay.eof_received()
        await asyncio.sleep(0)
        joined[0].connection_made(other)
        assert other.calls == [("write", b"ab"), ("write_eof",)]
        assert client.calls[2:] == [("resume_reading",)]

    asyncio.run(relayed())

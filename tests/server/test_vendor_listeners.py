"""TLS and the proxy in front of a fake: connections end as without TLS, and those that never arrive are noted."""

import asyncio
import gc
import json
import socket
import ssl
import sys
import time
from contextlib import ExitStack, suppress
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from helpers import raw_call, read_all, read_answer

from emoji_mock import Fake, Rule
from emoji_mock.contract.hosts import NAMED_HOSTS
from emoji_mock.fake.network.faults import FaultKind
from emoji_mock.programs import server_thread
from emoji_mock.programs.trusted_listeners import TrustedListeners
from emoji_mock.server.run import quieten
from emoji_mock.server.tls import handshake
from emoji_mock.server.tls.notices import Notice, NoticeKind

HOST = "dashscope.aliyuncs.com"
OTHERS = "a client that trusts other authorities"


class Secure:
    """A fake behind the listeners, and connections to it."""

    def __init__(self, fake, trusted, server):
        self.fake, self.trusted, self.server = fake, trusted, server
        self.context = ssl.create_default_context(cafile=trusted.files.certificate)

    def connect(self, host=HOST, context=None):
        """Open a secure connection for the name `host`."""
        connection = self.connect_for_tls()
        try:
            return (context or self.context).wrap_socket(connection, server_hostname=host)
        except BaseException:
            connection.close()
            raise

    def connect_for_tls(self):
        """Open a connection to the TLS port."""
        return socket.create_connection(("127.0.0.1", self.trusted.tls_port), timeout=10)

    def connect_plainly(self):
        """Open a connection without TLS."""
        return socket.create_connection(("127.0.0.1", self.server.port), timeout=10)

    def entries(self):
        """Return the journal."""
        return self.fake.store.journal().entries


@pytest.fixture(scope="module", params=["uvloop", "asyncio"])
def served(request):
    """One server for all tests, on each event loop."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "asyncio":
            patch.setattr(server_thread, "find_spec", lambda _: None)
        else:
            pytest.importorskip("uvloop")
        fake = Fake()
        with TrustedListeners() as trusted:
            server = server_thread.ServerThread(fake)
            server.run(server.server.listen(trusted.listeners))
            yield Secure(fake, trusted, server)
            server.stop()


@pytest.fixture
def secure(served):
    """The server, with nothing of an earlier test."""
    served.fake.reset()
    served.trusted.listeners.notices.clear()
    return served


class SeenReset:
    """A secure connection that tells a reset from an end, which Python's own SSLSocket confuses."""

    def __init__(self, secure):
        self._socket = secure.connect_for_tls()
        self._received, self._sent = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = secure.context.wrap_bio(self._received, self._sent, server_hostname="localhost")
        self._exchange(self._tls.do_handshake)
        self.settimeout = self._socket.settimeout

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._socket.close()

    def sendall(self, data):
        """Send data."""
        self._exchange(lambda: self._tls.write(data))

    def recv(self, size):
        """Return what comes, b"" at an orderly end."""
        try:
            return self._exchange(lambda: self._tls.read(size))
        except ssl.SSLZeroReturnError:
            return b""

    def wait_for_end(self):
        """Wait for the end of the connection below TLS, without an end of TLS from this side. Raises TimeoutError."""
        self.settimeout(15)  # half of what the event loops wait for
        while self._socket.recv(65536):
            pass

    def _exchange(self, step):
        while True:
            try:
                result = step()
            except ssl.SSLWantReadError:
                self._socket.sendall(self._sent.read())
                if not (data := self._socket.recv(65536)):
                    self._received.write_eof()
                self._received.write(data)
            else:
                self._socket.sendall(self._sent.read())
                return result


def end_of(connection, message):
    """Send `message` and return what comes, and what ended it: the end, a reset, or silence."""
    received = b""
    with connection:
        connection.settimeout(0.5)
        connection.sendall(message)
        try:
            while part := connection.recv(65536):
                received += part
        except ConnectionResetError:
            return received, "reset"
        except TimeoutError:
            return received, "silence"
    return received, "end"


def without_ids(message):
    """Return a message without what differs from call to call."""
    head, _, content = message.partition(b"\r\n\r\n")
    lines = [
        line
        for line in head.split(b"\r\n")
        if not line.lower().startswith((b"x-request-id", b"req-", b"date", b"x-acs"))
    ]
    return lines[0], len(lines), len(content)


@pytest.mark.parametrize("kind", FaultKind)
def test_a_fault_ends_a_secure_connection_as_a_plain_one(secure, kind):
    """The same bytes come, and the same end: a reset, the end, or silence."""
    seconds = 0.2 if kind is FaultKind.DRIP else None
    secure.fake.store.add_rule(Rule(fault=kind, seconds=seconds))
    message = raw_call(connection="close")
    plain, plain_end = end_of(secure.connect_plainly(), message)
    hidden, hidden_end = end_of(SeenReset(secure), message)
    assert (without_ids(hidden), hidden_end) == (without_ids(plain), plain_end)


@pytest.mark.parametrize("kind", [None, FaultKind.EMPTY_REPLY, FaultKind.TRUNCATED_BODY])
def test_the_server_does_not_wait_for_the_clients_end_of_tls(secure, kind):
    """The connection ends behind the last byte, as some clients await that and do not look at the end of TLS."""
    if kind is not None:
        secure.fake.store.add_rule(Rule(fault=kind))
    with SeenReset(secure) as connection:
        connection.sendall(raw_call(connection="close"))
        while connection.recv(65536):
            pass
        connection.wait_for_end()


def test_a_client_that_reads_late_gets_all_before_the_end(secure):
    """What the connection does not take at once is sent before it is closed."""
    message = b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    with secure.connect_plainly() as plain:
        plain.sendall(message)
        expected = len(read_all(plain))
    carrier = socket.socket()
    carrier.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)  # of the 80 KB that come
    carrier.connect(("127.0.0.1", secure.trusted.tls_port))
    with secure.context.wrap_socket(carrier, server_hostname="localhost") as connection:
        connection.settimeout(10)
        connection.sendall(message)
        time.sleep(0.3)  # the server has closed by now, as far as it can
        assert len(read_all(connection)) == expected > 50_000


@pytest.mark.parametrize(
    "host",
    [
        *NAMED_HOSTS,
        "new.dashscope.aliyuncs.com",
        "my-space.cn-beijing.maas.aliyuncs.com",
        "my-space.eu-central-1.maas.aliyuncs.com",
        "new.maas.aliyuncs.com",
        "localhost",
        "127.0.0.1",
    ],
)
def test_every_host_of_the_vendor_is_answered(secure, host):
    """A certificate fits each, and the journal has the host as called."""
    with secure.connect(host) as connection:
        connection.sendall(raw_call(host=host))
        assert read_answer(connection)[0] in (200, 401, 403)
    assert secure.entries()[-1].host == host


def test_calls_are_answered_over_one_connection(secure):
    """A connection is kept, and a known head on it is answered like a new one."""
    with secure.connect() as connection:
        for _ in range(3):
            connection.sendall(raw_call(host=HOST))
            assert read_answer(connection)[0] == 200
    assert [entry.status for entry in secure.entries()] == [200, 200, 200]


@pytest.mark.parametrize(
    ("host", "named"),
    [
        (HOST, "https://dashscope-file-mgr.oss-cn-beijing.aliyuncs.com"),
        ("localhost:{port}", "https://localhost:{port}/dashscope-file-mgr"),
    ],
)
def test_answers_name_secure_addresses(secure, host, named):
    """The URL of an upload is the vendor's, or that of this server with https."""
    host, named = (text.format(port=secure.trusted.tls_port) for text in (host, named))
    for version, calls in (("1.1", 2), ("1.0", 1)):  # the second head is known; the third goes through ASGI
        message = (
            f"GET /api/v1/uploads?action=getPolicy&model=emoji-detect-v1 HTTP/{version}\r\nHost: {host}\r\n"
            "Authorization: Bearer sk-mock-a\r\n\r\n"
        )
        with secure.connect(host.partition(":")[0]) as connection:
            for _ in range(calls):
                connection.sendall(message.encode())
                assert json.loads(read_answer(connection)[2])["data"]["upload_host"] == named


def eventually(secure):
    """Return the notices, once there is one, or after five seconds."""
    deadline = time.monotonic() + 5
    while not (found := secure.trusted.listeners.notices.counts()) and time.monotonic() < deadline:
        time.sleep(0.01)
    return found


def test_a_client_that_does_not_trust_the_authority_is_noted(secure):
    """The host and the reason are noted, once, with how often it happened."""
    for _ in range(2):
        with pytest.raises(ssl.SSLCertVerificationError):
            secure.connect(context=ssl.create_default_context())
    expected = {Notice(NoticeKind.HANDSHAKE, HOST, "", "tlsv1 alert unknown ca"): 2}
    deadline = time.monotonic() + 5
    while secure.trusted.listeners.notices.counts() != expected and time.monotonic() < deadline:
        time.sleep(0.01)
    assert secure.trusted.listeners.notices.counts() == expected


@pytest.mark.parametrize("checks", [True, False])
@pytest.mark.parametrize(
    "host", ["dashscope-new.aliyuncs.com", "a.b.dashscope.aliyuncs.com", "ws-1.cn-nowhere.maas.aliyuncs.com"]
)
def test_a_host_that_the_certificate_does_not_name_is_noted(secure, host, checks):
    """A client that checks names ends the handshake, or the connection after it; one that does not is answered."""
    secure.context.check_hostname = checks
    if checks:
        with pytest.raises(ssl.SSLCertVerificationError, match="ostname mismatch"):
            secure.connect(host)
    else:
        secure.connect(host).close()
    (notice,) = eventually(secure)
    assert notice[:2] == (NoticeKind.UNNAMED, host)
    if not checks:
        with secure.connect(host) as connection:
            connection.sendall(raw_call(host=host))
            assert read_answer(connection)[0] == 401
        assert secure.trusted.listeners.notices.counts() == {}


def test_a_client_that_compares_certificates_is_noted(secure):
    """It ends the connection behind the handshake, without a request."""
    secure.connect().close()
    (notice,) = eventually(secure)
    assert notice[:2] == (NoticeKind.UNUSED, HOST)


def test_an_unused_connection_beside_a_used_one_is_not_noted(secure):
    """A browser opens more connections than it uses."""
    with secure.connect() as connection:
        connection.sendall(raw_call(host=HOST))
        read_answer(connection)
    secure.connect().close()
    time.sleep(0.05)
    assert secure.trusted.listeners.notices.counts() == {}


@pytest.mark.parametrize(
    ("message", "answer"),
    [
        (b"", b""),
        (b"\x00\xff", b"HTTP/1.1 400 Bad Request"),
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"HTTP/1.1 400 Bad Request"),
    ],
)
def test_what_is_not_tls_is_refused(secure, message, answer):
    """A port scan gets nothing, plain HTTP and garbage at the TLS port an explanation; they are not noted."""
    with socket.create_connection(("127.0.0.1", secure.trusted.tls_port), timeout=10) as connection:
        connection.sendall(message)
        connection.shutdown(socket.SHUT_WR)
        assert read_all(connection).partition(b"\r\n")[0] == answer
    time.sleep(0.02)
    assert secure.trusted.listeners.notices.counts() == {}


def test_a_host_that_is_not_ascii_reaches_no_terminal(secure, monkeypatch):
    """`ssl` reports its bytes as an error that it cannot raise; other such errors are still reported."""
    reported = []
    monkeypatch.setattr(sys, "unraisablehook", reported.append)
    quieten.__wrapped__()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    sent = ssl.MemoryBIO()
    with pytest.raises(ssl.SSLWantReadError):
        context.wrap_bio(ssl.MemoryBIO(), sent, server_hostname="x" * 30).do_handshake()
    with secure.connect_for_tls() as connection:
        connection.sendall(sent.read().replace(b"x" * 30, b"\xff" * 30))
        read_all(connection)
    assert reported == []
    sys.unraisablehook(another := SimpleNamespace(exc_value=ValueError(), object=b""))
    assert reported == [another]


@pytest.mark.parametrize("is_handshake_done", [False, True])
def test_connections_that_send_no_request_are_bounded(secure, monkeypatch, is_handshake_done):
    """Each has buffers: beyond the bound the oldest is closed, and another caller is answered."""
    monkeypatch.setattr(handshake, "MOST_ARRIVING", 2)
    with ExitStack() as stack:
        idle = []
        for _ in range(3):
            connection = stack.enter_context(secure.connect() if is_handshake_done else secure.connect_for_tls())
            if not is_handshake_done:
                connection.sendall(b"\x16\x03\x01")
            idle.append(connection)
        with suppress(ConnectionResetError):
            assert idle[0].recv(1) == b""
        with secure.connect() as connection:
            connection.sendall(raw_call(host=HOST))
            assert read_answer(connection)[0] == 200


@pytest.mark.parametrize("turns", range(5))
@pytest.mark.parametrize("port", ["plain", "tls", "proxy"])
def test_a_connection_that_comes_as_the_server_stops_is_closed(monkeypatch, port, turns):
    """It is closed however many turns of the loop lie between its arrival and the stop; none is left to the collector."""
    monkeypatch.setattr(server_thread, "find_spec", lambda _: None)  # asyncio, which says what it was not told to close
    with TrustedListeners() as trusted:
        server = server_thread.ServerThread(Fake())
        server.run(server.server.listen(trusted.listeners))
        ports = {"plain": server.port, "tls": trusted.tls_port, "proxy": urlsplit(trusted.proxy_url).port}

        async def stop_soon_after_arrival():
            connection = socket.create_connection(("127.0.0.1", ports[port]), timeout=10)  # the loop waits meanwhile
            for _ in range(turns):
                await asyncio.sleep(0)
            server._stopped.set()
            return connection

        with server.run(stop_soon_after_arrival()) as connection:
            server.stop()
            with suppress(ConnectionResetError):
                assert connection.recv(1) == b""
    gc.collect()

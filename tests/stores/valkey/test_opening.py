"""A store is opened in an engine that can hold it; each fault of an engine is one line, and none shows a password."""

import re
import socket
import ssl
import threading
from contextlib import contextmanager, suppress
from dataclasses import replace

import pytest
from helpers import call

from emoji_mock import Options
from emoji_mock.replicas.shared_fake import SharedFake
from emoji_mock.server.tls.authority import Authority
from emoji_mock.stores.valkey import address as addresses
from emoji_mock.stores.valkey.address import StoreAddress
from emoji_mock.stores.valkey.connections import threads
from emoji_mock.stores.valkey.opening import open_store
from emoji_mock.stores.valkey.problems import describe_risk

GIVE = "put it into --store-password-file FILE or EMOJI_MOCK_STORE_PASSWORD"


@pytest.fixture
def client(engine):
    """A client of the server; what a test sets there is what it was, afterwards."""
    with engine.client() as client:
        yield client
        client.config_set("maxmemory", "0")
        client.config_set("maxmemory-policy", "noeviction")


@contextmanager
def answering(answer, context=None):
    """Serve on a free port: `answer` takes the bytes of each read, at first none, and returns what is sent, or None."""
    connections = []

    def attend(connection):
        with suppress(OSError, ssl.SSLError):
            if context is not None:
                connection = context.wrap_socket(connection, server_side=True)
                connections.append(connection)
            data = b""
            while True:
                sent = answer(data)
                if sent is None:
                    return connection.close()
                connection.sendall(sent)
                data = connection.recv(65536)
                if not data:
                    return None

    def accept():
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                connections.append(connection)
                threading.Thread(target=attend, args=(connection,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept, daemon=True).start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            for connection in connections:
                connection.close()


def described_as(*lines):
    """Return the answers of an engine that describes itself by `lines`, and accepts all else."""
    text = "\r\n".join(["# Server", *lines]).encode()
    info = b"$%d\r\n%b\r\n" % (len(text), text)
    return lambda data: b"" if not data else info if b"INFO\r\n" in data and b"SETINFO" not in data else b"+OK\r\n"


def refused(address, options=None):
    """Return why a store cannot be opened."""
    with pytest.raises(ValueError) as error:
        open_store(address, options or Options())
    assert "\n" not in str(error.value)
    return str(error.value)


def problem_at(url):
    """Return why no store can be opened at `url`, without the address at the beginning of the message."""
    address = StoreAddress.parse(url)
    return refused(address).removeprefix(f"the store at {address} ")


def test_each_replica_gets_a_number(address):
    """The first one makes the store; all that follow share it."""
    first, second = open_store(address, Options()), open_store(address, Options())
    assert (first.replica, second.replica) == (1, 2)
    assert open_store(replace(address, prefix=f"{address.prefix}-other"), Options()).replica == 1


def test_the_bounds_of_the_newest_replica_hold(address):
    """One line says what they change; equal ones change nothing."""
    reports = []
    for options in (Options(), Options(), Options(journal_size=5, upload_bytes=7), Options(journal_size=5)):
        open_store(address, options, reports.append)
    said = f"all replicas of the store at {address} have other bounds from now on:"
    assert reports == [
        f"{said} journal_size 5 (was 10000), upload_bytes 7 (was 67108864)",
        f"{said} upload_bytes 67108864 (was 7)",
    ]


@pytest.mark.parametrize(
    ("schema", "problem"),
    [
        ("2", "is of a newer emoji-mock: it has schema 2, this one reads 1: update emoji-mock, or use another"),
        ("0", "is of an older emoji-mock: it has schema 0, this one reads 1: delete its keys {prefix}:*, or use"),
    ],
)
def test_a_store_of_another_version_is_refused(address, client, schema, problem):
    """The line says which one is newer, and nothing is changed."""
    client.hset(f"{address.prefix}:meta", "schema", schema)
    said = problem.format(prefix=address.prefix)
    assert refused(address).startswith(f"the store {address.prefix} at {address} {said} --store-prefix"[:120])
    assert client.hgetall(f"{address.prefix}:meta") == {b"schema": schema.encode()}


def test_keys_of_another_program_are_refused(address, client):
    """The line names the key: a text, a list, or a hash that no replica has made."""
    client.set(f"{address.prefix}:rules", "x")
    said = "of another program; use another --store-prefix or delete it"
    assert refused(address) == f"the store at {address} has {address.prefix}:rules, a string {said}"
    client.delete(f"{address.prefix}:rules")
    client.hset(f"{address.prefix}:meta", "theirs", "1")
    assert refused(address) == f"the store at {address} has {address.prefix}:meta, a hash {said}"


def test_an_engine_that_cannot_be_reached():
    """The host is unknown, nothing listens, there is no such socket."""
    assert (
        problem_at("valkey://no.such.invalid")
        == "cannot be found: the host no.such.invalid is not known; correct the address"
    )
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    nothing = "cannot be reached: nothing listens there; start the server or correct the address"
    assert problem_at(f"valkey://127.0.0.1:{port}") == nothing
    assert problem_at("unix:///none/valkey.sock") == "cannot be reached: No such file or directory"


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (lambda data: data and b"HTTP/1.1 400 Bad Request\r\n\r\n", "is no Valkey server; something else answers"),
        (lambda data: b"" if data else b"SSH-2.0-OpenSSH_9.2\r\n", "is no Valkey server; something else answers"),
        (lambda data: data and b"+OK\r\n", "is no Valkey server; something else answers"),
        (
            lambda _: None,
            "closes the connection; check that it is a Valkey server, and one without TLS (valkeys:// is with it)",
        ),
        (described_as("redis_version:6.2.14"), "is version 6.2.14; use Valkey or Redis 7.0 or later"),
        (
            described_as("redis_version:7.2.4", "redis_mode:cluster"),
            "is in cluster mode, where a script sees only a part",
        ),
        (described_as("redis_version:7.2.4", "role:slave", "master_host:db1"), "is a replica of db1 that cannot be"),
        (described_as("redis_version:7.2.4", "loading:1"), "is still loading its data; start again in a moment"),
    ],
    ids=["HTTP", "SSH", "says OK", "closes", "old", "cluster", "replica", "loading"],
)
def test_an_engine_that_is_none_or_cannot_hold_a_store(answer, problem):
    """Another kind of server, and one whose scripts or keys are not what a store needs."""
    with answering(answer) as port:
        assert problem_at(f"valkey://127.0.0.1:{port}").startswith(problem)


def test_an_engine_that_is_silent(monkeypatch):
    """After some seconds, which this test shortens: also in the handshake of TLS."""
    monkeypatch.setattr(threads, "REPLY_SECONDS", 0.1)
    monkeypatch.setattr(threads, "CONNECT_SECONDS", 0.1)
    assert addresses.REPLY_SECONDS == 5.0
    late = "does not answer within 5 s; check host, port and firewall"
    with answering(lambda _: b"") as port:
        assert problem_at(f"valkey://127.0.0.1:{port}") == late
        assert problem_at(f"valkeys://127.0.0.1:{port}") == f"{late}; valkey:// is without TLS"


def test_a_password_is_asked_for_refused_or_not_wanted(engine, client):
    """The line says which of these it is, and what to do; it holds no password."""
    plain = f"127.0.0.1:{engine.port}"
    assert problem_at(f"valkey://:hunter2@{plain}") == "asks for no password; leave it out"
    client.execute_command("CONFIG", "SET", "requirepass", "correct")
    try:
        assert problem_at(f"valkey://{plain}") == f"asks for a password; {GIVE}"
        assert problem_at(f"valkey://:hunter2@{plain}") == f"refuses the password (or has no such user); {GIVE}"
        of_user = f"refuses the password of the user me (or has no such user); {GIVE}"
        assert problem_at(f"valkey://me:hunter2@{plain}") == of_user
        assert open_store(StoreAddress.parse(f"valkey://:correct@{plain}"), Options()).replica
    finally:
        client.execute_command("AUTH", "correct")
        client.execute_command("CONFIG", "SET", "requirepass", "")


def test_a_user_needs_rights(address, client):
    """The line says which right is missing, and which ones a store needs; with these it can be used."""
    rights = [f"~{address.prefix}*", "+@read", "+@write", "+@scripting", "+@connection", "+info", "+time"]
    give = f"give the user {' '.join(rights)}"
    own = replace(address, user="bob", password="pw")
    for granted, missing in (
        (["+@connection"], "User bob has no permissions to run the 'info' command"),
        (["+info"], "User bob has no permissions to run the 'evalsha' command"),
        (rights[1:], "No permissions to access a key"),
    ):
        client.execute_command("ACL", "SETUSER", "bob", "on", ">pw", *granted)
        assert refused(own) == f"the store at {own} does not allow what a store needs ({missing}); {give}"
    client.execute_command("ACL", "SETUSER", "bob", rights[0])
    store = open_store(own, Options())
    assert (store.replica, SharedFake(Options(), store).answer(call()).status) == (1, 200)
    client.execute_command("ACL", "DELUSER", "bob")


def test_a_database_that_is_none(address):
    """The line names it."""
    other = replace(address, database=99)
    assert refused(other) == f"the store at {other} has no database 99; use a smaller number; most servers have 0 to 15"


def test_a_full_engine(address, client):
    """Nothing can be written."""
    client.config_set("maxmemory", "1")
    assert refused(address) == f"the store at {address} is full; raise its maxmemory, or empty it"


def test_an_engine_that_evicts_is_warned_of(address, client):
    """It may drop any key when it is full; the store is opened all the same."""
    client.config_set("maxmemory", "500mb")
    client.config_set("maxmemory-policy", "allkeys-lru")
    reports = []
    assert open_store(address, Options(), reports.append).replica == 1
    risk = "may lose any part at any time: it has the maxmemory-policy allkeys-lru; set it to noeviction"
    assert reports == [f"warning: the store at {address} {risk}"]
    assert describe_risk({"maxmemory": "0", "maxmemory_policy": "allkeys-lru"}, address) == ""
    assert describe_risk({"maxmemory": "9", "maxmemory_policy": "noeviction"}, address) == ""


def test_tls_is_checked(engine, tmp_path):
    """The certificate must be of a known authority and for this host; with it the store can be opened."""
    authority, own = Authority.create(), tmp_path / "ca.pem"
    own.write_bytes(authority.certificate)

    def pass_on(data):
        if data:
            upstream.sendall(data)
        return upstream.recv(65536) if data else b""

    with answering(pass_on, authority.server_context()) as port:
        said = problem_at(f"valkeys://127.0.0.1:{port}")
        assert re.match("shows a certificate that is not trusted: .*; name its authority: \\?ssl_ca_certs=FILE$", said)
    upstream = socket.create_connection(("127.0.0.1", engine.port))
    with upstream, answering(pass_on, authority.server_context()) as port:
        assert open_store(StoreAddress.parse(f"valkeys://127.0.0.1:{port}?ssl_ca_certs={own}"), Options()).replica
    with answering(lambda data: data and b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
        said = "speaks no TLS that fits (wrong version number); valkey:// is without TLS"
        assert problem_at(f"valkeys://127.0.0.1:{port}?ssl_ca_certs={own}") == said


def test_the_file_of_authorities_is_read_first(tmp_path):
    """The line names the file, and what is wrong with it."""
    path = tmp_path / "ca.pem"
    said = f"ssl_ca_certs: {path}: No such file or directory"
    assert problem_at(f"valkeys://127.0.0.1:1?ssl_ca_certs={path}") == said
    path.write_text("no certificate")
    said = f"ssl_ca_certs: {path} holds no certificate in PEM"
    assert problem_at(f"valkeys://127.0.0.1:1?ssl_ca_certs={path}") == said

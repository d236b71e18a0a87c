"""The connection of an event loop: what goes out together, and what becomes of calls where the engine fails."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from store_helpers import running_valkey

from emoji_mock._support.threads.suspension import current_call
from emoji_mock.fake.store.ports import StaleStateError, StoreUnavailableError
from emoji_mock.server.suspended import suspendable
from emoji_mock.server.tls.authority import Authority
from emoji_mock.stores.valkey.address import StoreAddress
from emoji_mock.stores.valkey.connections import loop as connections
from emoji_mock.stores.valkey.connections.condition import EngineCondition
from emoji_mock.stores.valkey.connections.loop import LoopConnection
from emoji_mock.stores.valkey.connections.lua_script import LuaScript
from emoji_mock.stores.valkey.connections.operation import MOST_JOINED, Operation

ONE = LuaScript("waited_out")
EACH = LuaScript("record", ("accounts",), each=4)
READS = LuaScript("state", only_reads=True)


class Script:
    """A script that is written here; `each` as LuaScript has it."""

    needs_room = True

    def __init__(self, source, each=0):
        self.source, self.each, self.name, self.digest = source, each, "test", f"{hash(source):040x}"[-40:]


async def asked(connection, script, *arguments):
    """Return the reply to an operation that a suspendable call waits for."""

    def ask():
        connection.put(Operation(script, arguments, current_call()))
        return current_call().wait()

    return await suspendable(ask)


@asynccontextmanager
async def engine_that(answers, context=None):
    """Serve an engine that answers each read by `answers`, or closes; yield its address and what it has read."""
    reads, writers = [], []

    async def attend(reader, writer):
        writers.append(writer)
        while data := await reader.read(65536):
            reads.append(data)
            answer = answers(data)
            if answer is None:
                break
            writer.write(answer)
        writer.close()

    server = await asyncio.start_server(attend, "127.0.0.1", 0, ssl=context)
    async with server:
        yield StoreAddress(host="127.0.0.1", port=server.sockets[0].getsockname()[1]), reads
        for writer in writers:
            writer.transport.abort()
        await asyncio.sleep(0)


def replies(data):
    """Return a reply to each command: OK to a greeting, 7 to a script."""
    return b"".join(
        b":7\r\n" if part.startswith(b"EVAL") else b"+OK\r\n" for part in data.split(b"\r\n") if part in COMMANDS
    )


COMMANDS = {b"EVALSHA", b"EVAL", b"CLIENT", b"AUTH", b"SELECT"}


def run(work):
    """Run a coroutine function; it gets a function that makes a connection, which is closed at the end."""
    made, problems = [], []

    async def whole():
        def connect(address):
            condition = EngineCondition(address, problems.append)
            condition.is_watched = True
            made.append(LoopConnection(address, condition))
            return made[-1]

        try:
            await work(connect, problems)
        finally:
            for connection in made:
                connection.close()
            await asyncio.sleep(0)

    asyncio.run(whole())


def test_operations_of_one_tick_go_out_in_one_write():
    """Behind the greeting, each with its own reply."""

    async def work(connect, problems):
        async with engine_that(replies) as (address, reads):
            connection = connect(address)
            assert (
                await asyncio.gather(*[asked(connection, ONE, "p", "1 ", str(place)) for place in range(9)]) == [7] * 9
            )
            assert (len(reads), reads[0].count(b"EVALSHA")) == (1, 9)
            assert problems == []

    run(work)


def test_operations_of_a_kind_are_one_script():
    """Those with the same beginning are joined, so many at most; each call gets its own item of the reply."""
    first, lead = Operation(EACH, ("p", "1 ", "10", *"abcd")), ("p", "1 ", "10")
    others = [Operation(EACH, (*lead, str(place), "b", "c", "d")) for place in range(MOST_JOINED + 1)]
    assert [first.join(other) for other in others] == [True] * MOST_JOINED + [False]
    assert not Operation(EACH, (*lead, *"abcd")).join(Operation(EACH, ("p", "1 epoch", "10", *"abcd")))
    assert first.command()[3:11] == (*lead, *"abcd", "0")


def test_a_script_that_the_engine_does_not_know_is_sent_whole():
    """Once; and again when the engine has forgotten it."""
    script = Script("return tonumber(ARGV[1])")

    async def work(connect, problems):
        connection = connect(StoreAddress(host="127.0.0.1", port=running_valkey().port))
        sources = [asked(connection, script, "p", number) for number in (1, 2)]
        assert await asyncio.gather(*sources) == [1, 2]
        assert problems == []

    run(work)


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        ("STALE epoch", StaleStateError),
        ("OOM command not allowed when used memory > 'maxmemory'.", StoreUnavailableError),
        ("LOADING Valkey is loading the dataset in memory", StoreUnavailableError),
        ("READONLY You can't write against a read only replica.", StoreUnavailableError),
        ("WRONGTYPE Operation against a key holding the wrong kind of value", StoreUnavailableError),
        ("ERR something else", RuntimeError),
    ],
)
def test_an_error_of_the_engine_is_raised_in_the_call(reply, error):
    """One that the engine will be over with means that it cannot be used now."""

    async def work(connect, problems):
        connection = connect(StoreAddress(host="127.0.0.1", port=running_valkey().port))
        with pytest.raises(error):
            await asked(connection, Script(f'return redis.error_reply("{reply}")'), "p")
        assert len(problems) == (error is StoreUnavailableError)

    run(work)


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        (lambda _data: None, "it closed the connection"),
        (lambda _data: b"HTTP/1.1 400 Bad Request\r\n\r\n", "it does not speak the protocol of Valkey"),
        (lambda _data: b"-NOAUTH Authentication required.\r\n", "it answers NOAUTH Authentication required."),
    ],
    ids=["closes", "no engine", "asks for a password"],
)
def test_calls_fail_where_the_engine_does(answers, reason):
    """All that wait, with the reason; for a moment the next one is refused at once, without a new connection."""

    async def work(connect, problems):
        async with engine_that(answers) as (address, reads):
            connection = connect(address)
            found = await asyncio.gather(
                *[asked(connection, ONE, "p", "1 ", "1") for _ in range(3)], return_exceptions=True
            )
            assert [type(error) for error in found] == [StoreUnavailableError] * 3
            assert {str(error) for error in found} == {f"the store at {address} cannot be reached: {reason}"}
            with pytest.raises(StoreUnavailableError, match="cannot be reached"):
                await asked(connection, ONE, "p", "1 ", "1")
            assert len(reads) == 1
            assert problems == [f"emoji-mock: {found[0]}; callers get 503 until it is back"]

    run(work)


def test_an_engine_that_closes_as_soon_as_it_has_accepted_is_away():
    """The call fails at once, however early the connection is closed, and not by a time limit."""

    async def work(connect, _problems):
        server = await asyncio.start_server(lambda _reader, writer: writer.transport.abort(), "127.0.0.1", 0)
        async with server:
            connection = connect(StoreAddress(host="127.0.0.1", port=server.sockets[0].getsockname()[1]))
            async with asyncio.timeout(connections.REPLY_SECONDS / 2):
                with pytest.raises(StoreUnavailableError):
                    await asked(connection, ONE, "p", "1 ", "1")
                if connection._connecting is not None:
                    await connection._connecting
            assert connection._transport is None

    run(work)


def test_a_reply_that_is_late_is_not_waited_for(monkeypatch):
    """The connection is given up, and the call fails."""
    monkeypatch.setattr(connections, "REPLY_SECONDS", 0.02)
    monkeypatch.setattr(connections, "_LOOK", 0.01)

    async def work(connect, _problems):
        async with engine_that(lambda _data: b"+OK\r\n") as (address, _):
            with pytest.raises(StoreUnavailableError, match=r"it sent no reply within 0\.02 s"):
                await asked(connect(address), ONE, "p", "1 ", "1")

    run(work)


def test_a_connection_comes_back(monkeypatch):
    """After a pause the next call opens a new one, and it is said once that the engine is back."""
    monkeypatch.setattr(connections, "PAUSE_SECONDS", 0.0)
    seen = []

    def answers(data):
        seen.append(data)
        return None if len(seen) == 1 else replies(data)

    async def work(connect, problems):
        async with engine_that(answers) as (address, _):
            connection = connect(address)
            with pytest.raises(StoreUnavailableError):
                await asked(connection, ONE, "p", "1 ", "1")
            assert await asked(connection, ONE, "p", "1 ", "1") == 7
            assert await asked(connection, ONE, "p", "1 ", "1") == 7
            assert ["callers get 503" in problem for problem in problems] == [True, False]

    run(work)


def test_a_connection_that_is_closed_while_idle_is_no_loss(monkeypatch):
    """The next call opens another one, without a pause, and nothing is said."""
    seen = []

    def answers(data):
        seen.append(data)
        return replies(data) if len(seen) != 2 else None

    async def work(connect, problems):
        async with engine_that(answers) as (address, _):
            connection = connect(address)
            assert await asked(connection, ONE, "p", "1 ", "1") == 7
            lost, lose = asyncio.Event(), connection.lose
            monkeypatch.setattr(connection, "lose", lambda reason: (lose(reason), lost.set()))
            connection._transport.write(b"closes it")
            await lost.wait()
            assert await asked(connection, ONE, "p", "1 ", "1") == 7
            assert problems == []

    run(work)


def test_one_call_that_cannot_be_written_leaves_the_others_their_replies():
    """A value that no engine takes, such as half a surrogate pair, is an error of that call alone."""

    async def work(connect, problems):
        connection = connect(StoreAddress(host="127.0.0.1", port=running_valkey().port))
        script = Script("return tonumber(ARGV[1])")
        values = ("1", "\ud800", "3")
        found = await asyncio.gather(
            *[asked(connection, script, "p", value) for value in values], return_exceptions=True
        )
        assert (found[0], type(found[1]), found[2]) == (1, UnicodeEncodeError, 3)
        assert problems == []

    run(work)


def test_an_engine_that_is_full_is_back_when_it_takes_data_again():
    """Where it only reads it always answers, which would say in turns that it is full and that it is back."""
    full = []

    def answers(data):
        return replies(data).replace(
            b":7", b"-OOM command not allowed" if full and ONE.digest.encode() in data else b":7"
        )

    async def work(connect, problems):
        async with engine_that(answers) as (address, _):
            connection = connect(address)
            for is_full in (True, True, False):
                full[:] = [1] * is_full
                if is_full:
                    with pytest.raises(StoreUnavailableError, match="OOM"):
                        await asked(connection, ONE, "p", "1 ", "1")
                else:
                    assert await asked(connection, ONE, "p", "1 ", "1") == 7
                assert await asked(connection, READS, "p", "1 ") == 7
            assert ["callers get 503" in problem for problem in problems] == [True, False]

    run(work)


def test_a_password_and_a_database_are_sent_first():
    """Before any operation."""

    async def work(connect, _problems):
        async with engine_that(replies) as (address, reads):
            full = StoreAddress(host=address.host, port=address.port, user="me", password="pass", database=3)
            assert await asked(connect(full), ONE, "p", "1 ", "1") == 7
            assert reads[0].index(b"AUTH") < reads[0].index(b"SELECT") < reads[0].index(b"EVALSHA")
            assert b"me\r\n$4\r\npass" in reads[0]

    run(work)


@pytest.mark.parametrize("trusted", [True, False])
def test_a_certificate_is_checked(tmp_path, trusted):
    """An engine with TLS is used if its certificate is trusted."""
    authority = Authority.create()

    async def work(connect, _problems):
        async with engine_that(replies, authority.server_context()) as (address, _):
            ca_file = tmp_path / "ca.pem"
            ca_file.write_bytes(authority.certificate)
            secure = StoreAddress(
                scheme="valkeys", host="127.0.0.1", port=address.port, ca_file=str(ca_file) if trusted else ""
            )
            if trusted:
                assert await asked(connect(secure), ONE, "p", "1 ", "1") == 7
            else:
                with pytest.raises(StoreUnavailableError, match="certificate verify failed"):
                    await asked(connect(secure), ONE, "p", "1 ", "1")

    run(work)

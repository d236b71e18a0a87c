"""An engine that is away, or full."""

import asyncio

import pytest
from store_helpers import journal_entry, running_valkey, valkey_store
from valkey import Valkey

from emoji_mock.fake.store.ports import StoreUnavailableError
from emoji_mock.stores.valkey.address import StoreAddress
from emoji_mock.stores.valkey.connections.condition import EngineCondition
from emoji_mock.stores.valkey.connections.loop import LoopConnection
from emoji_mock.stores.valkey.connections.lua_script import LuaScript
from emoji_mock.stores.valkey.connections.operation import EngineRefusesError
from emoji_mock.stores.valkey.engine import Engine

NOWHERE = StoreAddress.parse("valkey://127.0.0.1:1/0")
NOTE = LuaScript("waited_out")


def test_what_nobody_waits_for_is_left_out_in_a_thread():
    """A late answer reaches its caller although it cannot be noted that the caller waited for it."""
    Engine(NOWHERE).post(NOTE, 1)


def test_what_nobody_waits_for_is_left_out_in_an_event_loop():
    """The same in a server, whose connection refuses operations at once after a failed attempt."""
    engine = Engine(NOWHERE)

    async def post_twice():
        connection = engine._loops[asyncio.get_running_loop()] = LoopConnection(NOWHERE, engine.condition)
        engine.post(NOTE, 1)
        while not engine.condition.problem:
            await asyncio.wait([connection._connecting])
        engine.post(NOTE, 2)

    asyncio.run(post_twice())
    assert "cannot be reached" in engine.condition.problem


def test_that_an_engine_is_full_is_said_once_and_that_it_takes_data_again(caplog):
    """What it still answers meanwhile, as it only reads, says neither."""
    store = valkey_store()
    store.record(journal_entry("a"))
    with Valkey(port=running_valkey().port) as client:
        client.config_set("maxmemory", 1)
        try:
            for _ in range(2):
                with pytest.raises(StoreUnavailableError, match="is full"):
                    store.record(journal_entry("a"))
                assert store.ledgers()["a"].calls == 1
                assert store.engine.read_field("uploads:data", b"none") is None
        finally:
            client.config_set("maxmemory", 0)
    store.record(journal_entry("a"))
    assert [record.getMessage().rpartition(" ")[2] for record in caplog.records] == ["back", "back"]
    assert ["callers get 503 until it is back" in record.getMessage() for record in caplog.records] == [True, False]


def test_an_engine_that_was_away_is_back_with_whatever_it_does(caplog):
    """Also with what only reads, which says nothing of an engine that is full; another reason in between is said, too."""
    condition, reads, writes = EngineCondition(NOWHERE), LuaScript("state", only_reads=True), NOTE
    condition.is_watched = True
    away, full = StoreUnavailableError("away"), EngineRefusesError("full")
    for step in (away, away, reads, full, reads, full, away, full, reads, writes, writes):
        if isinstance(step, Exception):
            condition.fail(step)
        else:
            condition.succeed(step)
    said = [record.getMessage().removeprefix("emoji-mock: ").partition(";")[0] for record in caplog.records]
    back = f"the store at {NOWHERE} is back"
    assert said == ["away", back, "full", "away", "full", back]

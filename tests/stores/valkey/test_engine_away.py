"""An engine that is away."""

import asyncio

from emoji_mock.stores.valkey.address import StoreAddress
from emoji_mock.stores.valkey.connections.loop import LoopConnection
from emoji_mock.stores.valkey.connections.lua_script import LuaScript
from emoji_mock.stores.valkey.engine import Engine

NOWHERE = StoreAddress.parse("valkey://127.0.0.1:1/0")
NOTE = LuaScript("waited_out")


def test_what_nobody_waits_for_is_left_out_in_a_thread():
    """A late answer reaches its caller although it cannot be noted that the caller waited for it."""
    Engine(NOWHERE).post(NOTE, 1)


def test_what_nobody_waits_for_is_left_out_in_an_event_loop():
    """The same in a server, whose connection refuses operations at once after a failed attempt."""
    engine, problems = Engine(NOWHERE), []

    async def post_twice():
        connection = engine._loops[asyncio.get_running_loop()] = LoopConnection(NOWHERE, problems.append)
        engine.post(NOTE, 1)
        while not problems:
            await asyncio.wait([connection._connecting])
        engine.post(NOTE, 2)

    asyncio.run(post_twice())
    assert len(problems) == 1

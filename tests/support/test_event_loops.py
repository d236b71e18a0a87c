"""Waiting in the running event loop."""

import asyncio
import sys

from emoji_mock._support.event_loops import loop_sleep


def test_a_wait_does_not_need_the_table_of_modules(monkeypatch):
    """A server in a thread goes on while pytest's `pytester` puts `sys.modules` back, which empties it for a moment."""

    async def go():
        await loop_sleep(0)
        monkeypatch.delitem(sys.modules, "asyncio")
        await loop_sleep(0)
        return True

    assert asyncio.run(go())

"""The events of an open page: rows of new calls, and regions that have changed. It polls, so calls wait for no page."""

from __future__ import annotations

import asyncio
from itertools import count
from typing import TYPE_CHECKING

import msgspec

from emoji_mock._support.event_loops import loop_sleep
from emoji_mock.server.dashboard.regions import REGIONS
from emoji_mock.server.dashboard.render import render
from emoji_mock.server.dashboard.views import calls

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from emoji_mock.server.control.steered import SteeredFake

TICK = 0.25
"""Seconds between two looks at the journal."""
_REGION_TICKS = 4
"""How many ticks pass between two renderings of the regions."""
STREAMS = 16
"""How many pages may be open at a time."""


def event(name: str, html: str) -> bytes:
    """Return a server-sent event whose data is a JSON string: HTML may hold line ends, which would end it."""
    return b"event: %s\ndata: %s\n\n" % (name.encode(), msgspec.json.encode(html))


class PageStream:
    """The events of one page over `fake`, until `ending` is set."""

    def __init__(self, fake: SteeredFake, ending: asyncio.Event) -> None:
        self._fake, self._ending = fake, ending
        self._last = 0
        self._sent: dict[str, str] = {}

    async def events(self) -> AsyncGenerator[bytes]:
        """Yield one event after another, or a comment that keeps the connection alive."""
        for tick in count():
            if self._ending.is_set():
                return
            for made in await asyncio.to_thread(self._look, with_regions=tick % _REGION_TICKS == 0):
                yield made
            await loop_sleep(TICK)

    def _look(self, *, with_regions: bool) -> list[bytes]:
        rows = calls.view(self._fake, self._last)
        self._last = rows.last
        made = [event("calls", render("calls", view=rows))] if rows.entries else []
        if with_regions:
            made += self._changed()
        return made or [b": nothing new\n\n"]

    def _changed(self) -> list[bytes]:
        made: list[bytes] = []
        for region in REGIONS:
            html = region.html(self._fake)
            if self._sent.get(region.name) != html:
                self._sent[region.name] = html
                made.append(event(region.name, html))
        return made

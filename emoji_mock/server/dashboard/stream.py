"""The events of an open page: rows of new calls, and regions that have changed. It polls, so calls wait for no page."""

from __future__ import annotations

import logging
from functools import partial
from itertools import count
from typing import TYPE_CHECKING

import msgspec
from anyio.to_thread import run_sync

from emoji_mock._support.event_loops import loop_sleep
from emoji_mock.fake.store.ports import StoreUnavailableError
from emoji_mock.server.dashboard.regions import REGIONS
from emoji_mock.server.dashboard.render import render
from emoji_mock.server.dashboard.views import calls

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncGenerator, Iterator

    from anyio import CapacityLimiter

    from emoji_mock.fake.accounting.call_filter import CallFilter
    from emoji_mock.server.control.steered import SteeredFake
    from emoji_mock.server.dashboard.regions import Region

TICK = 0.25
"""Seconds between two looks at the journal."""
_REGION_TICKS = 4
"""How many ticks pass between two renderings of the regions."""
STREAMS = 16
"""How many pages may be open at a time."""
LOOKS = 4
"""How many of them may look at a time: each takes a thread for as long as a shared store takes to answer."""
_BROKEN = '<p class="empty">This part cannot be shown. The log of the server says why.</p>'
_log = logging.getLogger("emoji_mock")


def event(name: str, data: object) -> bytes:
    """Return a server-sent event whose data is JSON: HTML may hold line ends, which would end it."""
    return b"event: %s\ndata: %s\n\n" % (name.encode(), msgspec.json.encode(data))


class PageStream:
    """The events of one page over `fake`, until `ending` is set; of the calls it shows those that are `wanted`.

    The event `calls` has the rows of all that is shown, `new-calls` those that come before them, and `store` the reason
    why the store cannot be reached, or nothing when it can be again.
    """

    def __init__(self, fake: SteeredFake, ending: asyncio.Event, wanted: CallFilter) -> None:
        self._fake, self._ending, self._wanted = fake, ending, wanted
        self._last = self._resets = -1
        self._accounts: list[str] = []
        self._sent: dict[str, str] = {}
        self._broken: set[str] = set()
        self._problem = ""

    async def events(self, looks: CapacityLimiter) -> AsyncGenerator[bytes]:
        """Yield one event after another, or a comment that keeps the connection alive; `looks` bounds the threads."""
        for tick in count():
            if self._ending.is_set():
                return
            look = partial(self.look, with_regions=tick % _REGION_TICKS == 0)
            for made in await run_sync(look, limiter=looks):
                yield made
            await loop_sleep(TICK)

    def look(self, *, with_regions: bool) -> list[bytes]:
        """Return the events since the last look, or a comment if there are none. It may wait for the store."""
        made: list[bytes] = []
        problem = ""
        try:
            for one in self._changes(with_regions=with_regions):
                made.append(one)  # noqa: PERF402 - what came before the store was gone is sent
        except StoreUnavailableError as error:
            problem = str(error)
        if problem != self._problem:
            self._problem = problem
            made.append(event("store", problem))
        return made or [b": nothing new\n\n"]

    def _changes(self, *, with_regions: bool) -> Iterator[bytes]:
        yield from self._calls()
        if with_regions:
            self._fake.refresh()
            yield from self._changed_accounts()
            yield from self._changed_regions()

    def _calls(self) -> Iterator[bytes]:
        rows = calls.view(self._fake, max(0, self._last), wanted=self._wanted)
        is_known = rows.resets == self._resets and rows.last >= self._last
        if not is_known:  # calls that are shown may be gone
            rows = calls.view(self._fake, wanted=self._wanted, limit=calls.AT_FIRST)
        self._last, self._resets = rows.last, rows.resets
        if rows.rows or not is_known:
            yield event("new-calls" if is_known else "calls", render("calls", view=rows))

    def _changed_accounts(self) -> Iterator[bytes]:
        accounts = calls.accounts(self._fake)
        if accounts != self._accounts:
            self._accounts = accounts
            yield event("accounts", accounts)

    def _changed_regions(self) -> Iterator[bytes]:
        for region in REGIONS:
            html = self._html(region)
            if self._sent.get(region.name) != html:
                self._sent[region.name] = html
                yield event(region.name, html)

    def _html(self, region: Region) -> str:
        """Return the HTML of a region; one that fails must not end the stream of the others."""
        try:
            return region.html(self._fake)
        except StoreUnavailableError:
            raise
        except Exception:  # noqa: BLE001 - a bug of ours in one region
            if region.name not in self._broken:
                self._broken.add(region.name)
                _log.exception("emoji-mock cannot show the region %r; please report this", region.name)
            return _BROKEN

"""The latest calls: one row each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from emoji_mock.fake.accounting.journal import Entry
    from emoji_mock.server.control.steered import SteeredFake

SHOWN = 40
"""How many of the calls since the last look are shown; the page says how many more there were."""


class CallRows(NamedTuple):
    """Calls, the newest first; `left_out` counts those that came since the last look and are not shown."""

    entries: list[Entry]
    left_out: int
    last: int
    """The number of the newest call."""


def view(fake: SteeredFake, after: int = 0) -> CallRows:
    """Return the newest calls numbered above `after`."""
    page = fake.store.journal(after=after, limit=1_000_000)
    entries = page.entries[-SHOWN:][::-1]
    return CallRows(entries, len(page.entries) - len(entries), page.entries[-1].number if page.entries else after)

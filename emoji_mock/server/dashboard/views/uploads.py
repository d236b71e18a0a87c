"""The latest uploads, and the pictures in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from emoji_mock.contract.catalogue import find
from emoji_mock.server.dashboard.pictures import UPLOADS

if TYPE_CHECKING:
    from emoji_mock.fake.store.values import UploadFacts
    from emoji_mock.server.control.steered import SteeredFake

SHOWN = 12
"""How many uploads are shown."""


class UploadRow(NamedTuple):
    """One upload: `href` leads to its picture if it is one, `problem` says why its model refuses it as one."""

    facts: UploadFacts
    name: str
    href: str
    problem: str
    expired: bool


class UploadsView(NamedTuple):
    """What the region shows: uploads, the newest first, and whether there are more."""

    rows: list[UploadRow]
    more: bool


def view(fake: SteeredFake) -> UploadsView:
    """Return the latest uploads of all accounts."""
    uploads, now = fake.store.latest_uploads(SHOWN + 1), fake.clock()
    return UploadsView([row(facts, now) for facts in uploads[:SHOWN]], len(uploads) > SHOWN)


def row(facts: UploadFacts, now: float) -> UploadRow:
    """Return what is shown of an upload at the time `now`."""
    return UploadRow(
        facts,
        facts.key.rpartition("/")[2] or facts.key,
        f"{UPLOADS}?key={quote(facts.key, safe='')}" if facts.size else "",
        find(facts.flaw).name if facts.flaw else "",
        facts.until <= now,
    )

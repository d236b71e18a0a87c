"""The latest pictures that were judged, passed and refused alike; calls with one picture and one answer are one."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from emoji_mock.contract.row import Outcome
from emoji_mock.server.dashboard.pictures import HeldPicture, PictureView, data_of, held, is_of_picture, view_of
from emoji_mock.server.dashboard.sampled import Sampled
from emoji_mock.server.dashboard.views.calls import why

if TYPE_CHECKING:
    from emoji_mock.fake.accounting.journal import Entry
    from emoji_mock.fake.store.ports import Store
    from emoji_mock.server.control.steered import SteeredFake

SHOWN = 12
"""How many pictures are shown."""
CALLS = 1000
"""In how many of the latest calls pictures are looked for."""


class JudgedPicture(NamedTuple):
    """The latest of `calls` with the same picture and answer, and why it ended so."""

    entry: Entry
    calls: int
    why: str
    picture: PictureView


class Gallery(NamedTuple):
    """What the region shows. `left_out` counts the pictures in the latest `looked_at` calls that are not shown."""

    pictures: list[JudgedPicture]
    left_out: int
    looked_at: int = CALLS


class _Group(NamedTuple):
    entry: Entry
    calls: int
    picture: HeldPicture | None


def view(fake: SteeredFake) -> Gallery:
    """Return the latest pictures, the newest first."""
    groups, left_out = _galleries.of(fake.store)
    upright = fake.options.upright
    shown = [
        JudgedPicture(entry, calls, why(entry), view_of(entry, picture, counted_upright=upright))
        for entry, calls, picture in groups
    ]
    return Gallery(shown, left_out)


def _latest(store: Store) -> tuple[list[_Group], int]:
    counts: dict[tuple[str, ...], int] = {}
    latest: dict[tuple[str, ...], Entry] = {}
    for entry in store.latest_calls(limit=CALLS).entries:
        if entry.outcome is not Outcome.FAULT and is_of_picture(entry):
            picture = (entry.namespace, entry.model, entry.picture or entry.image_url, entry.outcome, entry.row)
            counts[picture] = counts.get(picture, 0) + 1
            latest.setdefault(picture, entry)
    groups = [
        _Group(entry, counts[picture], held(data_of(store, entry))) for picture, entry in islice(latest.items(), SHOWN)
    ]
    return groups, len(latest) - len(groups)


_galleries = Sampled(_latest)

"""The form that tries a picture, and the answer to such a try."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from emoji_mock.contract.endpoint import API_PREFIX, UPLOADS
from emoji_mock.contract.models import DETECTION_MODELS
from emoji_mock.fake.accounting.call_filter import CallFilter
from emoji_mock.server.dashboard.pictures import picture_of
from emoji_mock.server.dashboard.views.calls import why

if TYPE_CHECKING:
    from emoji_mock.fake.accounting.journal import Entry
    from emoji_mock.server.control.steered import SteeredFake
    from emoji_mock.server.dashboard.pictures import PictureView


class Tried(NamedTuple):
    """A way to try a picture: a model, and the ratio of a model that takes one."""

    model: str
    ratio: str
    path: str


class TryView(NamedTuple):
    """What the form offers."""

    ways: tuple[Tried, ...]
    uploads: str
    """The path of the policy for an upload."""


class AnswerView(NamedTuple):
    """The answer to a try: the call, why it ended so, and its picture if it came so far."""

    entry: Entry
    why: str
    picture: PictureView | None


def view(_: SteeredFake) -> TryView:
    """Return the form: every model that inspects a picture, with each of its ratios."""
    ways = [Tried(one.name, ratio, one.route.full_path) for one in DETECTION_MODELS for ratio in one.ratios or ("",)]
    return TryView(tuple(ways), f"{API_PREFIX}{UPLOADS}")


def answer(fake: SteeredFake, request_id: str) -> AnswerView | None:
    """Return the answer that has `request_id`, or None if the journal does not hold it."""
    entries = fake.store.latest_calls(CallFilter(text=request_id)).entries
    entry = next((entry for entry in entries if entry.request_id == request_id), None)
    if entry is None:
        return None
    return AnswerView(entry, why(entry), picture_of(fake, entry))

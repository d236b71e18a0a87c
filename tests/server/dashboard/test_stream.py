"""The stream of an open page goes on where a part of the page fails."""

import asyncio
import logging

from emoji_mock import Fake
from emoji_mock.fake.accounting.call_filter import ALL_CALLS
from emoji_mock.server.dashboard import stream
from emoji_mock.server.dashboard.regions import Region
from emoji_mock.server.dashboard.stream import PageStream


def _fail(_):
    raise RuntimeError("a bug")


def test_a_region_that_fails_ends_no_other(monkeypatch, caplog):
    """The page says so, the log says it once, and the other regions are shown."""
    regions = (Region("money", "Money", _fail), *[one for one in stream.REGIONS if one.name == "rules"])
    monkeypatch.setattr(stream, "REGIONS", regions)
    page = PageStream(Fake(), asyncio.Event(), ALL_CALLS)
    with caplog.at_level(logging.ERROR, "emoji_mock"):
        events = [*page.look(with_regions=True), *page.look(with_regions=True)]
    assert sum(made.startswith(b"event: rules\n") for made in events) == 1
    assert [made for made in events if made.startswith(b"event: money\n")] == [
        b'event: money\ndata: "<p class=\\"empty\\">This part cannot be shown. The log of the server says why.</p>"\n\n'
    ]
    assert [record.message for record in caplog.records] == [
        "emoji-mock cannot show the region 'money'; please report this"
    ]

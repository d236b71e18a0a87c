"""The region of time: the fake's time, the scenario, and what changes them."""

from emoji_mock import Clock, Fake
from emoji_mock.config.scenarios import find, shipped
from emoji_mock.server.dashboard.regions import REGIONS
from emoji_mock.server.dashboard.render import render
from emoji_mock.server.dashboard.views import steering

HTML = {region.name: region.html for region in REGIONS}


def test_the_time_is_that_of_the_fake():
    """Frozen, it says so, and offers to let it run."""
    clock = Clock()
    fake = Fake(clock=clock)
    assert not steering.view(fake).frozen
    assert "frozen</span>" not in HTML["time"](fake)
    clock.freeze(1_764_417_600.0)
    assert steering.view(fake)[:2] == (1_764_417_600.0, True)
    assert "frozen</span>" in HTML["time"](fake)


def test_every_shipped_scenario_can_be_played():
    """By its name; the one that is played is named."""
    fake = Fake()
    assert [scenario.name for scenario in steering.view(fake).scenarios] == list(shipped())
    assert "No scenario is played." in HTML["time"](fake)
    fake.play(find("flaky-monday"))
    assert "The scenario is <strong>flaky-monday</strong>." in HTML["time"](fake)


def test_a_report_has_no_controls():
    """Nothing listens to them in a file."""
    fake = Fake()
    for region in REGIONS:
        if region.name in {"money", "limits", "rules", "time", "findings"}:
            html = render(region.name, view=region.view(fake), live=False)
            assert [tag for tag in ("<form", "<button", "data-action") if tag in html] == []

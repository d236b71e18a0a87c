"""The clock, the scenario that is played, and the reset."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from emoji_mock.config.scenarios import find, shipped

if TYPE_CHECKING:
    from emoji_mock.fake.rules.scenario import Scenario
    from emoji_mock.server.control.steered import SteeredFake


class TimeView(NamedTuple):
    """What the region shows; `scenarios` are those that can be played by their names."""

    now: float
    frozen: bool
    scenario: Scenario | None
    scenarios: tuple[Scenario, ...]


def view(fake: SteeredFake) -> TimeView:
    """Return the time of the fake and its scenario."""
    return TimeView(fake.clock(), fake.clock.frozen, fake.scenario, _shipped())


@cache
def _shipped() -> tuple[Scenario, ...]:
    return tuple(find(name) for name in shipped())

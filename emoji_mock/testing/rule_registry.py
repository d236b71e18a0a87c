"""The book of a test: a fake, and where in the test each of its rules was written."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from emoji_mock.contract.endpoint import EndpointName
from emoji_mock.fake.rules.active_rule import EVERYONE, ActiveRule
from emoji_mock.fake.rules.rule import RequestFacts

if TYPE_CHECKING:
    from emoji_mock.assembly import Fake
    from emoji_mock.fake.accounting.journal import Entry
    from emoji_mock.fake.rules.rule import Rule
    from emoji_mock.fake.rules.scenario import Scenario

_OURS = str(Path(__file__).parent)


class RegisteredRule(NamedTuple):
    """A rule as it stands, and the file and line that wrote it."""

    standing: ActiveRule
    place: str


class RuleRegistry:
    """A fake for one test, whose rules remember where they come from."""

    def __init__(self, fake: Fake) -> None:
        self.fake = fake
        self.url = ""
        """Where a server answers with it, if one does."""
        self._places: dict[int, str] = {}
        self._given: dict[int, str] = {}  # likewise of rules that need not be used

    def write(self, rule: Rule) -> None:
        """Put `rule` before the others, for every key."""
        self._places[self.fake.store.add_rule(rule, EVERYONE).id] = caller()

    def play(self, scenario: Scenario | None) -> None:
        """Let `scenario` stand, if there is one; its rules need not be used."""
        if scenario is None:
            return
        name = f"the scenario {scenario.name}".rstrip()
        self._given |= {standing.id: name for standing in self.fake.play(scenario)}

    def rules(self) -> list[RegisteredRule]:
        """Return the rules in the order in which they are tried."""
        standings = self.fake.store.rules()
        places = self._given | self._places
        return [RegisteredRule(standing, places.get(standing.id, "the control API")) for standing in standings]

    def unused(self) -> list[RegisteredRule]:
        """Return the rules of the test that no call has met."""
        return [
            written
            for written in self.rules()
            if not written.standing.used
            and written.standing.id in self._places
            and not self._left_to_chance(written.standing.rule)
        ]

    def _left_to_chance(self, rule: Rule) -> bool:
        """Say whether some call could have met `rule`, and was spared by chance."""
        return rule.chance is not None and any(rule.matches(_asked(entry)) for entry in self.calls())

    def calls(self) -> list[Entry]:
        """Return every exchange so far, oldest first."""
        return self.fake.store.journal(limit=self.fake.options.journal_size).entries


def _asked(entry: Entry) -> RequestFacts:
    endpoint = EndpointName(entry.endpoint) if entry.endpoint else None
    return RequestFacts(entry.model, entry.image_url, entry.key, endpoint)


def caller() -> str:
    """Return the file and line of the nearest frame that is not ours."""
    frame = sys._getframe(1)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  # documented, and cheap
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_OURS):
        frame = frame.f_back
    path = Path(frame.f_code.co_filename)
    shown = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    return f"{shown}:{frame.f_lineno}"

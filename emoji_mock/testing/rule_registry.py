"""The rules of a test: a fake, and the file and line in which each of its rules was added."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from emoji_mock._support import real_time
from emoji_mock.contract.endpoint import EndpointName
from emoji_mock.fake.clock import Clock
from emoji_mock.fake.rules.active_rule import EVERYONE, ActiveRule
from emoji_mock.fake.rules.rule import RequestFacts
from emoji_mock.testing.processes import ProcessWatch

if TYPE_CHECKING:
    from collections.abc import Callable

    from emoji_mock.assembly import Fake
    from emoji_mock.fake.accounting.journal import Entry
    from emoji_mock.fake.rules.rule import Rule
    from emoji_mock.fake.rules.scenario import Scenario

_PACKAGE = str(Path(__file__).parent)


class RegisteredRule(NamedTuple):
    """A rule with its uses, the file and line that added it, and when: 0 if before any call."""

    active: ActiveRule
    place: str
    added: float = 0.0


class RuleRegistry:
    """A fake for one test, which knows where each rule comes from."""

    def __init__(self, fake: Fake) -> None:
        self.fake = fake
        self.url = ""
        """The root URL of the server that serves this fake, or ""."""
        self.notices: Callable[[], list[str]] = list
        """Returns what is to be said of connections to that server that did not reach this fake."""
        self.processes = ProcessWatch()
        self._places: dict[int, str] = {}
        self._times: dict[int, float] = {}
        self._optional: dict[int, str] = {}  # the same for rules that need not be used

    def add(self, rule: Rule) -> None:
        """Add `rule` before the others, for every key."""
        added = self.fake.store.add_rule(rule, EVERYONE).id
        self._places[added] = caller()
        if isinstance(self.fake.clock, Clock):  # of another clock the journal keeps no real time
            self._times[added] = real_time.wall()

    def play(self, scenario: Scenario | None) -> None:
        """Play `scenario`, unless it is None; its rules need not be used."""
        if scenario is None:
            return
        name = f"the scenario {scenario.name}".rstrip()
        self._optional |= {active.id: name for active in self.fake.play(scenario)}

    def rules(self) -> list[RegisteredRule]:
        """Return the rules in the order in which they are tried."""
        active_rules = self.fake.store.rules()
        places = self._optional | self._places
        return [
            RegisteredRule(active, places.get(active.id, "the control API"), self._times.get(active.id, 0.0))
            for active in active_rules
        ]

    def unused(self) -> list[RegisteredRule]:
        """Return the rules of the test that applied to no call."""
        return [
            rule
            for rule in self.rules()
            if not rule.active.used and rule.active.id in self._places and not self._missed_by_chance(rule.active.rule)
        ]

    def _missed_by_chance(self, rule: Rule) -> bool:
        """Return whether `rule` matches a call and did not apply only by its chance."""
        return rule.chance is not None and any(rule.matches(_facts(entry)) for entry in self.calls())

    def calls(self) -> list[Entry]:
        """Return every exchange so far, oldest first."""
        return self.fake.store.journal(limit=self.fake.options.journal_size).entries


def _facts(entry: Entry) -> RequestFacts:
    endpoint = EndpointName(entry.endpoint) if entry.endpoint else None
    return RequestFacts(entry.model, entry.image_url, entry.key, endpoint)


def caller() -> str:
    """Return the file and line of the nearest frame outside of this package."""
    frame = sys._getframe(1)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  # documented, and cheap
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        frame = frame.f_back
    path = Path(frame.f_code.co_filename)
    with suppress(OSError, ValueError):  # the working directory is gone, or the file is elsewhere
        path = path.relative_to(Path.cwd())
    return f"{path}:{frame.f_lineno}"

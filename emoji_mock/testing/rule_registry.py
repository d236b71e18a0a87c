"""The rules of a test: how they are added to a fake, and the file and line in which each was."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from emoji_mock._support import real_time
from emoji_mock.contract.catalogue import UnknownCodeError, find
from emoji_mock.contract.endpoint import EndpointName
from emoji_mock.contract.row import Outcome
from emoji_mock.fake.clock import Clock
from emoji_mock.fake.network.latency import Latency, read_latency
from emoji_mock.fake.rules.active_rule import EVERYONE, ActiveRule
from emoji_mock.fake.rules.rule import RequestFacts, Rule
from emoji_mock.testing.processes import ProcessWatch

if TYPE_CHECKING:
    from collections.abc import Callable

    from emoji_mock.assembly import Fake
    from emoji_mock.contract.codes import Code
    from emoji_mock.fake.accounting.journal import Entry
    from emoji_mock.fake.network.faults import FaultKind
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


class Steering:
    """Adds rules for the calls from now on: the newest is tried first, the older ones apply once it is used up.

    A rule is for every model that can answer it, or for `model` alone.
    """

    def __init__(self, registry: RuleRegistry, **criteria: str | None) -> None:
        self._registry = registry
        self._criteria: dict[str, Any] = criteria

    def passes(
        self,
        *,
        face: tuple[int, int, int, int] | None = None,
        image_size: tuple[int, int] | None = None,
        times: int | None = None,
        model: str | None = None,
    ) -> None:
        """Let detections pass, with this face (x1, y1, x2, y2) or this image size (width, height) in pixels."""
        __tracebackhide__ = True
        self._add_rule(Outcome.PASSED, None, times, model, face=face, image_size=image_size)

    def fails(self, code: Code | str, *, times: int | None = None, model: str | None = None) -> None:
        """Let detections (HTTP 200, billed) or tasks fail with `code`, in the words of their model.

        Raises ValueError, which names similar codes.
        """
        __tracebackhide__ = True
        self._add_rule(Outcome.FAILED, code, times, model)

    def errors(
        self,
        code: Code | str,
        *,
        times: int | None = None,
        retry_after: int | None = None,
        model: str | None = None,
    ) -> None:
        """Refuse calls with `code` (4xx or 5xx, not billed); `retry_after` adds that header. Raises ValueError."""
        __tracebackhide__ = True
        self._add_rule(Outcome.ERROR, code, times, model, retry_after=retry_after)

    def faults(
        self,
        kind: FaultKind | str,
        *,
        seconds: float | None = None,
        times: int | None = None,
        chance: float | None = None,
        model: str | None = None,
    ) -> None:
        """Break calls by a fault instead of answering them; `seconds` is the duration of a stall or a drip.

        Raises ValueError, which lists the kinds of fault.
        """
        __tracebackhide__ = True
        self._add_rule(None, None, times, model, fault=kind, seconds=seconds, chance=chance)

    def slow(
        self,
        latency: float | str | Latency,
        *,
        times: int | None = None,
        chance: float | None = None,
        model: str | None = None,
    ) -> None:
        """Delay answers of every kind, by seconds or a distribution (`lognormal:0.2,0.5`); delays add up."""
        __tracebackhide__ = True
        self._add_rule(None, None, times, model, latency=latency, chance=chance)

    def _add_rule(
        self,
        outcome: Outcome | None,
        code: str | None,
        times: int | None,
        model: str | None,
        **rest: Any,  # noqa: ANN401 - the other fields of a rule
    ) -> None:
        __tracebackhide__ = True  # so that pytest shows the line of the test
        criteria: dict[str, Any] = self._criteria
        if model is not None:
            if criteria.get("model") not in (None, model):
                raise ValueError(f"model: when() says {criteria['model']!r}, and not {model!r}; say one of them")
            criteria = {**criteria, "model": model}
        try:
            if isinstance(rest.get("latency"), str):
                rest["latency"] = read_latency(rest["latency"])
            rule = Rule(outcome=outcome, code=code, times=times, **rest, **criteria)
        except ValueError as error:
            raise ValueError(f"{error}{_other_verb(outcome, code)}") from None
        self._registry.add(rule)


def _other_verb(outcome: Outcome | None, code: str | None) -> str:
    """Return which method to use instead if `code` belongs to another outcome, or ""."""
    if code is None or outcome is None or _is_known(code, outcome):
        return ""
    other, verb = (Outcome.ERROR, "errors") if outcome is Outcome.FAILED else (Outcome.FAILED, "fails")
    return f"; use {verb}({str(code)!r})" if _is_known(code, other) else ""


def _is_known(code: str, outcome: Outcome) -> bool:
    try:
        find(code, outcome)
    except UnknownCodeError:
        return False
    return True


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

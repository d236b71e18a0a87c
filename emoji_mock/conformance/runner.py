"""The run: cases against a target, free ones first, money counted before it is spent, at the rate the vendor allows."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from emoji_mock.conformance.judge.difference import Difference, Kind
from emoji_mock.conformance.judge.drift import compare, conclude, denial_of, settle
from emoji_mock.conformance.judge.judge import judge
from emoji_mock.conformance.judge.reading import read
from emoji_mock.conformance.judge.result import Result, Verdict
from emoji_mock.conformance.recordings.redaction import Redactor
from emoji_mock.conformance.targets.sending import NotPreparedError, Played, play
from emoji_mock.conformance.targets.server import FakeTarget
from emoji_mock.conformance.targets.target import NoAnswerError, TargetError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from emoji_mock.conformance.cases.case import Case, Filled
    from emoji_mock.conformance.judge.reading import Reading
    from emoji_mock.conformance.targets.target import Target
    from emoji_mock.contract.exchange import Request, Response

    Heard = Callable[[Case, Played], None]

# https://help.aliyun.com/zh/model-studio/rate-limit: one request a second for this model.
INTERVAL = 1.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a run found: a result for each case in the order asked, and what it spent.

    `reserved` images were counted before the calls, `billed` is what the answers say. `stopped` if it was broken off;
    `strays` are recordings that belong to no case any more.
    """

    target: str
    live: bool
    results: tuple[Result, ...]
    calls: int
    budget: int | None
    reserved: int
    billed: int
    stopped: bool = False
    strays: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """What is said of the target as a whole: the worst that was found."""
        found = {result.verdict for result in self.results}
        for worst in (Verdict.DRIFTED, Verdict.NOT_SERVED, Verdict.UNDECIDED):
            if worst in found:
                return worst
        judged = found & {Verdict.CONFORMS, Verdict.TEACHES}
        return Verdict.CONFORMS if judged else Verdict.UNDECIDED


class Runner:
    """Runs cases against `target`, spending at most `budget` images (None: no cap, for targets that cost nothing).

    `clock` and `sleep` keep the rate of a live target; `heard` is told of every exchange.
    """

    def __init__(
        self,
        target: Target,
        *,
        budget: int | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        heard: Heard | None = None,
    ) -> None:
        self._target = target
        self._budget = 0 if budget is None and target.live else budget
        self._clock, self._sleep = clock, sleep
        self._heard = heard
        self._fake = FakeTarget()
        self._redactor = Redactor(target.secrets)
        self._results: list[Result] = []
        self._ids: set[str] = set()
        self._last: float | None = None
        self._answered = False
        self._calls = self._reserved = self._billed = 0

    def run(self, cases: Iterable[Case], told: Callable[[Result], None] = lambda _: None) -> Report:
        """Run `cases`, telling each result as it comes, and report them all. Raises TargetError if nobody answers."""
        for case in in_order(cases):
            self._results.append(self._one(case))
            told(self._results[-1])
        return self.report()

    def report(self) -> Report:
        """Return what was found and spent so far: of a run that was broken off, too."""
        return Report(
            target=self._target.name,
            live=self._target.live,
            results=tuple(settle(self._results)),
            calls=self._calls,
            budget=self._budget,
            reserved=self._reserved,
            billed=self._billed,
        )

    def _one(self, case: Case) -> Result:
        filled = self._target.fill(case)
        if isinstance(filled, str):
            return Result(case=case, verdict=Verdict.SKIPPED, reason=filled)
        if not self._reserve(case):
            return Result(case=case, verdict=Verdict.SKIPPED, reason="the budget is spent: --budget N")
        try:
            played = play(case, filled, self._send, self._target.wait)
        except TargetError as error:
            if not self._answered:
                raise
            return self._unanswered(case, self._redactor.text(str(error)))
        except NoAnswerError as error:
            return self._unanswered(case, self._redactor.text(str(error)))
        except NotPreparedError as error:
            return self._unprepared(case, error)
        if self._heard is not None:
            self._heard(case, played)
        return self._judged(case, played.filled, played.response)

    def _send(self, request: Request) -> Response:
        self._wait()
        self._calls += 1
        response = self._target.send(request)
        self._answered = True
        return response

    def _reserve(self, case: Case) -> bool:
        if self._budget is None or not self._target.live:
            return True
        # A free call that was billed all the same has eaten into the budget; with that gone, nothing more is asked.
        cost = int(case.costs)
        if self._reserved + cost > self._budget or self._reserved > self._budget:
            return False
        self._reserved += cost
        return True

    def _wait(self) -> None:
        if self._target.live:
            if self._last is not None:
                self._sleep(max(0.0, self._last + INTERVAL - self._clock()))
            self._last = self._clock()

    def _judged(self, case: Case, filled: Filled, response: Response) -> Result:
        reading = read(response)
        self._billed += reading.images
        if reading.images > int(case.costs):
            self._reserved += reading.images - int(case.costs)
        own = play(case, self._fake.fill(case), self._fake.send, self._fake.wait)
        of_fake = judge(case, own.filled, own.response)
        judged = judge(case, filled, response)
        judged = judged._replace(differences=(*judged.differences, *self._judge_id(reading)))
        result = conclude(case, judged, of_fake, reading, live=self._target.live)
        text = self._redactor.text
        findings = [
            replace(one, where=text(one.where), target=text(one.target), contract=text(one.contract))
            for one in result.findings
        ]
        return replace(result, findings=tuple(findings), reason=text(result.reason))

    def _judge_id(self, reading: Reading) -> Iterator[Difference]:
        """Yield a difference if an answer before had the same request id."""
        told = str((reading.document or {}).get("request_id", ""))
        if told and told in self._ids:
            yield Difference(Kind.REQUEST_ID, "request_id", "another one in each answer", told)
        self._ids.add(told)

    def _unprepared(self, case: Case, error: NotPreparedError) -> Result:
        reading = read(error.response)
        self._billed += reading.images
        self._reserved += reading.images
        reason = self._redactor.text(str(error))
        return Result(case=case, verdict=Verdict.UNDECIDED, reason=reason, denial=denial_of(case, reading))

    def _unanswered(self, case: Case, how: str) -> Result:
        verdict = Verdict.UNDECIDED if self._target.live else Verdict.DRIFTED
        findings = compare((Difference(Kind.NO_ANSWER, "connection", "an answer", how),), ())
        return Result(case=case, verdict=verdict, reason=how, findings=findings)


def in_order(cases: Iterable[Case]) -> Sequence[Case]:
    """Return `cases` with those first that cost nothing, then those that cost: each picture once before any twice."""
    shown: Counter[str] = Counter()

    def turn(case: Case) -> int:
        shown[case.shows] += case.costs
        return shown[case.shows] if case.costs else 0

    return sorted(cases, key=turn)

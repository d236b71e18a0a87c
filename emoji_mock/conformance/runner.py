"""Run cases against a target: free ones first, within a budget of images, at the vendor's rate limit."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from emoji_mock.conformance.judge.difference import Difference, DifferenceKind
from emoji_mock.conformance.judge.drift import assess, compare, find_denial, mark_unserved
from emoji_mock.conformance.judge.judge import judge
from emoji_mock.conformance.judge.result import Assessment, CaseResult
from emoji_mock.conformance.judge.summary import summarize
from emoji_mock.conformance.recordings.redaction import Redactor
from emoji_mock.conformance.report.report import Report
from emoji_mock.conformance.targets.fake import FakeTarget
from emoji_mock.conformance.targets.sending import CaseExchange, SetupError, send_case
from emoji_mock.conformance.targets.target import NoAnswerError, TargetError
from emoji_mock.contract.models import DETECTORS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from emoji_mock.conformance.cases.case import Case
    from emoji_mock.conformance.judge.summary import ResponseSummary
    from emoji_mock.conformance.targets.target import Target
    from emoji_mock.contract.exchange import Request, Response
    from emoji_mock.contract.model import Model

_MARGIN = 1.05
"""By how much the pause between two calls for a model is longer than its rate asks for."""


class Runner:
    """Runs cases against `target` and bills at most `budget` images (None: no limit, for a target that is not live).

    `clock` and `sleep` keep the rate of a live target. `on_exchange` is called with every exchange.
    """

    def __init__(
        self,
        target: Target,
        *,
        budget: int | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        on_exchange: Callable[[Case, CaseExchange], None] | None = None,
    ) -> None:
        self._target = target
        self._budget = 0 if budget is None and target.live else budget
        self._clock, self._sleep = clock, sleep
        self._on_exchange = on_exchange
        self._fake = FakeTarget()
        self._redactor = Redactor(target.secrets)
        self._results: list[CaseResult] = []
        self._request_ids: set[str] = set()
        self._last_calls: dict[str, float] = {}
        self._answered = False
        self._calls = self._reserved = 0
        self._billed: Counter[str] = Counter()

    def run(self, cases: Iterable[Case], on_result: Callable[[CaseResult], None] = lambda _: None) -> Report:
        """Run `cases`, call `on_result` with each result, and return the report.

        Raises TargetError if the target cannot be reached before its first answer.
        """
        for case in order_cases(cases):
            self._results.append(self._run_case(case))
            on_result(self._results[-1])
        return self.report()

    def report(self) -> Report:
        """Return what has been found and spent so far."""
        return Report(
            target=self._target.name,
            live=self._target.live,
            results=tuple(mark_unserved(self._results)),
            calls=self._calls,
            budget=self._budget,
            reserved=self._reserved,
            billed=self._billed.total(),
            cost=sum((price_of(model) * images for model, images in self._billed.items()), Decimal()),
        )

    def _run_case(self, case: Case) -> CaseResult:
        bindings = self._target.bind(case)
        if isinstance(bindings, str):
            return CaseResult(case=case, assessment=Assessment.SKIPPED, reason=bindings)
        if not self._reserve(case):
            return CaseResult(case=case, assessment=Assessment.SKIPPED, reason="the budget is spent: --budget N")
        try:
            exchange = send_case(case, bindings, partial(self._send, case), self._target.wait)
        except TargetError as error:
            if not self._answered:
                raise
            return self._without_answer(case, self._redactor.text(str(error)))
        except NoAnswerError as error:
            return self._without_answer(case, self._redactor.text(str(error)))
        except SetupError as error:
            return self._without_setup(case, error)
        if self._on_exchange is not None:
            self._on_exchange(case, exchange)
        return self._judge(case, exchange)

    def _send(self, case: Case, request: Request) -> Response:
        self._keep_rate(case.contract)
        self._calls += 1
        response = self._target.send(request)
        self._answered = True
        return response

    def _reserve(self, case: Case) -> bool:
        """Reserve an image if `case` may be billed, and return whether it may be sent."""
        if self._budget is None or not self._target.live:
            return True
        # If a free call was billed beyond the budget, no further call is sent.
        cost = int(case.costs)
        if self._reserved + cost > self._budget or self._reserved > self._budget:
            return False
        self._reserved += cost
        return True

    def _keep_rate(self, model: Model) -> None:
        if self._target.live:
            if model.name in self._last_calls:
                self._sleep(max(0.0, self._last_calls[model.name] + _MARGIN / model.rps - self._clock()))
            self._last_calls[model.name] = self._clock()

    def _judge(self, case: Case, exchange: CaseExchange) -> CaseResult:
        summary = summarize(exchange.response)
        self._billed[case.model] += summary.images
        if summary.images > int(case.costs):
            self._reserved += summary.images - int(case.costs)
        own = send_case(case, self._fake.bind(case), self._fake.send, self._fake.wait)
        of_fake = judge(case, own.bindings, own.response)
        judged = judge(case, exchange.bindings, exchange.response)
        judged = judged._replace(differences=(*judged.differences, *self._compare_request_id(summary)))
        result = assess(case, judged, of_fake, summary, live=self._target.live)
        text = self._redactor.text
        comparisons = tuple(
            replace(one, where=text(one.where), target=text(one.target), contract=text(one.contract))
            for one in result.comparisons
        )
        return replace(result, comparisons=comparisons, reason=text(result.reason))

    def _compare_request_id(self, summary: ResponseSummary) -> Iterator[Difference]:
        """Yield a difference if an earlier answer had the same request id."""
        found = str((summary.document or {}).get("request_id", ""))
        if found and found in self._request_ids:
            yield Difference(DifferenceKind.REQUEST_ID, "request_id", "another one in each answer", found)
        self._request_ids.add(found)

    def _without_setup(self, case: Case, error: SetupError) -> CaseResult:
        summary = summarize(error.response)
        self._billed[case.model] += summary.images
        self._reserved += summary.images
        reason, denial = self._redactor.text(str(error)), find_denial(case, summary)
        return CaseResult(case=case, assessment=Assessment.UNDECIDED, reason=reason, denial=denial)

    def _without_answer(self, case: Case, reason: str) -> CaseResult:
        assessment = Assessment.UNDECIDED if self._target.live else Assessment.DRIFTED
        comparisons = compare((Difference(DifferenceKind.NO_ANSWER, "connection", "an answer", reason),), ())
        return CaseResult(case=case, assessment=assessment, reason=reason, comparisons=comparisons)


def price_of(model: str) -> Decimal:
    """Return the price of an image in CNY; only verdicts on pictures are billed by the image."""
    return DETECTORS[model].price if model in DETECTORS else Decimal()


def order_cases(cases: Iterable[Case]) -> Sequence[Case]:
    """Return the free cases, then those that cost: each kind of picture once for each model before any twice."""
    used: Counter[tuple[str, str]] = Counter()

    def rank(case: Case) -> int:
        shown = (case.model, case.picture_name)
        used[shown] += case.costs
        return used[shown] if case.costs else 0

    return sorted(cases, key=rank)

"""The runner: free cases first, images counted before the call, the rate limit, and the budget."""

import json
from collections import Counter
from decimal import Decimal

import pytest

from emoji_mock import Fake, Options
from emoji_mock.conformance.cases import CASES
from emoji_mock.conformance.judge.result import Assessment
from emoji_mock.conformance.runner import Runner, order_cases
from emoji_mock.conformance.targets.target import NoAnswerError, TargetError
from emoji_mock.contract.row import Row

BY_NAME = {case.name: case for case in CASES}


class Time:
    """A clock that moves only by sleeping."""

    def __init__(self):
        self.now, self.slept = 100.0, []

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


def runner(target, **options):
    """Return a runner with a simulated clock."""
    clock = Time()
    target.clock = clock
    return Runner(target, clock=clock, sleep=clock.sleep, **options)


def test_free_cases_go_first():
    """Cases that cost nothing are sent before those that may be billed."""
    costs = [case.costs for case in order_cases(CASES)]
    assert costs == sorted(costs)
    assert set(costs) == {True, False}


def test_each_picture_is_shown_once_before_any_is_shown_twice():
    """A small budget covers as many kinds of pictures, of as many models, as possible."""
    shown = [(case.model, case.picture_name) for case in order_cases(CASES) if case.costs]
    assert Counter(model for model, _ in set(shown)) == {
        "emoji-detect-v1": 9,
        "emo-detect-v1": 10,
        "wan2.2-s2v-detect": 11,
        "liveportrait-detect": 11,
        "animate-anyone-detect-gen2": 13,
    }
    assert len(set(shown[:54])) == 54
    assert shown[54] in shown[:54]


def skipped(result):
    """Return whether a case was not sent for its cost."""
    return result.reason == "the budget is spent: --budget N"


def is_billed(case):
    """Return whether the picture of a case gets a verdict; some models refuse some pictures as HTTP errors."""
    return not isinstance(case.expected[0], Row) or case.expected[0].billed


@pytest.mark.parametrize("budget", [0, 1, 3, 100])
def test_the_budget_is_never_exceeded(fake_live, budget):
    """The number of billed images is at most the budget, and is in the report."""
    target = fake_live()
    report = runner(target, budget=budget).run(CASES)
    possible = sum(case.costs for case in CASES)
    assert report.reserved == min(budget, possible)
    refused = [one for one in report.results if one.case.costs and not skipped(one) and not is_billed(one.case)]
    assert target.billed == report.billed == report.reserved - len(refused)
    assert report.cost == Decimal("0.004") * report.billed
    assert report.budget == budget
    assert sum(map(skipped, report.results)) == possible - min(budget, possible)


def test_without_a_budget_a_live_service_gets_free_cases_only(fake_live):
    """A run without a budget bills no image."""
    target = fake_live()
    report = runner(target).run(CASES)
    assert (target.billed, report.budget, report.reserved) == (0, 0, 0)
    assert target.requests != []


def test_an_image_is_reserved_before_its_call(fake_live):
    """A call without an answer counts against the budget, since it may have been billed."""
    target = fake_live()

    def lost(request):
        target.requests.append(request)
        raise NoAnswerError("ReadTimeout")

    target.send = lost
    costly = [case for case in CASES if case.costs]
    report = runner(target, budget=2).run(costly)
    assert (len(target.requests), report.reserved, report.billed) == (2, 2, 0)
    assert [one.assessment for one in report.results[:2]] == [Assessment.UNDECIDED] * 2


def test_a_run_continues_when_the_service_becomes_unreachable(fake_live):
    """Results and spending are kept; only a target that never answered raises TargetError."""
    target = fake_live()
    send, answered = target.send, []

    def once(request):
        if answered:
            raise TargetError("no connection", unreachable=True)
        answered.append(request)
        return send(request)

    target.send = once
    report = runner(target).run(CASES[:3])
    assert [one.assessment for one in report.results] == [
        Assessment.CONFORMS,
        Assessment.UNDECIDED,
        Assessment.UNDECIDED,
    ]
    assert report.results[1].reason == "no connection"
    with pytest.raises(TargetError):
        runner(target).run(CASES[:3])


def test_an_interrupted_run_can_be_reported(fake_live):
    """The report contains the results and the spending so far."""
    target = fake_live()

    def stop(_):
        raise KeyboardInterrupt

    interrupted = runner(target, budget=3)
    with pytest.raises(KeyboardInterrupt):
        interrupted.run([case for case in CASES if case.costs], stop)
    report = interrupted.report()
    assert (len(report.results), report.reserved, report.billed, report.calls) == (1, 1, 1, 1)


def test_a_free_call_that_is_billed_stops_the_spending(fake_live):
    """A service that bills errors can exceed the budget by one image only."""
    target = fake_live(
        mutate=lambda answer: answer._replace(
            body=answer.body.replace(b'{"code"', b'{"usage":{"image_count":1},"code"')
        )
    )
    runner(target, budget=0).run(CASES)
    assert target.billed == 1


def test_calls_to_a_live_service_are_a_second_apart(fake_live):
    """The rate of calls for emoji-detect-v1 is at most one a second, by the given clock."""
    target = fake_live()
    runner(target, budget=2).run([case for case in CASES if case.model == "emoji-detect-v1"])
    gaps = [after - before for before, after in zip(target.sent_at, target.sent_at[1:], strict=False)]
    assert len(gaps) > 20
    assert min(gaps) >= 1.0


def test_each_model_has_its_own_rate(fake_live):
    """Calls for a model of 5 calls a second are 0.21 s apart, and wait for no other model."""
    target = fake_live()
    runner(target).run([BY_NAME[name] for name in ("input/missing", "emo-detect-v1/input/missing", "emo-detect-v1/input/null", "input/null")])  # fmt: skip
    assert [round(at - target.sent_at[0], 2) for at in target.sent_at] == [0.0, 0.0, 0.21, 1.05]


def test_calls_to_other_targets_are_not_delayed():
    """A target that is not live has no rate limit."""
    clock = Time()
    from emoji_mock.conformance.targets.fake import FakeTarget

    Runner(FakeTarget(), clock=clock, sleep=clock.sleep).run(CASES[:5])
    assert clock.slept == []


def test_a_live_service_confirms_guesses(fake_live):
    """An inferred promise that holds is reported; a documented one conforms."""
    report = runner(fake_live(), budget=100).run(CASES)
    confirmed = {one.case.name for one in report.results if one.reason.startswith("a guess was confirmed")}
    assert "auth/basic" in confirmed
    assert "auth/no-header" not in confirmed
    assert report.assessment is Assessment.CONFORMS


@pytest.mark.parametrize(("code", "status"), [("Throttling.RateQuota", 429), ("InternalError", 500)])
def test_a_transient_error_of_a_live_service_is_undecided(fake_live, code, status):
    """A throttled call or an internal error says nothing about the contract."""
    document = json.dumps({"code": code, "message": "x", "request_id": "y"}).encode()
    target = fake_live(mutate=lambda answer: answer._replace(status=status, body=document))
    report = runner(target).run(CASES[:4])
    assert {one.assessment for one in report.results} == {Assessment.UNDECIDED}
    assert report.assessment is Assessment.UNDECIDED


def test_each_result_is_passed_to_the_callback():
    """`on_result` is called with every result in order."""
    from emoji_mock.conformance.targets.fake import FakeTarget

    results = []
    report = Runner(FakeTarget(Fake(Options(seed=1)))).run(CASES[:7], results.append)
    assert results == list(report.results)

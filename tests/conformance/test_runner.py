"""The run: free cases first, money counted before it is spent, one call a second, and nothing asked beyond the budget."""

import json

import pytest

from emoji_mock import Fake, Options
from emoji_mock.conformance.cases import CASES
from emoji_mock.conformance.judge.result import Assessment
from emoji_mock.conformance.runner import Runner, order_cases
from emoji_mock.conformance.targets.target import NoAnswerError, TargetError


class Time:
    """A clock that only sleeping moves."""

    def __init__(self):
        self.now, self.slept = 100.0, []

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


def runner(target, **options):
    """Return a runner whose time is made up."""
    moment = Time()
    target.clock = moment
    return Runner(target, clock=moment, sleep=moment.sleep, **options)


def test_free_cases_go_first():
    """Errors cost nothing, so they are asked before any picture is."""
    costs = [case.costs for case in order_cases(CASES)]
    assert costs == sorted(costs)
    assert set(costs) == {True, False}


def test_each_picture_is_shown_once_before_any_is_shown_twice():
    """A small budget is not spent on the same picture: nine pictures, nine different ones."""
    shown = [case.picture_name for case in order_cases(CASES) if case.costs]
    assert len(set(shown)) == 9
    assert len(set(shown[:9])) == 9
    assert shown[9] in shown[:9]


@pytest.mark.parametrize("budget", [0, 1, 3, 100])
def test_the_budget_is_never_exceeded(fake_live, budget):
    """At most as many images are billed as were allowed, and the report says how many."""
    target = fake_live()
    report = runner(target, budget=budget).run(CASES)
    possible = sum(case.costs for case in CASES)
    assert target.billed == report.billed == report.reserved == min(budget, possible)
    assert report.budget == budget
    skipped = [one for one in report.results if one.reason == "the budget is spent: --budget N"]
    assert len(skipped) == possible - min(budget, possible)


def test_without_a_budget_a_live_service_is_asked_nothing_that_costs(fake_live):
    """Money is spent only when it was allowed."""
    target = fake_live()
    report = runner(target).run(CASES)
    assert (target.billed, report.budget, report.reserved) == (0, 0, 0)
    assert target.asked != []


def test_an_image_is_counted_before_its_call(fake_live):
    """A call whose answer is lost has been counted, for it may have been billed."""
    target = fake_live()

    def lost(request):
        target.asked.append(request)
        raise NoAnswerError("ReadTimeout")

    target.send = lost
    costly = [case for case in CASES if case.costs]
    report = runner(target, budget=2).run(costly)
    assert (len(target.asked), report.reserved, report.billed) == (2, 2, 0)
    assert [one.assessment for one in report.results[:2]] == [Assessment.UNDECIDED] * 2


def test_a_service_that_goes_away_is_not_the_end_of_the_run(fake_live):
    """What was found and spent before is not lost; only where nobody ever answered is there nothing to tell."""
    target = fake_live()
    send, answered = target.send, []

    def once(request):
        if answered:
            raise TargetError("nobody answers", unreachable=True)
        answered.append(request)
        return send(request)

    target.send = once
    report = runner(target).run(CASES[:3])
    assert [one.assessment for one in report.results] == [
        Assessment.CONFORMS,
        Assessment.UNDECIDED,
        Assessment.UNDECIDED,
    ]
    assert report.results[1].reason == "nobody answers"
    with pytest.raises(TargetError):
        runner(target).run(CASES[:3])


def test_a_run_that_is_broken_off_can_still_be_reported(fake_live):
    """With what was found and spent so far."""
    target = fake_live()

    def stop(_):
        raise KeyboardInterrupt

    broken = runner(target, budget=3)
    with pytest.raises(KeyboardInterrupt):
        broken.run([case for case in CASES if case.costs], stop)
    report = broken.report()
    assert (len(report.results), report.reserved, report.billed, report.calls) == (1, 1, 1, 1)


def test_a_free_call_that_is_billed_stops_the_spending(fake_live):
    """A service that bills errors cannot eat up more than one image beyond what was foreseen."""
    target = fake_live(
        spoil=lambda answer: answer._replace(body=answer.body.replace(b'{"code"', b'{"usage":{"image_count":1},"code"'))
    )
    runner(target, budget=0).run(CASES)
    assert target.billed == 1


def test_a_live_service_is_asked_once_a_second(fake_live):
    """Calls begin at least a second apart, by the clock that is given."""
    target = fake_live()
    runner(target, budget=2).run(CASES)
    gaps = [after - before for before, after in zip(target.at, target.at[1:], strict=False)]
    assert len(gaps) > 20
    assert min(gaps) >= 1.0


def test_other_targets_are_not_waited_for():
    """A mock costs nothing and has no limit."""
    moment = Time()
    from emoji_mock.conformance.targets.fake import FakeTarget

    Runner(FakeTarget(), clock=moment, sleep=moment.sleep).run(CASES[:5])
    assert moment.slept == []


def test_a_live_service_confirms_guesses(fake_live):
    """What was inferred and holds is reported, so that the row can be promoted; documented cases just conform."""
    report = runner(fake_live(), budget=100).run(CASES)
    confirmed = {one.case.name for one in report.results if one.reason.startswith("a guess was confirmed")}
    assert "auth/basic" in confirmed
    assert "auth/no-header" not in confirmed
    assert report.assessment is Assessment.CONFORMS


@pytest.mark.parametrize(("code", "status"), [("Throttling.RateQuota", 429), ("InternalError", 500)])
def test_passing_trouble_of_a_live_service_is_undecided(fake_live, code, status):
    """A throttled call says nothing of the contract."""
    document = json.dumps({"code": code, "message": "x", "request_id": "y"}).encode()
    target = fake_live(spoil=lambda answer: answer._replace(status=status, body=document))
    report = runner(target).run(CASES[:4])
    assert {one.assessment for one in report.results} == {Assessment.UNDECIDED}
    assert report.assessment is Assessment.UNDECIDED


def test_a_run_tells_each_result_as_it_comes():
    """A progress bar can follow."""
    from emoji_mock.conformance.targets.fake import FakeTarget

    heard = []
    report = Runner(FakeTarget(Fake(Options(seed=1)))).run(CASES[:7], heard.append)
    assert heard == list(report.results)

"""The arithmetic of the benchmarks and of the soak of replicas."""

from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parent / "benchmarks"


@pytest.fixture
def measuring(monkeypatch):
    """Return the module of clocks, turns and the report."""
    monkeypatch.syspath_prepend(BENCHMARKS)
    import measuring

    return measuring


@pytest.fixture
def checks(monkeypatch):
    """Return the module of what replicas promise."""
    monkeypatch.syspath_prepend(BENCHMARKS)
    import replica_checks

    return replica_checks


def test_what_is_compared_runs_in_turns(measuring):
    """Each round measures one after the other, so that both meet the same machine."""
    order = []
    figures = measuring.in_turns({name: lambda name=name: order.append(name) or len(order) for name in "ab"}, 3)
    assert order == ["a", "b"] * 3
    assert figures == {"a": [1, 3, 5], "b": [2, 4, 6]}


def test_a_ratio_is_the_median_of_the_rounds(measuring):
    """A round that something else disturbed does not count."""
    assert measuring.ratio([2, 30, 8], [1, 3, 2]) == 4


def test_a_goal_says_whether_it_is_met(measuring, capsys):
    """A figure is held against the goal from above or from below, and a missed one is counted."""
    report = measuring.Report()
    report.row("cost", 1.5, goal=measuring.Goal(1.5, 1.3))
    report.row("cost", 1.51, goal=measuring.Goal(1.5, 1.3))
    report.row("gain", 4.6, goal=measuring.Goal(4.5, at_least=True))
    report.row("gain", 4.4, goal=measuring.Goal(4.5, at_least=True))
    verdicts = [line.partition(" x    ")[2] for line in capsys.readouterr().out.splitlines()]
    assert verdicts == [
        "goal: at most 1.5 x, stretch 1.3: met",
        "goal: at most 1.5 x, stretch 1.3: MISSED",
        "goal: at least 4.5 x: met",
        "goal: at least 4.5 x: MISSED",
    ]
    assert report.missed == 2


@pytest.mark.parametrize(
    ("charged", "received", "uncertain", "exact"),
    [
        ({"passed": 3, "errors": 1}, {"passed": 3, "errors": 1}, 0, True),
        ({"passed": 4}, {"passed": 3}, 0, False),
        ({"passed": 4}, {"passed": 3}, 1, True),
        ({"passed": 4, "done": 1}, {"passed": 3}, 1, False),
        ({"passed": 2, "errors": 1}, {"passed": 3}, 1, False),
    ],
)
def test_a_ledger_is_exact_but_for_calls_without_an_answer(checks, charged, received, uncertain, exact):
    """Each answer is on the ledger; beyond that, at most the calls whose answer never came."""
    assert checks.is_exact(charged, received, uncertain) is exact


def test_only_calls_that_lie_wholly_within_a_second_count_for_it(checks):
    """A call is admitted at an unknown time between its two ends, so one that reaches out of the second proves nothing."""
    assert checks.most_within([(0.0, 0.1), (0.2, 0.4), (0.5, 1.1), (0.9, 0.95)], 1.0) == 3
    assert checks.most_within([(0.0, 0.1), (0.2, 0.4), (0.5, 1.1), (0.9, 0.95)], 0.5) == 2
    assert checks.most_within([], 1.0) == 0


def test_calls_are_at_once_only_for_as_long_as_the_server_surely_has_them(checks):
    """A call that lasts 0.2 s and took 0.3 s was surely in progress for the 0.1 s in the middle."""
    assert checks.most_at_once([(0.0, 0.3), (0.05, 0.35), (0.25, 0.55)], 0.2) == 2
    assert checks.most_at_once([(0.0, 0.3), (0.1, 0.4)], 0.2) == 1
    assert checks.most_at_once([(0.0, 0.5)], 0.2) == 0


def test_a_refusal_has_a_reason_if_enough_calls_may_have_counted(checks):
    """Of two calls a second, one is refused rightly while both others may lie within the second before it."""
    admitted = [(0.0, 0.1), (0.5, 0.6)]
    assert checks.without_reason([(0.7, 0.8), (1.05, 1.2)], admitted, 2, 1.0) == 0
    assert checks.without_reason([(1.15, 1.2), (0.2, 0.3)], admitted, 2, 1.0) == 2
    assert checks.without_reason([(0.05, 0.55), (0.2, 0.3)], admitted, 2, 0.0) == 1


def test_a_refusal_belongs_to_the_absence_before_it(checks):
    """What is refused while the engine is away is right; afterwards it says how long the return took."""
    absences = [(10.0, 12.0), (20.0, 23.0)]
    assert checks.latest_after(absences, [11.0, 12.5, 13.0, 22.0, 23.25]) == 1.0
    assert checks.latest_after(absences, [11.0]) == 0.0
    assert checks.latest_after([], [11.0]) == 0.0


def test_a_recount_finds_what_is_missing_repeated_or_out_of_order(checks):
    """Numbers go up one by one, each request id comes once, and the ledger is what the entries add up to."""
    usual = {"namespace": "a", "code": "", "billed": False, "wasted": False, "video": False, "video_seconds": 0.0}
    recount = checks.Recount()
    recount.add({**usual, "number": 1, "request_id": "one", "outcome": "passed", "billed": True})
    recount.add({**usual, "number": 2, "request_id": "two", "outcome": "done", "video": True, "video_seconds": 2.0})
    recount.add({**usual, "number": 3, "request_id": "three", "outcome": "error"})
    assert (recount.missing, recount.disorder, recount.repeated) == (0, 0, 0)
    bill = {"passed": 1, "done": 1, "errors": 1, "images_billed": 1, "videos": 1, "video_seconds": 2.0}
    assert recount.is_ledger("a", bill)
    assert not recount.is_ledger("a", bill | {"passed": 2})
    assert not recount.is_ledger("b", bill)
    recount.add({**usual, "number": 6, "request_id": "three", "outcome": "passed"})
    recount.add({**usual, "number": 5, "request_id": "four", "outcome": "passed"})
    assert (recount.missing, recount.disorder, recount.repeated) == (2, 1, 1)

"""The arithmetic of the benchmarks."""

from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parent / "benchmarks"


@pytest.fixture
def measuring(monkeypatch):
    """Return the module of clocks, turns and the report."""
    monkeypatch.syspath_prepend(BENCHMARKS)
    import measuring

    return measuring


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

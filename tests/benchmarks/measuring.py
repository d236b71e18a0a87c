"""Clocks, turns and the report that the benchmarks share."""

import os
import statistics
import time
from dataclasses import dataclass

ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""For processes that are measured: after the first start, a user has compiled modules."""


def cpu_of(pid):
    """Return the CPU seconds that a process has used, all its threads included.

    The number of the clock is that of the C library's `clock_getcpuclockid`. Linux counts in nanoseconds what a process
    has used when it last stopped running, and while it runs at each tick, so read it while the process waits.
    """
    return time.clock_gettime(~pid << 3 | 2)


def settled_cpu_of(pid):
    """Return the CPU seconds of a process as soon as they stand still, at most after a second."""
    before = cpu_of(pid)
    for _ in range(100):
        time.sleep(0.01)
        now = cpu_of(pid)
        if now == before:
            break
        before = now
    return before


def in_turns(measures, rounds):
    """Call each of the named measures once a round, and return the figures of each by name."""
    figures = {name: [] for name in measures}
    for _ in range(rounds):
        for name, measure in measures.items():
            figures[name].append(measure())
    return figures


def ratio(ones, others):
    """Return the median of the ratios, round by round."""
    return statistics.median(one / other for one, other in zip(ones, others, strict=True))


def cpu_per_call(work, calls):
    """Return the CPU seconds of this process for one call of `work`, the mean of `calls`."""
    began = time.process_time_ns()
    for _ in range(calls):
        work()
    return (time.process_time_ns() - began) / calls / 1e9


@dataclass(frozen=True)
class Goal:
    """What a figure should be: at most `limit`, or at least."""

    limit: float
    stretch: float | None = None
    at_least: bool = False
    unit: str = "x"

    def __str__(self):
        text = f"goal: at {'least' if self.at_least else 'most'} {self.limit:g} {self.unit}"
        return text if self.stretch is None else f"{text}, stretch {self.stretch:g}"

    def is_met(self, figure):
        """Return whether the figure is as good as the goal."""
        return figure >= self.limit if self.at_least else figure <= self.limit


class Report:
    """Print rows of figures, each beside its goal."""

    def __init__(self):
        self.missed = 0

    def heading(self, text):
        """Print the name of a group of rows."""
        print(f"\n{text}", flush=True)

    def row(self, what, figure, unit="x", goal=None, digits=2):
        """Print one figure, its goal, and whether it is met."""
        verdict = ""
        if goal is not None:
            met = goal.is_met(figure)
            self.missed += not met
            verdict = f"{goal}: {'met' if met else 'MISSED'}"
        print(f"  {what:68} {figure:>9,.{digits}f} {unit:4} {verdict}".rstrip(), flush=True)

    def micros(self, what, seconds):
        """Print the median of CPU times in microseconds."""
        self.row(what, statistics.median(seconds) * 1e6, "µs", digits=1)

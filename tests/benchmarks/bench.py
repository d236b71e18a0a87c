"""Measure every goal of speed, and print each figure beside its goal. Ratios count, the microseconds are this machine's.

    python tests/benchmarks/bench.py                   everything but memory: some ten minutes
    python tests/benchmarks/bench.py --quick           a tenth of the calls
    python tests/benchmarks/bench.py --only requests   one group
    python tests/benchmarks/bench.py --memory          the memory of the server, too: minutes more
    PYTHONPATH=OTHER:OTHER/pytest_plugin python tests/benchmarks/bench.py    the same of another checkout

A figure is CPU time, which other load on the machine disturbs least, over at least 20,000 calls. What is compared runs
in turns, A B A B, so that a drift in the machine's speed affects both equally; a ratio is the median of the rounds'
ratios. The exit status is 1 if a goal is missed.
"""

import argparse
import subprocess
import sys
from dataclasses import dataclass
from importlib import import_module

from measuring import Report

GROUPS = {
    "requests": "bench_server",
    "start": "bench_server",
    "secure_calls": "bench_programs",
    "run_start": "bench_programs",
    "answers": "bench_calls",
    "httpx_calls": "bench_calls",
    "entering": "bench_calls",
    "httpx2_calls": "bench_libraries",
    "requests_calls": "bench_libraries",
    "aiohttp_calls": "bench_libraries",
    "entering_all": "bench_libraries",
    "collecting": "bench_pytest",
    "server_fixture": "bench_pytest",
    "project": "bench_pytest",
    "store_calls": "bench_replicas",
    "replicas": "bench_replicas",
    "store_start": "bench_replicas",
    "memory": "bench_server",
}
"""Each group is a function, and the module that has it."""


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    quick: bool

    def turns(self, calls, rounds):
        """Return the calls of a turn and the number of turns, so that all of them make `calls`."""
        if self.quick:
            calls, rounds = max(calls // 10, 1), min(rounds, 5)
        return max(calls // rounds, 1), rounds


def main():
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", choices=GROUPS, help="measure this group; may be repeated")
    parser.add_argument("--quick", action="store_true", help="a tenth of the calls")
    parser.add_argument("--memory", action="store_true", help="measure the memory of the server, too")
    options = parser.parse_args()
    groups = options.only or [name for name in GROUPS if name != "memory" or options.memory]
    if len(groups) == 1:
        report = Report()
        getattr(import_module(GROUPS[groups[0]]), groups[0])(report, Plan(options.quick))
        sys.exit(report.missed > 0)
    # A process for each, as a library that is loaded has its costs: `intercept` patches what it finds.
    command = [sys.executable, __file__, *(["--quick"] if options.quick else [])]
    missed = [name for name in groups if subprocess.run([*command, "--only", name], check=False).returncode]
    print(f"\nmissed goals in: {', '.join(missed)}" if missed else "\nall goals met")
    sys.exit(bool(missed))


if __name__ == "__main__":
    main()

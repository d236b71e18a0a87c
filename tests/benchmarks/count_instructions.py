"""Count the machine instructions of an answer in process, and compare them with those in `instructions.json`.

    python tests/benchmarks/count_instructions.py            exit status 1 if one differs by more than 5 %
    python tests/benchmarks/count_instructions.py --renew    write the counts of this run to the file

A count repeats to a thousandth, whatever else the machine does, so it shows what a measurement of time cannot. It depends
on how Python was built, by up to 28 %, so the file has ratios to a reference that was counted in the same process: to a
miniature of an answer, or to a bare call of httpx. Those differ by at most 4 % between two builds of one version of Python.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from instruction_workloads import CALLS, MARK

HERE = Path(__file__).parent
RECORDED = HERE / "instructions.json"
TOLERANCE = 0.05
RENEW = "python tests/benchmarks/count_instructions.py --renew"
GROUPS = [["reference", "the same picture", "new pictures", "entering"], ["bare httpx", "httpx"]]
"""The workloads that are counted in one process; the first is the reference of the others."""
DUMPS = 3  # of a workload: before it, after the first run, after the second


def valgrind(workloads, folder):
    """Run the workloads by callgrind, and return its counts in order."""
    command = ["valgrind", "--tool=callgrind", f"--dump-before={MARK}", f"--callgrind-out-file={folder}/count"]
    done = subprocess.run(
        [*command, sys.executable, str(HERE / "instruction_workloads.py"), *workloads],
        env=os.environ | {"PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    numbers = range(1, DUMPS * len(workloads) + 1)
    files = [Path(folder, f"count.{number}") for number in numbers]
    if done.returncode or not all(file.exists() for file in files):
        raise SystemExit(f"callgrind gave no counts (exit status {done.returncode}):\n{done.stderr[-2000:]}")
    return [int(re.search(r"^summary: (\d+)", file.read_text(), re.MULTILINE)[1]) for file in files]


def per_call(counts, calls):
    """Return the instructions of one call: of a run and one of twice as many calls, what the second has more."""
    _, once, twice = counts
    return (twice - once) / calls


def count_group(workloads):
    """Return the instructions of a call of each workload."""
    with tempfile.TemporaryDirectory() as folder:
        counts = valgrind(workloads, folder)
    parts = [counts[start : start + DUMPS] for start in range(0, len(counts), DUMPS)]
    return {name: per_call(part, CALLS[name]) for name, part in zip(workloads, parts, strict=True)}


def ratios(groups):
    """Return how many instructions each workload needs for one of its group's reference, the first."""
    found = {}
    for counts in groups:
        (_, reference), *rest = counts.items()
        found |= {name: round(number / reference, 4) for name, number in rest}
    return found


def deviations(found, recorded):
    """Return by which share each ratio is above the recorded one, or below it."""
    if found.keys() != recorded.keys():
        raise SystemExit(f"instructions.json has other workloads than are counted. Renew it:\n    {RENEW}")
    return {name: ratio / recorded[name] - 1 for name, ratio in found.items()}


def print_counts(groups, changes):
    """Print the counts of each workload, and how its ratio differs from the recorded one."""
    for counts in groups:
        reference = next(iter(counts))
        for name, number in counts.items():
            ratio = "" if name == reference else f"{number / counts[reference]:7.3f} x {reference}"
            change = "" if name == reference else f"{changes[name]:+7.1%}"
            missed = "   MISSED" if abs(changes.get(name, 0)) > TOLERANCE else ""
            print(f"  {name:18} {number:>12,.0f}   {ratio:26}{change}{missed}".rstrip())


def main():
    """Count, and compare or write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--renew", action="store_true", help="write the counts of this run to instructions.json")
    renew = parser.parse_args().renew
    if shutil.which("valgrind") is None:
        print("instructions per answer: skipped, as valgrind is not installed")
        sys.exit(2 if renew else 0)
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    recorded = json.loads(RECORDED.read_text())
    if version not in recorded and not renew:
        print(
            f"instructions per answer: skipped, as none are recorded for Python {version}. To record them:\n    {RENEW}"
        )
        return
    with ThreadPoolExecutor(len(GROUPS)) as pool:
        groups = list(pool.map(count_group, GROUPS))
    found = ratios(groups)
    if renew:
        RECORDED.write_text(json.dumps(recorded | {version: found}, indent=4) + "\n")
    changes = deviations(found, found if renew else recorded[version])
    print(f"instructions per answer, Python {version}, and their deviation from {RECORDED.name}")
    print_counts(groups, changes)
    if max(map(abs, changes.values())) > TOLERANCE:
        print(f"more than {TOLERANCE:.0%} more, or less. If that is meant to be, record it:\n    {RENEW}")
        sys.exit(1)


if __name__ == "__main__":
    main()

"""The arithmetic of the check that counts instructions."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parent / "benchmarks"


VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"


@pytest.fixture
def check(monkeypatch):
    """Return the module of the check."""
    monkeypatch.syspath_prepend(BENCHMARKS)
    import count_instructions

    return count_instructions


@pytest.fixture
def run(check, monkeypatch, tmp_path):
    """Return a function that runs the check with records and counts that are given, and returns the records after it."""

    def run(records, counts, *arguments):
        recorded = tmp_path / "instructions.json"
        recorded.write_text(json.dumps(records))
        monkeypatch.setattr(check, "RECORDED", recorded)
        monkeypatch.setattr(check, "GROUPS", [list(counts)])
        monkeypatch.setattr(check, "count_group", lambda _: counts)
        monkeypatch.setattr(check.shutil, "which", lambda _: "/usr/bin/valgrind")
        monkeypatch.setattr(sys, "argv", ["count_instructions.py", *arguments])
        check.main()
        return json.loads(recorded.read_text())

    return run


def test_a_call_is_what_the_longer_run_has_more(check):
    """What both runs cost beside their calls is not counted, nor what was before them."""
    assert check.per_call([9_000, 1_000 + 20 * 7, 1_000 + 40 * 7], 20) == 7


def test_ratios_are_to_the_first_of_a_group(check):
    """Each group's first workload is the reference of the others, and has no ratio of its own."""
    groups = [{"reference": 200, "same": 100, "new": 150}, {"bare": 1_000, "httpx": 1_234.56}]
    assert check.ratios(groups) == {"same": 0.5, "new": 0.75, "httpx": 1.2346}


@pytest.mark.parametrize(
    ("found", "line", "status"),
    [
        (1.04, "  same                        104     1.040 x reference         +4.0%", 0),
        (0.96, "  same                         96     0.960 x reference         -4.0%", 0),
        (1.06, "  same                        106     1.060 x reference         +6.0%   MISSED", 1),
        (0.94, "  same                         94     0.940 x reference         -6.0%   MISSED", 1),
    ],
)
def test_more_than_five_percent_fails_in_both_directions(run, capsys, found, line, status):
    """A cost and a saving of more than 5 % fail, and the message names the command that records them."""
    counts = {"reference": 100, "same": 100 * found}
    if status:
        with pytest.raises(SystemExit) as ended:
            run({VERSION: {"same": 1.0}}, counts)
        assert ended.value.code == status
    else:
        run({VERSION: {"same": 1.0}}, counts)
    printed = capsys.readouterr().out
    assert line in printed.splitlines()
    assert ("python tests/benchmarks/count_instructions.py --renew" in printed) == bool(status)


def test_the_record_names_the_workloads_that_are_counted(check):
    """Each version of Python in the file has a ratio for every workload but the references."""
    counted = {name for _, *names in check.GROUPS for name in names}
    records = json.loads(check.RECORDED.read_text())
    assert records
    assert all(ratios.keys() == counted for ratios in records.values())


@pytest.mark.slow
def test_every_workload_runs(check):
    """The workloads run without callgrind, too, which here counts nothing."""
    names = [name for group in check.GROUPS for name in group]
    subprocess.run([sys.executable, BENCHMARKS / "instruction_workloads.py", *names], check=True, timeout=60)


def test_without_valgrind_the_check_is_skipped_by_name(check, monkeypatch, capsys):
    """Where valgrind is missing, nothing is counted and nothing fails."""
    monkeypatch.setattr(check.shutil, "which", lambda _: None)
    monkeypatch.setattr(sys, "argv", ["count_instructions.py"])
    with pytest.raises(SystemExit) as ended:
        check.main()
    assert ended.value.code == 0
    assert capsys.readouterr().out == "instructions per answer: skipped, as valgrind is not installed\n"


def test_a_version_without_a_record_is_skipped_by_name(run, capsys):
    """Where nothing is recorded for this version of Python, the message names the command that records it."""
    assert run({}, {}) == {}
    assert "skipped, as none are recorded" in capsys.readouterr().out


def test_renewing_writes_the_ratios_of_this_version(run):
    """The records of other versions stay."""
    records = run({"2.7": {"same": 3.0}}, {"reference": 100, "same": 150}, "--renew")
    assert records == {"2.7": {"same": 3.0}, VERSION: {"same": 1.5}}

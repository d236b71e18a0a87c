"""The soaks, in short."""

import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parent / "benchmarks"


@pytest.mark.slow
def test_a_short_soak_meets_its_goals():
    """Every fault, killed clients and SIGTERM under load: no journal entry, no image and no file descriptor is lost."""
    soak("soak.py", "--seconds", "4", "--connections", "50", "--rate", "200")


@pytest.mark.slow
def test_replicas_keep_their_promises_while_they_and_their_engine_are_killed():
    """Journal, ledgers, rules and limits agree with what the clients of three replicas were told."""
    soak("soak_replicas.py", "--seconds", "8", "--connections", "40", "--rate", "80")


def soak(name, *options):
    """Run a soak and expect it to meet all of its goals."""
    command = [sys.executable, BENCHMARKS / name, *options]
    # A killed replica may keep an image reserved for two minutes, for which the soak of replicas waits.
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "goal: 0" in done.stdout

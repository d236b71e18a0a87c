"""The soak, in short."""

import subprocess
import sys
from pathlib import Path

import pytest

SOAK = Path(__file__).parent / "benchmarks" / "soak.py"


@pytest.mark.slow
def test_a_short_soak_meets_its_goals():
    """Every fault, killed clients and SIGTERM under load: no journal entry, no image and no file descriptor is lost."""
    done = subprocess.run(
        [sys.executable, SOAK, "--seconds", "4", "--connections", "50", "--rate", "200"],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "goal: 0" in done.stdout

"""The sample project, tested as its owner would: a run of pytest of its own, without our configuration or fixtures."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).with_name("examples")


@pytest.mark.slow
def test_the_sample_project_passes():
    """Every test of the sample project passes, and the run says what it has spared."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:schemathesis",
        "--color=no",
        EXAMPLES,
    ]
    run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=EXAMPLES.parent.parent)
    assert run.returncode == 0, run.stdout + run.stderr
    assert re.search(r"^18 passed in ", run.stdout, re.MULTILINE)
    assert "emoji-mock: 35 calls faked, 0.068 CNY not spent" in run.stdout

"""The sample project, tested as its owner would: a run of pytest of its own, without our configuration or fixtures."""

import re
from pathlib import Path

import pytest
from helpers import run_pytest

EXAMPLES = Path(__file__).with_name("examples") / "python"


@pytest.mark.slow
def test_the_sample_project_passes():
    """Every test of the sample project passes, and the run says what it has spared."""
    run = run_pytest(EXAMPLES)
    assert run.returncode == 0, run.stdout + run.stderr
    assert re.search(r"^18 passed in ", run.stdout, re.MULTILINE)
    assert "emoji-mock: 35 calls faked, 0.068 CNY not spent" in run.stdout

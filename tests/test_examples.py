"""The sample project in Python, tested as its owner would: a run of pytest of its own, without our configuration or fixtures."""

import re
from pathlib import Path

import pytest
from helpers import OURS_ALONE, run_pytest

EXAMPLES = Path(__file__).with_name("examples") / "python"


@pytest.mark.slow
def test_the_sample_project_passes():
    """Every test passes: in the process, by a base URL, and unmodified; and the run says what it has spared."""
    run = run_pytest(EXAMPLES, **OURS_ALONE)
    assert run.returncode == 0, run.stdout + run.stderr
    assert re.search(r"^32 passed in ", run.stdout, re.MULTILINE)
    assert "emoji-mock: 73 calls faked, 0.120 CNY not spent\n" in run.stdout

"""The generated pages of docs/reference are those of the code."""

import subprocess
import sys
from pathlib import Path

import pytest

HOME = Path(__file__).parents[2]
GENERATOR = HOME / ".ci" / "reference"

pytestmark = pytest.mark.skipif(not GENERATOR.exists(), reason="only in a checkout: the generator is in .ci")


def test_the_pages_are_current():
    """`python .ci/reference --check` finds nothing; without it the command writes what is missing."""
    run = subprocess.run([sys.executable, GENERATOR, "--check"], capture_output=True, text=True, check=False)
    if run.returncode:
        pytest.fail(run.stdout + run.stderr, pytrace=False)

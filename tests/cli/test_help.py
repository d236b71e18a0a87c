"""The help texts: verbs by task, and examples that the command accepts."""

import re
import shlex

import pytest
from command import run_command

from emoji_mock.cli.main import VERBS, make_parser

NAMES = [name for verbs in VERBS.values() for name in verbs]


def test_the_help_lists_every_verb_by_task():
    """Each task is a heading, each verb a line below it."""
    text = run_command("--help").stdout
    assert [task for task in VERBS if f"\n{task}:\n" in text] == list(VERBS)
    assert [name for name in NAMES if f"\n  {name} " in text] == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_examples_of_a_verb_are_accepted(name):
    """Each line below `examples` is a command line that parses."""
    found = re.findall(r"^  (emoji-mock .*)$", run_command(name, "--help", COLUMNS="200").stdout, re.MULTILINE)
    assert found or name in ("scenario", "preload", "schema")
    for line in found:
        assert callable(make_parser().parse_args(shlex.split(line.partition(" > ")[0])[1:]).run)

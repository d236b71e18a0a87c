"""Changes of the environment as text for a shell."""

import json
import shutil
import subprocess

import pytest

from emoji_mock.programs.shells import SHELLS, render

VALUES = {
    "PLAIN": "http://127.0.0.1:1",
    "EMPTY": "",
    "SPACES": " a  b ",
    "QUOTES": "a'b\"c`d",
    "TYPOGRAPHIC": "a\u2018b\u2019c\u201ad\u201be",
    "SIGNS": "$HOME;$(id)|&*?[x]{a,b}~!#%^()<>\\",
    "TWO_LINES": "a\nb",
    "ENDING": "a\\",
    "ESCAPED": "\\' \\\\ \\n",
}


@pytest.mark.parametrize(
    ("shell", "text"),
    [
        ("sh", "export A='it'\"'\"'s'\nunset B"),
        ("fish", "set -gx A 'it\\'s'\nset -e B"),
        ("powershell", "$env:A = 'it''s'\nRemove-Item -ErrorAction SilentlyContinue Env:B"),
        ("json", '{\n  "A": "it\'s",\n  "B": null\n}'),
    ],
)
def test_each_shell_has_its_syntax(shell, text):
    """A variable is set, and another one unset."""
    assert render({"A": "it's", "B": None}, shell) == text


def test_every_shell_is_known():
    """These are the shells, and JSON."""
    assert SHELLS == ("sh", "fish", "powershell", "json")


@pytest.mark.parametrize(
    ("program", "shell"), [("sh", "sh"), ("bash", "sh"), ("zsh", "sh"), ("fish", "fish"), ("pwsh", "powershell")]
)
def test_the_shell_itself_reads_every_value(program, shell):
    """Quotes, spaces, line ends and signs reach the environment of the shell's programs unchanged."""
    path = shutil.which(program)
    if path is None:
        pytest.skip(f"{program} is not installed")
    script = f"{render({**VALUES, 'GONE': None}, shell)}\nenv -0"
    run = subprocess.run(
        [path, "-c", script], env={"GONE": "here", "PATH": "/usr/bin:/bin"}, capture_output=True, check=True
    )
    found = dict(line.split("=", 1) for line in run.stdout.decode().split("\0") if line)
    assert {name: found.get(name) for name in VALUES} == VALUES
    assert "GONE" not in found


def test_typographic_quotes_are_doubled_for_powershell():
    """PowerShell ends a string at four typographic quotes, too."""
    assert (
        render({"A": "\u2018\u2019\u201a\u201b"}, "powershell")
        == "$env:A = '\u2018\u2018\u2019\u2019\u201a\u201a\u201b\u201b'"
    )


def test_json_holds_every_value():
    """Any JSON parser reads the same values."""
    assert json.loads(render(VALUES, "json")) == VALUES

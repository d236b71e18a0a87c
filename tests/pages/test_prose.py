"""The check of the pages' English, `.ci/prose`."""

import runpy
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("harper", reason="needs harper-py, of the extra ci")

COMMAND = Path(__file__).parents[2] / ".ci" / "prose"


@pytest.fixture(scope="module")
def remarks():
    """Return a function that checks a page and returns the texts of the remarks."""
    check = runpy.run_path(str(COMMAND))
    grammar = check["grammar_of_the_project"]()
    return lambda page: [(one.line, one.text) for one in sorted(check["remarks"](page, grammar))]


GOOD = """<!-- not run: it needs an acount. -->
# Test a Django view

Send the colour of a portrait to `https://example.com/me.png`, or to a copy of it that
the fake holds. The answer is in `output`.

```python
colour = "mispeled"  # code is not prose
```

| code | meaning |
|---|---|
| `FacePose` | the head is turned |
"""


def test_a_good_page_passes(remarks):
    """Plain British English, code, comments and tables bring no remark."""
    assert remarks(GOOD) == []


@pytest.mark.parametrize(
    ("page", "line", "remark"),
    [
        ("This is an test.\n", 1, "'an': Incorrect indefinite article. ('a')"),
        ("One.\n\nThe color is red.\n", 3, "'color': Did you mean to spell `color` this way?"),
        ("A portrait is acepted.\n", 1, "'acepted': Did you mean to spell `acepted` this way?"),
        ("Use it in order to test.\n", 1, "'in order to': write 'to'"),
        ("Use a value\nin\norder to test.\n", 1, "'in order to': write 'to'"),
        (
            f"A short one.\nEvery {' '.join(['every'] * 12)}\n{' '.join(['every'] * 13)}.\n",
            2,
            "a sentence has 26 words",
        ),
        (f"| a |\n|---|\n| {' '.join(['every'] * 26)} |\n", 3, "a sentence has 26 words, more than 25; split it"),
        ("short " * 17 + "\n", 1, "the line has 102 characters; wrap it at 100"),
    ],
)
def test_a_bad_sentence_is_named(remarks, page, line, remark):
    """A wrong article, a wrong spelling, a word to avoid, a long sentence and a long line are named with their line."""
    assert any(one[0] == line and one[1].startswith(remark) for one in remarks(page))


def test_output_may_be_long(remarks):
    """What a program prints is as long as it is; a command is not."""
    long = "word " * 21
    assert remarks(f"```console\n$ echo one\n{long}\n```\n\n```text\n{long}\n```\n") == []
    assert [line for line, _ in remarks(f"```console\n$ {long}\n```\n")] == [2]


def test_codes_in_a_row_count_once(remarks):
    """An enumeration of names in `code` makes a sentence no harder to read."""
    names = ",\n".join(["`FacePose`"] * 40)
    assert remarks(f"The codes are {names}.\n") == []


def test_the_command_fails_for_a_bad_page(tmp_path):
    """The command prints page, line and remark, and ends with 1."""
    page = tmp_path / "page.md"
    page.write_text("# Title\n\nThis is an test.\n")
    done = subprocess.run([sys.executable, COMMAND, page], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.splitlines()) == (
        1,
        [f"{page}:3: 'an': Incorrect indefinite article. ('a')", "pages checked: 1, remarks: 1"],
    )

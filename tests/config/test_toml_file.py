"""Mistakes in a file, reported as a compiler does."""

import os
from pathlib import Path

import pytest

from emoji_mock.config.toml_file import FileError, read_file, read_text
from emoji_mock.fake.rules.scenario import Scenario


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '[[rules]]\nfault = "reset"\n\n[[rules]]\noutcome = "failed"\ncode = "FacePoze"\n',
            ("it.toml:6:8: rules[1].code: unknown code 'FacePoze' for failed; did you mean FacePose, InvalidFile.FacePose or FullFace?\n"
            '   6 | code = "FacePoze"\n'
            "     |        ^^^^^^^^^^"),
        ),
        (
            '[[rules]]\n  tmes = 3\n  fault = "reset"',
            "it.toml:2:3: rules[0].tmes: unknown field 'tmes'; did you mean times?\n   2 |   tmes = 3\n     |   ^^^^",
        ),
        (
            "rules = [\n\t{ chance = 3 },\n]",
            "it.toml:2:13: rules[0].chance: must be a number up to 1\n   2 | \t{ chance = 3 },\n     | \t           ^",
        ),
        (
            "[[rules]]\ntimes = 1\n",
            ("it.toml:1:3: rules[0].outcome: a rule must have an outcome, a fault or a latency\n"
            "   1 | [[rules]]\n     |   ^^^^^"),
        ),
        (
            "latency = { uniform = [3, 1] }",
            ("it.toml:1:11: latency: uniform must go from less to more, not from 3 to 1\n"
            "   1 | latency = { uniform = [3, 1] }\n     |           ^^^^^^^^^^^^^^^^^^^^"),
        ),
        (
            'description = "表情",',
            ("it.toml:1:19: is not TOML: Expected newline or end of document after a statement\n"
            '   1 | description = "表情",\n     |                     ^'),
        ),
        (
            'description = "open\n\n',
            "it.toml:1:20: is not TOML: Illegal character '\\n'\n   1 | description = \"open\n     |                    ^",
        ),
        (
            "seed =",
            "it.toml:1:7: is not TOML: Invalid value\n   1 | seed =\n     |       ^",
        ),
        ("[[rules]]\r\nfault = 3\r\n", "it.toml:2:9: rules[0].fault: must be text, not a whole number\n   2 | fault = 3\n     |         ^"),
        ("a = " + "[" * 2000 + "]" * 2000, "it.toml: is nested too deeply"),
        ("seed = 1" + "0" * 5000, "it.toml: Exceeds the limit (4300 digits) for integer string conversion"),
    ],
    ids=lambda text: text[:30],
)  # fmt: skip
def test_a_mistake_is_reported_with_line_and_carets(text, message):
    """File, line, column, field, problem; then the line, with carets below the field."""
    with pytest.raises(FileError) as error:
        read_text(text, Scenario, "it.toml")
    assert error.value.shown.startswith(message)
    assert str(error.value) == error.value.shown.partition("\n")[0]


def test_keys_are_redacted():
    """In the message and in the quoted line."""
    text = '[[rules]]\nkey = "sk-0123456789abcdef"\nfault = "reset" # sk-0123456789abcdef\nchance = 7\n'
    for wrong in (text, text.replace('"reset"', '"sk-0123456789abcdef"')):
        with pytest.raises(FileError) as error:
            read_text(wrong, Scenario, "it.toml")
        assert "0123456789" not in error.value.shown


def test_a_password_in_a_file_is_not_quoted():
    """It is an unknown field, and the quoted line ends before its value."""
    with pytest.raises(FileError) as error:
        read_text('store_password = "hunter2"\n', Scenario, "it.toml")
    assert error.value.shown.endswith("\n   1 | store_password = …\n     | ^^^^^^^^^^^^^^")


def test_control_characters_are_replaced():
    """In the message and in the quoted line; tabs stay."""
    with pytest.raises(FileError) as error:
        read_text('\t"a\x9b31m" = 1\n', Scenario, "it\x1b[2J.toml")
    assert error.value.shown == (
        "it�[2J.toml:1:2: a�31m: unknown field 'a\\x9b31m'; choose from name, description, seed, latency, limits, rules\n   1 | \t\"a�31m\" = 1\n     | \t^^^^^^^"
    )


def test_a_key_of_many_parts_is_refused_before_it_takes_time():
    """A line has at most a hundred dots; those in strings and comments do not count."""
    with pytest.raises(FileError, match=r"^it\.toml: line 2 must have at most 100 dots$"):
        read_text("seed = 1\na" + ".'a'" * 101 + " = 1", Scenario, "it.toml")
    dots = "." * 200
    assert read_text(f'description = "{dots}" # {dots}', Scenario, "it.toml").description == dots


def test_a_pipe_is_not_waited_for(tmp_path):
    """Only regular files are read: opening or reading a pipe may block."""
    path = tmp_path / "pipe.toml"
    os.mkfifo(path)
    with pytest.raises(FileError, match=r"pipe\.toml: is not a regular file$"):
        read_file(path, Scenario)
    with pytest.raises(FileError, match=r"^/dev/zero: is not a regular file$"):
        read_file(Path("/dev/zero"), Scenario)


def test_a_file_that_is_too_long_is_not_read(tmp_path):
    """The maximum is a megabyte."""
    path = tmp_path / "long.toml"
    path.write_text("# " + "x" * 1024 * 1024)
    with pytest.raises(FileError, match="must have at most 1048576 bytes"):
        read_file(path, Scenario)

"""The configuration file: everything that `serve` takes, and mistakes told by file, line and field."""

import pytest

from emoji_mock import Limits
from emoji_mock.config import load
from emoji_mock.toml_file import FileError

GOOD = """
host = "127.0.0.1"
port = 0
seed = 7
failed_as = 400
details = true
retired = false
journal_size = 10
verbose = true

[limits]
rps = 1
images = 200
spend = 0.8

[[rules]]
outcome = "error"
code = "RateQuota"
times = 2
image_url = "*/busy/*"
"""


def test_a_full_file_is_read(tmp_path):
    """Every option, and rules."""
    path = tmp_path / "mock.toml"
    path.write_text(GOOD)
    config = load(path)
    assert (config.port, config.failed_as, config.rules[0].code) == (0, 400, "Throttling.RateQuota")
    assert config.limits == Limits(rps=1, images=200, spend="0.8")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("port = ", ":1:8: is not TOML: "),
        ("seed = 1\nport = 70000", ":2:8: port: Expected `int` <= 65535"),
        ('port = "8000"', ":1:8: port: Expected `int`, got `str`"),
        ("failed_as = 404", ":1:13: failed_as: Invalid enum value 404"),
        ("prot = 1", ":1:1: prot: there is no such field"),
        (
            '[[rules]]\noutcome = "failed"\ncode = "FacePoze"',
            ":3:8: rules[0].code: no code 'FacePoze' for failed; the nearest: FacePose, ",
        ),
        ('[[rules]]\noutcome = "passed"\ntmes = 1', ":3:1: rules[0].tmes: there is no such field"),
        ("[limits]\nrps = 0", ":2:7: limits.rps: Expected `int` >= 1"),
        ("[limits]\nspend = -1", ":2:9: limits.spend: Expected `float` >= 0.0"),
        ("[limits]\nrpz = 1", ":2:1: limits.rpz: there is no such field"),
        ("a = " + "[" * 2000 + "]" * 2000, ": is nested too deeply"),
    ],
    ids=str,
)
def test_a_mistake_is_told_with_file_line_and_field(tmp_path, text, said):
    """One line says where and what."""
    path = tmp_path / "mock.toml"
    path.write_text(text)
    with pytest.raises(FileError) as error:
        load(path)
    assert str(error.value).startswith(f"{path}{said}")
    assert "\n" not in str(error.value)


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    """A missing file, a folder and a picture are named."""
    (tmp_path / "picture.toml").write_bytes(b"\x89PNG\xff")
    for name, said in [
        ("missing.toml", "No such file or directory"),
        (".", "Is a directory"),
        ("picture.toml", "is not UTF-8 text"),
    ]:
        with pytest.raises(FileError, match=said):
            load(tmp_path / name)

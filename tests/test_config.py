"""The configuration file: everything that `serve` takes, and mistakes told by file and field."""

import pytest

from emoji_mock.config import ConfigError, load

GOOD = """
host = "127.0.0.1"
port = 0
seed = 7
failed_as = 400
details = true
retired = false
journal_size = 10
verbose = true

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


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("port = ", "is not TOML: "),
        ("port = 70000", "Expected `int` <= 65535 - at `$.port`"),
        ('port = "8000"', "Expected `int`, got `str` - at `$.port`"),
        ("failed_as = 404", "Invalid enum value 404 - at `$.failed_as`"),
        ("prot = 1", "Object contains unknown field `prot`"),
        (
            '[[rules]]\noutcome = "failed"\ncode = "FacePoze"',
            "code: no code 'FacePoze' for failed; the nearest: FacePose, ",
        ),
        ('[[rules]]\noutcome = "passed"\ntmes = 1', "Object contains unknown field `tmes` - at `$.rules[0]`"),
        ("a = " + "[" * 2000 + "]" * 2000, "is nested too deeply"),
    ],
    ids=str,
)
def test_a_mistake_is_told_with_file_and_field(tmp_path, text, said):
    """One line says where and what."""
    path = tmp_path / "mock.toml"
    path.write_text(text)
    with pytest.raises(ConfigError) as error:
        load(path)
    assert str(error.value).startswith(f"{path}: {said}")
    assert "\n" not in str(error.value)


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    """A missing file, a folder and a picture are named."""
    (tmp_path / "picture.toml").write_bytes(b"\x89PNG\xff")
    for name, said in [
        ("missing.toml", "No such file or directory"),
        (".", "Is a directory"),
        ("picture.toml", "is not UTF-8 text"),
    ]:
        with pytest.raises(ConfigError, match=said):
            load(tmp_path / name)

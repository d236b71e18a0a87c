"""The configuration file: the settings of `serve`, and mistakes by file, line and field."""

import pytest

from emoji_mock import Limits
from emoji_mock.config.file import load
from emoji_mock.config.toml_file import FileError

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

[[rules]]
outcome = "error"
code = "InternalError"
endpoint = "storage"
"""


def test_a_full_file_is_read(tmp_path):
    """Every option, and rules."""
    path = tmp_path / "mock.toml"
    path.write_text(GOOD)
    config = load(path)
    assert (config["port"], config["failed_as"], config["rules"][0].code) == (0, 400, "Throttling.RateQuota")
    assert (config["rules"][1].endpoint, config["rules"][1].code) == ("storage", "storage-internal-error")
    assert config["limits"] == Limits(rps=1, images=200, spend="0.8")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("port = ", ":1:8: is not TOML: "),
        ("seed = 1\nport = 70000", ":2:8: port: must be a whole number up to 65535"),
        ('port = "8000"', ":1:8: port: must be a whole number, not text"),
        ("failed_as = 404", ":1:13: failed_as: unknown value 404; choose from 200, 400"),
        ("prot = 1", ":1:1: prot: unknown field 'prot'; did you mean port"),
        (
            '[[rules]]\noutcome = "failed"\ncode = "FacePoze"',
            ":3:8: rules[0].code: unknown code 'FacePoze' for failed; did you mean FacePose, ",
        ),
        ('[[rules]]\noutcome = "passed"\ntmes = 1', ":3:1: rules[0].tmes: unknown field 'tmes'; did you mean times"),
        ("[limits]\nrps = 0", ":2:7: limits.rps: must be a whole number from 1 on"),
        ("[limits]\nspend = -1", ":2:9: limits.spend: must be a number from 0 on"),
        ("[limits]\nrpz = 1", ":2:1: limits.rpz: unknown field 'rpz'; did you mean rps"),
        (
            "[limits]\nxyz = 1",
            ":2:1: limits.xyz: unknown field 'xyz'; choose from rps, burst, concurrency, task_qps, ",
        ),
        ('latency = "x"', ":1:11: latency: must be a number or an object, not text"),
        (
            '[[rules]]\noutcome = "fail"',
            ":2:11: rules[0].outcome: unknown value 'fail'; did you mean failed? Choose from passed, failed, error, done, ",
        ),
        ("rules = 1", ":1:9: rules: must be a list, not a whole number"),
        ('[[rules]]\noutcome = "passed"\nface = [1, 2]', ":3:8: rules[0].face: must be a list of 4, not 2"),
        ("a = " + "[" * 2000 + "]" * 2000, ": is nested too deeply"),
    ],
    ids=str,
)
def test_a_mistake_is_reported_with_file_line_and_field(tmp_path, text, said):
    """In one line."""
    path = tmp_path / "mock.toml"
    path.write_text(text)
    with pytest.raises(FileError) as error:
        load(path)
    assert str(error.value).startswith(f"{path}{said}")
    assert "\n" not in str(error.value)


def test_a_scenario_is_no_configuration(tmp_path):
    """The error names the right flag; for an invalid scenario it names the mistake."""
    path = tmp_path / "mine.toml"
    path.write_text('description = "x"\n[[rules]]\nfault = "reset"\n')
    with pytest.raises(FileError) as error:
        load(path)
    assert str(error.value) == f"{path}: is a scenario, not a configuration; use --scenario {path}"
    path.write_text('description = "x"\nport = 1\n')
    with pytest.raises(FileError, match="description: unknown field 'description'; choose from host, port, "):
        load(path)


def test_an_unreadable_file_is_reported(tmp_path):
    """A missing file, a folder, an image."""
    (tmp_path / "picture.toml").write_bytes(b"\x89PNG\xff")
    for name, said in [
        ("missing.toml", "No such file or directory"),
        (".", "Is a directory"),
        ("picture.toml", "must be UTF-8 text"),
    ]:
        with pytest.raises(FileError, match=said):
            load(tmp_path / name)

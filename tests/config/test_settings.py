"""Each setting is declared once: the command line and the TOML file take all of them, and the fake agrees."""

import re
from argparse import ArgumentError, ArgumentParser, Namespace
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from emoji_mock import Limits, Options
from emoji_mock.config import settings
from emoji_mock.config.serve_settings import ServeSettings, add_flags
from emoji_mock.config.setting import Place, Setting
from emoji_mock.config.settings import SETTINGS, settings_in
from emoji_mock.config.value_types import Integer, Number
from emoji_mock.fake.network.latency import Latency
from emoji_mock.fake.vision.eyes import Eyes

FLAGS = (
    "--seed=7 --failed-as=400 --humanoid --details --retired --as-of=2026-10-10 --upright --journal-size=10 --time-scale=0.5 --upload-dir=up"
    " --upload-bytes=99 --latency=lognormal:0.2,0.5 --limit=rps=1 --policy-key-file=key"
    " --eyes=roll=25 --kept-picture-bytes=7"
)
TOML = """
seed = 7
failed_as = 400
humanoid = true
details = true
retired = true
as_of = 2026-10-10
upright = true
journal_size = 10
time_scale = 0.5
upload_dir = "up"
upload_bytes = 99
latency = { lognormal = [0.2, 0.5] }
limits = { rps = 1 }
policy_key = "key"
eyes = { roll = 25 }
kept_picture_bytes = 7
"""
OPTIONS = Options(
    seed=7,
    failed_as=400,
    humanoid=True,
    details=True,
    retired=True,
    as_of=datetime(2026, 10, 10, tzinfo=timezone(timedelta(hours=8))),
    upright=True,
    journal_size=10,
    time_scale=0.5,
    upload_dir=Path("up"),
    upload_bytes=99,
    latency=Latency(lognormal=(0.2, 0.5)),
    policy_key=b"0123456789abcdef",
    limits=Limits(rps=1),
    eyes=Eyes(roll=25),
    kept_picture_bytes=7,
)
THROWAWAY = Setting("throw_away", Integer(1, 9), Place.SERVE | Place.FILE, "a setting of this test", "N", default=3)


def parse(*arguments):
    """Return what the flags of `serve` set."""
    parser = ArgumentParser(exit_on_error=False)
    add_flags(parser)
    return ServeSettings(parser.parse_args(arguments))


def test_the_values_above_set_every_option():
    """So that a new option is tested, too."""
    assert [field.name for field in fields(Options) if getattr(OPTIONS, field.name) == field.default] == []


def test_every_option_is_a_flag_and_a_key(tmp_path, monkeypatch):
    """The command line and the file give the same options; a relative path of the file starts from its folder."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "sub" / "mock.toml"
    path.parent.mkdir()
    path.write_text(TOML)
    for key in (tmp_path / "key", path.parent / "key"):
        key.write_bytes(b"0123456789abcdef\n")
    assert parse(*FLAGS.split()).options() == OPTIONS
    assert parse("--config", str(path)).options() == replace(OPTIONS, upload_dir=path.parent / "up")


def test_without_flags_the_defaults_of_the_fake_hold():
    """The declared defaults are those of Options, and the help tells them."""
    assert parse().options() == Options()
    declared = {setting.name: setting.default for setting in SETTINGS}
    assert {field.name: declared[field.name] for field in fields(Options)} == {
        field.name: field.default for field in fields(Options)
    }


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "{path}: No such file or directory; name a file that holds the key"),
        (b"short\n", "{path}: the key must have at least 16 bytes, not 5"),
    ],
)
def test_a_key_that_cannot_sign_is_refused(tmp_path, content, said):
    """A missing file and a key that could be guessed: the message names the file, and not what is in it."""
    path = tmp_path / "key"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ValueError, match=re.escape(said.format(path=path))):
        parse("--policy-key-file", str(path))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-10-10", datetime(2026, 10, 9, 16, tzinfo=UTC)),
        ('"2026-10-10"', datetime(2026, 10, 9, 16, tzinfo=UTC)),
        ("2026-10-10T08:00:00", datetime(2026, 10, 10, tzinfo=UTC)),
        ("2026-10-10T08:00:00Z", datetime(2026, 10, 10, 8, tzinfo=UTC)),
        ('"2026-10-10T08:00Z"', datetime(2026, 10, 10, 8, tzinfo=UTC)),
    ],
)
def test_a_day_of_the_file_is_a_date_a_time_or_text(tmp_path, written, meant):
    """A date begins in China, and a time without a zone is one in China; a flag reads the same text."""
    path = tmp_path / "mock.toml"
    path.write_text(f"as_of = {written}")
    assert parse("--config", str(path)).options().as_of == meant
    assert parse("--as-of", written.strip('"')).options().as_of == meant


@pytest.mark.parametrize(
    ("written", "quoted"),
    [
        ('"2026-13-01"', "'2026-13-01'"),
        ('"tomorrow"', "'tomorrow'"),
        ("2026", "2026"),
        ("08:00:00", "datetime.time(8, 0)"),
        ("[1]", "[1]"),
    ],
)
def test_what_is_no_day_is_refused_by_its_place(tmp_path, written, quoted):
    """The message shows what a day looks like; that of a file names line and column."""
    path = tmp_path / "mock.toml"
    path.write_text(f"seed = 1\nas_of = {written}")
    with pytest.raises(ValueError) as error:
        parse("--config", str(path))
    said = f"must be a date such as 2026-10-10 or a time such as 2026-10-09T16:00Z, not {quoted}"
    assert str(error.value) == f"{path}:2:9: as_of: {said}"


def test_a_flag_that_is_no_day_is_refused():
    """The message names the flag."""
    with pytest.raises(ArgumentError) as error:
        parse("--as-of", "soon")
    said = "must be a date such as 2026-10-10 or a time such as 2026-10-09T16:00Z, not 'soon'"
    assert str(error.value) == f"argument --as-of: {said}"


def test_names_of_hosts_come_from_flags_and_file(tmp_path):
    """A flag takes precedence; a name with a port is none."""
    path = tmp_path / "mock.toml"
    path.write_text('allow_host = ["One.example"]')
    assert parse("--config", str(path)).values["allow_host"] == ["one.example"]
    given = parse("--config", str(path), "--allow-host", "two", "--allow-host", "three.example")
    assert given.values["allow_host"] == ["two", "three.example"]
    path.write_text('allow_host = ["one.example:80"]')
    with pytest.raises(ValueError, match=r"allow_host: must be a host name without a port, not 'one"):
        parse("--config", str(path))


BOUNDED = [
    setting
    for setting in SETTINGS
    if isinstance(setting.type, Integer | Number) and setting.name in Options.__dataclass_fields__
]


@pytest.mark.parametrize("setting", BOUNDED, ids=lambda setting: setting.name)
def test_the_fake_has_the_declared_bounds(setting):
    """What a declaration accepts the fake accepts, and what it refuses by its bounds the fake refuses."""
    low, high = setting.type.low, setting.type.high
    assert setting.type.read(str(low)) == getattr(Options(**{setting.name: low}), setting.name)
    assert setting.type.read(str(high)) == getattr(Options(**{setting.name: high}), setting.name)
    for beyond in (low - 1, high + 1):
        with pytest.raises(ValueError, match="must be"):
            setting.type.read(str(beyond))
    with pytest.raises(ValueError, match=f"^{setting.name}: "):
        Options(**{setting.name: low - 1})
    if setting.name not in ("upload_bytes", "kept_picture_bytes"):  # limited by what TOML can hold, and by nothing else
        with pytest.raises(ValueError, match=f"^{setting.name}: "):
            Options(**{setting.name: high + 1})


def test_a_setting_is_added_by_one_entry(monkeypatch, tmp_path):
    """It is a flag of `serve` with bounds, default and help, and a key of the file."""
    monkeypatch.setattr(settings, "SETTINGS", (*SETTINGS, THROWAWAY))
    path = tmp_path / "mock.toml"
    path.write_text("throw_away = 4")
    assert parse().values["throw_away"] == 3
    assert parse("--throw-away", "5").values["throw_away"] == 5
    assert parse("--config", str(path)).values["throw_away"] == 4
    assert parse("--config", str(path), "--throw-away", "5").values["throw_away"] == 5
    parser = ArgumentParser()
    add_flags(parser)
    assert "--throw-away N a setting of this test (default: 3)" in " ".join(parser.format_help().split())
    with pytest.raises(Exception, match="argument --throw-away: must be a whole number from 1 to 9, not '10'"):
        parse("--throw-away", "10")
    path.write_text("throw_away = 10")
    with pytest.raises(ValueError, match=r"mock\.toml:1:14: throw_away: must be a whole number up to 9"):
        parse("--config", str(path))


def test_names_are_unique_and_every_flag_has_a_help_text_and_a_topic():
    """Two settings of one name would hide each other."""
    assert len({setting.name for setting in SETTINGS}) == len(SETTINGS)
    assert [setting.name for setting in SETTINGS if not (setting.help and setting.topic)] == []
    assert [setting.name for setting in settings_in(Place.MARK) if not setting.places & Place.PYTEST] == []


def test_the_home_folder_is_expanded_for_uploads(monkeypatch):
    """As a shell would."""
    monkeypatch.setenv("HOME", "/home/me")
    assert ServeSettings(Namespace(upload_dir=Path("~/up"))).options().upload_dir == Path("/home/me/up")


def test_all_paths_of_a_file_start_from_its_folder(tmp_path, monkeypatch):
    """Also where the file is named by a relative path; those of flags start from the working directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/me")
    (tmp_path / "conf").mkdir()
    path = tmp_path / "conf" / "mock.toml"
    path.write_text('scenario = "a/mine.toml"\nreplay = "../recordings"\nupload_dir = "up"\n')
    names = ("scenario", "replay", "upload_dir")

    def paths(*arguments):
        given = parse(*arguments).values
        return [str(given[name]) for name in names]

    assert paths("--config", "conf/mock.toml") == ["conf/a/mine.toml", "conf/../recordings", "conf/up"]
    flags = ("--scenario", "a/mine.toml", "--replay", "recordings", "--upload-dir", "up")
    assert paths("--config", "conf/mock.toml", *flags) == ["a/mine.toml", "recordings", "up"]
    path.write_text('scenario = "/a/mine.toml"\nreplay = "~/recordings"\nupload_dir = "/up"\n')
    assert paths("--config", "conf/mock.toml") == ["/a/mine.toml", "/home/me/recordings", "/up"]
    path.write_text('scenario = "happy"\nreplay = "r"\nupload_dir = "u"\n')
    assert paths("--config", "conf/mock.toml")[0] == "happy"

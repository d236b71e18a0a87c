"""The settings of a test's fake: the mark takes precedence over flags, and flags over the ini file."""

import pytest

from emoji_mock.config import settings
from emoji_mock.config.setting import Place, Setting
from emoji_mock.config.value_types import Integer

ASSERTED = """
from datetime import UTC, datetime
from emoji_mock import Limits, Options
from emoji_mock.fake.network.latency import Latency
OPTIONS = Options(seed=7, failed_as=400, humanoid=True, details=True, retired=True, upright=True, time_scale=0.5,
    as_of=datetime(2026, 10, 9, 16, tzinfo=UTC), latency=Latency(lognormal=(0.2, 0.5)), limits=Limits(rps=1))
"""
INI = {
    "seed": "7", "failed_as": "400", "humanoid": "yes", "details": "yes", "retired": "true", "upright": "true",
    "as_of": "2026-10-10", "time_scale": "0.5", "latency": "lognormal:0.2,0.5", "limits": "rps=1",
}  # fmt: skip
MARK = (
    "seed=7, failed_as=400, humanoid=True, details=True, retired=True, as_of='2026-10-10', upright=True, time_scale=0.5,"
    " latency='lognormal:0.2,0.5', limits={'rps': 1}"
)


def test_flags_ini_keys_and_mark_set_the_same_options(project):
    """Every option that a test can set, in each of the three ways."""
    plain = f"{ASSERTED}\ndef test_it(emoji_api): assert emoji_api.fake.options == OPTIONS"
    switches = [f"--emoji-{name}" for name, value in INI.items() if value in ("yes", "true")]
    values = [f"--emoji-{name.replace('_', '-')}={INI[name]}" for name in INI if f"--emoji-{name}" not in switches]
    project.output_of(plain, *switches, *values, passed=1)
    project.output_of(plain.replace("def test", f"@pytest.mark.emoji({MARK})\ndef test"), passed=1)
    project.pytester.makeini("\n".join(["[pytest]", *(f"emoji_{name} = {value}" for name, value in INI.items())]))
    project.output_of(plain, passed=1)


def test_a_setting_is_added_by_one_entry(project, monkeypatch):
    """It is a flag with help and bounds, an ini key, and an argument of the mark."""
    added = Setting("throw_away", Integer(1, 9), Place.PYTEST | Place.MARK, "a setting of this test", "N", default=3)
    monkeypatch.setattr(settings, "SETTINGS", (*settings.SETTINGS, added))
    text = " ".join(project.run("", "--help").stdout.str().split())
    assert "--emoji-throw-away=N a setting of this test (default: 3)" in text
    assert "emoji_throw_away (string): a setting of this test (default: 3)" in text
    code = "@pytest.mark.emoji(throw_away={})\ndef test_it(emoji_api): pass"
    project.output_of(code.format(9), "--emoji-throw-away=4", passed=1)
    output = project.output_of(code.format(10), errors=1)
    assert "@pytest.mark.emoji: throw_away: must be a whole number from 1 to 9, not 10" in output
    result = project.run("def test_it(): pass", "--emoji-throw-away=0")
    assert "ERROR: --emoji-throw-away: must be a whole number from 1 to 9, not '0'" in result.stderr.str()
    project.pytester.makeini("[pytest]\nemoji_throw_away = x")
    result = project.run("def test_it(): pass")
    assert "ERROR: the ini option emoji_throw_away: must be a whole number from 1 to 9, not 'x'" in result.stderr.str()


def test_the_mark_goes_before_the_flag_and_the_flag_before_the_file(project):
    """The nearest one decides, for each setting separately."""
    project.pytester.makeini("[pytest]\nemoji_failed_as = 400\nemoji_seed = 1\nemoji_strict = no\nemoji_retired = True")
    project.output_of(
        """
        pytestmark = pytest.mark.emoji(retired=False, seed=3)
        def test_it(emoji_api):
            options = emoji_api.fake.options
            assert (options.failed_as, options.seed, options.retired) == (200, 3, False)
            emoji_api.fails("FacePose")
        @pytest.mark.emoji(seed=4, failed_as=400)
        def test_nearest(emoji_api):
            assert (emoji_api.fake.options.seed, emoji_api.fake.options.failed_as) == (4, 400)
        """,
        "--emoji-failed-as=200",
        passed=2,
    )


def test_a_typo_in_the_mark_names_the_nearest_argument(project):
    """An unknown or a positional argument is an error that shows how to write it."""
    output = project.output_of(
        """
        @pytest.mark.emoji(failed=400)
        def test_word(emoji_api): pass
        @pytest.mark.emoji(7)
        def test_bare(emoji_api): pass
        """,
        errors=2,
    )
    assert "@pytest.mark.emoji: unknown argument 'failed'; did you mean failed_as?\n" in output
    said = "7 has no name; name each argument, such as @pytest.mark.emoji(failed_as=200)"
    assert f"@pytest.mark.emoji: {said}\n" in output


@pytest.mark.parametrize(
    ("mark", "text"),
    [
        ("failed_as=500", "@pytest.mark.emoji: failed_as: must be 200 or 400, not 500"),
        ("seed='7'", "@pytest.mark.emoji: seed: must be a whole number of 64 bits, not '7'"),
        (
            "as_of='soon'",
            "@pytest.mark.emoji: as_of: must be a date such as 2026-10-10 or a time such as 2026-10-09T16:00Z, not 'soon'",
        ),
        ("strict='no'", "@pytest.mark.emoji: strict: must be true or false, not 'no'"),
    ],
)
def test_an_invalid_value_in_the_mark_fails_the_test(project, mark, text):
    """The message names the argument, without a traceback of ours."""
    output = project.output_of(f"@pytest.mark.emoji({mark})\ndef test_it(emoji_api): pass", errors=1)
    assert f"\n{text}\n" in output
    assert "_settings.py" not in output
    assert "During handling" not in output


@pytest.mark.parametrize(
    ("flag", "ini", "text"),
    [
        ("--emoji-failed-as=500", "", "--emoji-failed-as: must be 200 or 400, not '500'"),
        ("--emoji-seed=x", "", "--emoji-seed: must be a whole number of 64 bits, not 'x'"),
        ("", "emoji_details = maybe", "the ini option emoji_details: must be true or false, not 'maybe'"),
    ],
)
def test_an_invalid_flag_ends_the_run_before_any_test(project, flag, ini, text):
    """The message names the flag or the ini key."""
    project.pytester.makeini(f"[pytest]\n{ini}")
    result = project.run("def test_it(): pass", *filter(None, [flag]))
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert f"ERROR: {text}" in result.stderr.str()


def test_a_switch_has_two_flags(project):
    """One to turn it on, one to turn it off; both take precedence over the ini file."""
    project.pytester.makeini("[pytest]\nemoji_strict = true")
    code = "def test_it(emoji_api):\n    assert emoji_api.fake.options.retired\n    emoji_api.fails('FacePose')"
    project.output_of(code, "--emoji-retired", "--no-emoji-strict", passed=1)


@pytest.mark.parametrize("fixture", ["", "emoji_api_session"])
def test_a_typo_in_the_mark_fails_a_test_without_fixtures(project, fixture):
    """Also one that uses a session's fixture."""
    output = project.output_of(f"@pytest.mark.emoji(sed=3)\ndef test_it({fixture}): pass", errors=1)
    assert "@pytest.mark.emoji: unknown argument 'sed'; did you mean seed?\n" in output


def test_a_mark_without_effect_fails_the_test(project):
    """A session's fake is set up by flags and ini file; a mark on a class with other tests is allowed."""
    output = project.output_of(
        """
        @pytest.mark.emoji(seed=3)
        def test_it(emoji_api_session): pass
        @pytest.mark.emoji(seed=3)
        class TestOthers:
            def test_session(self, emoji_api_session): pass
            def test_own(self, emoji_api): pass
        """,
        errors=1,
        passed=2,
    )
    assert "@pytest.mark.emoji has no effect on a session's fake: use emoji_api, or flags" in output


def test_eyes_without_their_extra_fail_the_test_in_one_line(project, monkeypatch):
    """The line is the command that installs what is missing."""
    monkeypatch.setattr("emoji_mock.assembly.has_vision", lambda: False)
    output = project.output_of("@pytest.mark.emoji(eyes=True)\ndef test_it(emoji_api): pass", errors=1)
    assert "\neyes need OpenCV: pip install 'emoji-mock[vision]'\n" in output
    assert "assembly.py" not in output

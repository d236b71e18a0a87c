"""Scenarios in tests: by name or path, in the mark, the flag and the ini file."""

import pytest

MINE = """
description = "Mine."
[[rules]]
outcome = "failed"
code = "Value"
image_url = "*/blurred/*"
[[rules]]
fault = "reset"
image_url = "*/never/*"
"""


def test_a_test_plays_a_scenario_and_need_not_use_its_rules(project):
    """By name, or by the path of a file beside the test; the test's own rules come first, and must be used."""
    project.pytester.makefile(".toml", mine=MINE)
    output = project.output_of(
        """
        @pytest.mark.emoji(scenario="retired-model")
        def test_name(emoji_api):
            assert code() == "AccessDenied"
            emoji_api.passes(times=1)
            assert code() is None
        @pytest.mark.emoji(scenario="mine.toml")
        def test_path(emoji_api):
            assert code("https://example.com/blurred/1.png") == "InvalidFile.Value"
        @pytest.mark.emoji(scenario="mine.toml")
        def test_unused(emoji_api):
            emoji_api.fails("FacePose", times=1)
        """,
        passed=2,
        failed=1,
    )
    assert "FacePose" in output
    assert "fault='reset'" not in output


def test_a_path_may_begin_at_the_root(project):
    """A file beside the test takes precedence over one in the root of the project."""
    project.pytester.makefile(".toml", mine=MINE, both=MINE)
    folder = project.pytester.mkdir("deep")
    (folder / "both.toml").write_text(MINE.replace("Value", "FullFace"))
    (folder / "test_deep.py").write_text(
        "import pytest\nfrom app import *\n"
        "@pytest.mark.parametrize('url', ['https://example.com/blurred/1.png'])\n"
        "@pytest.mark.emoji(scenario='mine.toml')\n"
        "def test_root(emoji_api, url): assert code(url) == 'InvalidFile.Value'\n"
        "@pytest.mark.emoji(scenario='both.toml')\n"
        "def test_beside(emoji_api): assert code('https://example.com/blurred/1.png') == 'InvalidFile.FullFace'\n"
    )
    project.pytester.syspathinsert()
    project.output_of("def test_it(): pass", passed=3)


def test_a_path_in_the_ini_file_begins_at_its_folder(project):
    """Even if pytest's root is another one; there it is looked for next."""
    conf = project.pytester.mkdir("conf")
    rule = 'description = "x"\n[[rules]]\noutcome = "failed"\ncode = "{}"\n'
    (conf / "pytest.ini").write_text("[pytest]\nemoji_scenario = mine.toml\n")
    (conf / "mine.toml").write_text(rule.format("Value"))
    (project.pytester.path / "mine.toml").write_text(rule.format("FullFace"))
    flags = ("-c", "conf/pytest.ini", "--rootdir", str(project.pytester.path))
    test = "def test_it(emoji_api): assert code() == 'InvalidFile.{}'"
    project.output_of(test.format("Value"), *flags, passed=1)
    (conf / "mine.toml").unlink()
    project.output_of(test.format("FullFace"), *flags, passed=1)


def test_the_mark_goes_before_the_flag_and_the_flag_before_the_file(project):
    """The nearest one decides; the fake of a session plays that of the flag."""
    project.pytester.makeini("[pytest]\nemoji_scenario = free-tier-ends")
    project.output_of(
        """
        @pytest.mark.emoji(scenario="happy")
        def test_mark(emoji_api):
            assert code() is None
        def test_flag(emoji_api):
            assert code() == "AccessDenied"
        def test_session(emoji_api_session):
            assert code() == "AccessDenied"
        """,
        "--emoji-scenario=retired-model",
        passed=3,
    )


def test_an_invalid_file_is_reported_with_its_line(project):
    """In the mark it fails the test, in a flag the run; both with carets, and without a traceback of ours."""
    project.pytester.makefile(".toml", mine='description = "x"\n[[rules]]\nfault = "rest"\n')
    code = "@pytest.mark.emoji(scenario='mine.toml')\ndef test_it(emoji_api): pass"
    output = project.output_of(code, errors=1)
    assert (
        "mine.toml:3:9: rules[0].fault: unknown value 'rest'; did you mean reset? Choose from refused, close, reset, "
        in output
    )
    assert "^^^^^^" in output
    assert "_settings.py" not in output
    result = project.run("def test_it(): pass", "--emoji-scenario=mine.toml")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "ERROR: --emoji-scenario: " in result.stderr.str()


@pytest.mark.parametrize(
    ("mark", "text"),
    [
        ("scenario='sunday'", "@pytest.mark.emoji: scenario: unknown scenario 'sunday'; choose from flaky-monday, "),
        ("scenario=7", "@pytest.mark.emoji: scenario: must be the name of a scenario, a path or a Scenario, not 7"),
    ],
)
def test_an_unknown_scenario_is_refused(project, mark, text):
    """The message lists the known ones."""
    assert text in project.output_of(f"@pytest.mark.emoji({mark})\ndef test_it(emoji_api): pass", errors=1)


def test_the_limits_of_a_scenario_yield_to_those_of_the_test(project):
    """The free tier ends after twenty images, or after as many as the mark says."""
    project.output_of(
        """
        @pytest.mark.emoji(scenario="free-tier-ends")
        def test_file(emoji_api):
            assert [code(f"https://example.com/{n}.png") for n in range(21)] == [None] * 20 + ["AllocationQuota.FreeTierOnly"]
        @pytest.mark.emoji(scenario="free-tier-ends", limits={"images": 1})
        def test_mark(emoji_api):
            assert [code(), code()] == [None, "AllocationQuota.FreeTierOnly"]
        """,
        passed=2,
    )

"""The tally of a run, its budget, and the limits of a test."""

import pytest

TESTS = """
def test_one(emoji_api):
    detect("https://a.test/1.png"), detect("https://a.test/2.png")
def test_two(emoji_api):
    emoji_api.errors("RateQuota", times=1)
    detect("https://a.test/1.png"), detect("https://a.test/2.png")
def test_three(emoji_api_session):
    detect("https://a.test/1.png"), detect("https://a.test/1.png")
"""


@pytest.mark.parametrize(("budget", "over"), [(5, ""), (3, "test_three"), (2, "test_two"), (0, "test_one")])
def test_a_run_over_its_budget_fails_and_names_the_test(project, budget, over):
    """Even if every test passes; the line names the test that exceeded the budget."""
    result = project.run(TESTS, f"--emoji-max-images={budget}")
    result.assert_outcomes(passed=3)
    said = result.stdout.str()
    assert "emoji-mock: 6 calls faked, 0.020 CNY not spent, 0.004 of it on retries of billed answers\n" in said
    line = f"emoji-mock: over the budget of {budget} images (emoji_max_images): 5 images would have been billed; "
    assert (line in said, result.ret) == (bool(over), 1 if over else 0)
    assert f"test_it.py::{over} went over it" in said or not over


def test_a_reset_hides_nothing_from_the_budget(project):
    """Images that were billed before a reset count."""
    project.pytester.makeini("[pytest]\nemoji_max_images = 1")
    result = project.run("def test_it(emoji_api):\n    detect()\n    emoji_api.reset()\n    detect()")
    assert result.ret == 1
    assert "over the budget of 1 image (emoji_max_images): 2 images would" in result.stdout.str()


def test_what_a_test_fakes_without_a_fixture_counts_too(project):
    """A fake that a test makes itself counts for the same budget, however it is called."""
    result = project.run(
        """
        import emoji_mock
        from emoji_mock.interceptors.httpx import transport
        def test_interception():
            with emoji_mock.intercept(): detect()
        def test_router():
            with emoji_mock.router(): detect()
        def test_transport():
            import httpx
            with httpx.Client(transport=transport()) as client:
                client.post(VENDOR, json=payload(), headers=headers())
        """,
        "--emoji-max-images=2",
    )
    result.assert_outcomes(passed=3)
    assert result.ret == 1
    assert "3 images would have been billed; test_it.py::test_transport went over it" in result.stdout.str()


@pytest.mark.slow
@pytest.mark.parametrize(("budget", "status"), [(5, 0), (4, 1)])
def test_workers_share_one_budget(project, budget, status):
    """Under xdist the budget is exceeded by the sum, not by one worker."""
    result = project.run(TESTS, "-p", "xdist", "-n", "2", f"--emoji-max-images={budget}")
    result.assert_outcomes(passed=3)
    assert result.ret == status
    assert ("5 images would have been billed; test_it.py::test_" in result.stdout.str()) is bool(status)


@pytest.mark.parametrize("given", ["x", "-1", "1.5"])
def test_an_invalid_budget_ends_the_run_before_any_test(project, given):
    """With a usage error."""
    result = project.run("def test_it(): pass", f"--emoji-max-images={given}")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert f"ERROR: --emoji-max-images: must be a whole number from 0 on, not {given!r}" in result.stderr.str()


def test_a_failed_run_stays_failed(project):
    """A budget changes no other exit status."""
    result = project.run("def test_it(emoji_api):\n    detect()\n    assert 0", "--emoji-max-images=0")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert "test_it.py::test_it went over it" in result.stdout.str()


def test_limits_by_mark_flag_and_file(project):
    """The mark takes precedence over the flag, and the flag over the ini file."""
    project.pytester.makeini("[pytest]\nemoji_limits = images=0")
    project.output_of(
        """
        def ask(emoji_api):
            emoji_api.clock.freeze()
            return [detect().status_code for _ in range(2)]
        def test_flag(emoji_api):
            assert ask(emoji_api) == [200, 429]
        @pytest.mark.emoji(limits={"spend": "0.004"})
        def test_mark(emoji_api):
            assert ask(emoji_api) == [200, 400]
        """,
        "--emoji-limits=rps=1",
        passed=2,
    )
    project.output_of("def test_ini(emoji_api):\n    assert detect().status_code == 403", passed=1)


@pytest.mark.parametrize(
    ("mark", "text"),
    [
        ("limits={'rps': 0}", "@pytest.mark.emoji: limits: rps: must be a whole number from 1 on, not 0"),
        (
            "limits={'rpz': 1}",
            "@pytest.mark.emoji: limits: unknown limit 'rpz'; did you mean rps? Choose from rps, burst, ",
        ),
        ("limits='rps=1'", "@pytest.mark.emoji: limits: must be a dict such as {'rps': 1}, not 'rps=1'"),
    ],
)
def test_invalid_limits_in_the_mark_fail_the_test(project, mark, text):
    """The message names the limit, without a traceback of ours."""
    output = project.output_of(f"@pytest.mark.emoji({mark})\ndef test_it(emoji_api): pass", errors=1)
    assert f"\n{text}" in output
    assert "_settings.py" not in output


def test_invalid_limits_in_a_flag_end_the_run_before_any_test(project):
    """With a usage error."""
    result = project.run("def test_it(): pass", "--emoji-limits=rpz=1")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "ERROR: --emoji-limits: unknown limit 'rpz'; did you mean rps? Choose from rps, " in result.stderr.str()

"""Assertions about calls, and their failure messages."""

import os
import re
import sys

import pytest
from helpers import masked


def error(output):
    """Return the text of the first AssertionError, without the margin and with request ids masked."""
    lines = [line.removeprefix("E").strip() if line[:1] == "E" else None for line in output.splitlines()]
    start = next(n for n, line in enumerate(lines) if line and line.startswith("AssertionError: expected"))
    end = next(n for n in range(start, len(lines)) if lines[n] is None)
    text = "\n".join(lines[start:end])
    return masked(re.sub(r"^AssertionError: ", "", text))


def test_nothing_was_called(project):
    """Without a call the message has the likely cause."""
    output = project.output_of("def test_it(emoji_api):\n    emoji_api.assert_called()", failed=1)
    assert error(output) == (
        "expected a call, but there was none.\n"
        "\n"
        "The fake was not called.\n"
        "\n"
        "No rules were registered: every valid call passes.\n"
        "\n"
        "Likely cause: the code under test did not reach the vendor's host in this process. Does it run in a subprocess, or"
        " read a base URL of its own? Then use emoji_server, whose address is in DASHSCOPE_HTTP_BASE_URL, and start a"
        " program that calls the vendor's host with env=emoji_server.env()."
    )
    assert ">   " in output
    assert "api.py" not in output


def test_criterion_by_criterion(project):
    """Each call is listed with what did not match, each rule with its line, and then the likely cause."""
    output = project.output_of(
        """
        def test_it(emoji_api):
            emoji_api.when(image_url="*/you.png").fails("FacePose", times=3)
            emoji_api.passes()
            detect("https://a.test/me.png")
            emoji_api.when(image_url="*/you.png").fails("FacePose")
            detect("https://a.test/you.png")
            emoji_api.assert_called(times=2, image_url="*/her.png", outcome="passed")
        """,
        failed=1,
    )
    assert error(output) == (
        "expected 2 calls matching image_url='*/her.png', outcome='passed', but there was none.\n"
        "\n"
        "The fake was called 2 times:\n"
        "#1  200 passed  https://a.test/me.png  (app/1, request_id ID)\n"
        "no match: image_url is 'https://a.test/me.png', not like '*/her.png'\n"
        "#2  200 failed InvalidFile.FacePose  https://a.test/you.png  (app/1, request_id ID)\n"
        "no match: image_url is 'https://a.test/you.png', not like '*/her.png'\n"
        "no match: outcome is failed, not passed\n"
        "\n"
        "Registered, in the order in which they are tried:\n"
        "image_url='*/you.png' -> failed InvalidFile.FacePose, used 1 time  (test_it.py:8)\n"
        "any call -> passed, used 1 time  (test_it.py:6)\n"
        "image_url='*/you.png' -> failed InvalidFile.FacePose, used 0 of 3  (test_it.py:5)\n"
        "\n"
        "Likely cause: no call meets the criteria; a pattern must match the whole URL (`*/me.png`)."
    )


def test_too_many_and_too_few(project):
    """A wrong number of calls is reported with the actual one and the likely cause; also if every call was refused."""
    output = project.output_of(
        """
        def test_unwanted(emoji_api):
            detect()
            emoji_api.assert_not_called(model="emoji-detect-v1")

        def test_twice(emoji_api):
            detect(), detect()
            emoji_api.assert_called(times=1)

        def test_refused(emoji_api):
            emoji_api.errors("RateQuota")
            detect()
            emoji_api.assert_called(outcome="passed")
        """,
        failed=3,
    )
    assert "expected no call matching model='emoji-detect-v1', but there was 1." in output
    unwanted = "the code under test calls the vendor although the test expects no call; see the calls above."
    assert f"Likely cause: {unwanted}" in output
    assert "expected 1 call, but there were 2." in output
    assert "Likely cause: the code under test makes more or fewer calls than the test expects; does it retry?" in output
    assert (
        "Likely cause: every call was refused before its image was inspected; the last one: Throttling.RateQuota."
        in output
    )


def test_a_typo_in_an_expectation_fails_at_once(project):
    """An unknown criterion, outcome or code is an error, even without a call."""
    output = project.output_of(
        """
        def test_word(emoji_api):
            emoji_api.assert_not_called(url="*/me.png")
        def test_outcome(emoji_api):
            emoji_api.assert_not_called(outcome="fail")
        def test_code(emoji_api):
            emoji_api.assert_not_called(code="FacePoze")
        def test_waits_for_nothing(emoji_api):
            emoji_api.wait_for_call(60, code="FacePoze")
        """,
        failed=4,
    )
    assert "TypeError: unknown criterion 'url'; choose from image_url, model, key, outcome, code" in output
    assert (
        "ValueError: outcome: unknown outcome 'fail'; did you mean failed? Choose from passed, failed, error" in output
    )
    assert "ValueError: code: unknown code 'FacePoze'; did you mean FacePose" in output
    assert "test_it.py:9: ValueError" in output
    assert "api.py" not in output


def test_waiting_for_a_background_call(project):
    """`wait_for_call` returns the call of a thread, and after its timeout lists the calls instead."""
    output = project.output_of(
        """
        import threading
        def test_comes(emoji_api):
            threading.Timer(0.05, detect, ["https://a.test/late.png"]).start()
            assert emoji_api.wait_for_call(image_url="*/late.png").status == 200
        def test_does_not(emoji_api):
            detect("https://a.test/me.png")
            emoji_api.wait_for_call(timeout=0.05, image_url="*/late.png")
        """,
        passed=1,
        failed=1,
    )
    assert "expected a call within 0.05 s matching image_url='*/late.png', but there was none." in output
    assert "test_it.py:10: AssertionError" in output


def test_a_failing_test_shows_its_calls(project):
    """In whichever phase it failed; a passing test does not."""
    output = project.output_of(
        """
        def test_passes(emoji_api):
            detect("https://a.test/fine.png")
        def test_fails(emoji_api):
            emoji_api.passes()
            detect("https://a.test/bad.png")
            assert 1 == 2
        @pytest.fixture
        def login(emoji_api):
            detect("https://a.test/login.png")
            raise ZeroDivisionError
        def test_never_starts(login):
            pass
        """,
        passed=1,
        failed=1,
        errors=1,
    )
    assert output.count("- emoji-mock -") == 2
    assert re.search(r"#1  200 passed  https://a.test/bad.png  \(app/1, request_id .{36}\)", output)
    assert "any call -> passed, used 1 time  (test_it.py:7)" in output
    assert "https://a.test/login.png" in output
    assert "fine.png" not in output
    assert "emoji-mock: 3 calls faked, 0.012 CNY not spent" in output


def test_a_misspelt_magic_url_is_explained(project):
    """The words in the answer to a misspelt magic URL stand beside the call, in an assertion and in the section of a failure."""
    output = project.output_of(
        """
        def test_asserts(emoji_api):
            detect("https://emoji-mock.test/pased/640x800.png")
            emoji_api.assert_called(outcome="passed")
        def test_fails(emoji_api):
            assert detect("https://emoji-mock.test/failed/FacePos.png").status_code == 200
        """,
        failed=2,
    )
    assert "      emoji-mock: unknown outcome 'pased'; did you mean passed?\n" in output
    assert "      emoji-mock: unknown code 'FacePos' for failed; did you mean FacePose, " in output


STARTS = {
    "subprocess": ("subprocess.run([sys.executable, '-c', ''])", "subprocess.Popen {python} -c"),
    "asyncio": ("asyncio.run(child())", "subprocess.Popen {python} -c"),
    "system": ("os.system('true')", "os.system true"),
    "spawn": ("worker('spawn')", "multiprocessing 'me'"),
    "forkserver": ("worker('forkserver')", "multiprocessing 'me'"),
    "fork": ("worker('fork')", "multiprocessing 'me'"),
    "os.fork": ("os.fork() or os._exit(0)", "os.fork"),
    "posix_spawn": ("os.posix_spawn('/bin/true', ['true'], {})", "os.posix_spawn true"),
}


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
def test_processes_that_a_test_starts_are_told(project):
    """A failure names the processes that the test has started, in which emoji_api does not answer, with their line."""
    for number, (line, _) in enumerate(STARTS.values()):
        code = f"""
            from app import *
            import asyncio, multiprocessing, os, subprocess, sys
            def nothing(): pass
            def worker(how):
                process = multiprocessing.get_context(how).Process(target=nothing, name="me")
                process.start()
                process.join()
            async def child():
                await (await asyncio.create_subprocess_exec(sys.executable, "-c", "")).wait()
            def test_asserts(emoji_api):
                {line}
                emoji_api.assert_called()
            def test_fails(emoji_api):
                detect()
                {line}
                assert False
            def test_after(emoji_api):
                import importlib, uuid
                importlib.reload(uuid)  # a library may ask other programs when it is loaded
                emoji_api.assert_called()
            def test_server(emoji_api, emoji_server):
                {line}
                emoji_server.assert_called()
            """
        project.pytester.makepyfile(**{f"test_start_{number}": code})
    result = project.run("", process=True)
    result.assert_outcomes(failed=4 * len(STARTS))
    output = result.stdout.str()
    for number, (_, told) in enumerate(STARTS.values()):
        place = project.pytester.path / f"test_start_{number}.py"
        assert output.count(f"  {told.format(python=sys.executable)}  ({place}:") == 2
    assert output.count("Use emoji_server for calls from other processes") == 2 * len(STARTS)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
def test_calls_in_a_forked_process_are_told(project):
    """A fork is answered by a copy of the fake; a failure lists its calls, which no assertion counts."""
    output = project.output_of(
        """
        import os
        def test_it(emoji_api):
            emoji_api.fails("FacePose")
            child = os.fork()
            if child == 0:
                os._exit(code() != "InvalidFile.FacePose")
            assert os.waitpid(child, 0)[1] == 0
            emoji_api.assert_called()
        """,
        failed=1,
    )
    assert "The fake was not called.\n" in output
    assert "Calls that such copies answered, and that no assertion counts:\n" in output
    assert re.search(r"  process \d+: #1  200 failed InvalidFile.FacePose  https://example.com/me.png  \(app/1", output)

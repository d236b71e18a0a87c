"""Faults, latency and the clock in tests."""


def test_a_minute_of_stalling_takes_no_time(project):
    """On a frozen clock a test of a timeout takes no time, and the fake's time advances."""
    project.output_of(
        """
        def test_it(emoji_api):
            emoji_api.clock.freeze(1000)
            emoji_api.faults("stall", times=1)
            with pytest.raises(httpx.ReadTimeout):
                detect()
            assert emoji_api.clock() == 1005  # httpx's own five seconds
            assert detect().status_code == 200
            emoji_api.assert_called(times=1, outcome="fault")
            assert emoji_api.calls[0].fault == "stall"
        """,
        passed=1,
    )


def test_latency_and_chance(project):
    """Answers are delayed, for some calls, or by chance that a seed repeats."""
    project.output_of(
        """
        @pytest.mark.emoji(seed=3)
        def test_it(emoji_api):
            emoji_api.clock.freeze(1000)
            emoji_api.when("*/slow.png").slow(2, times=1)
            detect("https://example.com/slow.png"), detect("https://example.com/fast.png")
            assert emoji_api.clock() == 1002
            emoji_api.slow("uniform:0.1,0.2", times=1)
            detect()
            assert 1002.1 <= emoji_api.clock() <= 1002.2
            emoji_api.faults("bad_gateway", chance=0.5)
            assert {detect().status_code for _ in range(20)} == {200, 502}
        """,
        passed=1,
    )


def test_a_fault_on_the_server_is_real(project):
    """Over the socket of emoji_server the same rule breaks the connection."""
    project.output_of(
        """
        def test_it(emoji_server):
            emoji_server.faults("empty_reply")
            with pytest.raises(httpx.RemoteProtocolError):
                detect(url=VENDOR.replace("https://dashscope.aliyuncs.com", emoji_server.url))
        """,
        passed=1,
    )


def test_a_mistake_about_time_is_shown_in_the_test(project):
    """An invalid latency, a clock set back: the failure is a line of the test, not of ours."""
    output = project.output_of(
        """
        def test_slow(emoji_api):
            emoji_api.slow("fast")
        def test_back(emoji_api):
            emoji_api.clock.advance(-1)
        """,
        failed=2,
    )
    assert "latency: must be seconds, or a distribution such as lognormal:0.2,0.5, not 'fast'" in output
    assert "advance: must be 0 seconds or more, not -1; `freeze(at)` goes back" in output
    assert "latency.py" not in output
    assert "clock.py" not in output


def test_an_unknown_fault_lists_the_known_ones(project):
    """And a rule is listed with its fault and its line."""
    output = project.output_of(
        """
        def test_typo(emoji_api):
            emoji_api.faults("resett")
        def test_shown(emoji_api):
            emoji_api.when("*/me.png").faults("reset", chance=0.5, times=3)
        """,
        failed=2,
    )
    assert "unknown fault 'resett'; did you mean reset? Choose from refused, close, reset, empty_reply" in output
    assert "image_url='*/me.png' -> fault reset, with chance 0.5, used 0 of 3  (test_it.py:7)" in output


def test_chance_is_the_same_in_every_run(project):
    """Without a seed the id of the test seeds chance, so that no test fails now and then."""
    code = """
        @pytest.mark.parametrize("number", [1, 2])
        def test_it(emoji_api, number):
            emoji_api.faults("bad_gateway", chance=0.5)
            met = "".join("x" if detect().status_code == 502 else "." for _ in range(40))
            emoji_api.reset()
            emoji_api.faults("bad_gateway", chance=0.5)
            assert met == "".join("x" if detect().status_code == 502 else "." for _ in range(40))
            print("\\nmet", met)
        """
    first, second = ([line for line in project.run(code, "-s").outlines if line.startswith("met")] for _ in range(2))
    assert first == second
    assert len(first) == len(set(first)) == 2


def test_a_rule_that_only_chance_left_unused_fails_no_test(project):
    """A rule that matches no call does."""
    output = project.output_of(
        """
        def test_spared(emoji_api):
            emoji_api.faults("reset", chance=1e-9)
            detect()
        def test_not_called(emoji_api):
            emoji_api.faults("reset", chance=1e-9)
        def test_another_picture(emoji_api):
            emoji_api.when("*/other.png").faults("reset", chance=1e-9)
            detect()
        """,
        passed=1,
        failed=2,
    )
    assert output.count("\n1 rule of this test was never used:\n") == 2


def test_slow_keeps_the_earlier_rules(project):
    """Latency is added to whatever the answer is, and counts as a use of its rule."""
    project.output_of(
        """
        def test_it(emoji_api):
            emoji_api.clock.freeze(1000)
            emoji_api.errors("RateQuota", times=1, retry_after=2)
            emoji_api.slow(0.25)
            emoji_api.slow(0.5)
            busy = detect()
            assert (busy.status_code, busy.headers["retry-after"]) == (429, "2")
            assert emoji_api.clock() == 1000.75
            assert detect().status_code == 200
        """,
        passed=1,
    )


def test_every_answer_of_a_test_may_be_slow(project):
    """By the mark, or by a flag or the ini file for all tests; they take precedence over a scenario's latency."""
    project.pytester.makeini("[pytest]\nemoji_latency = 0.25")
    code = """
        def waited(api):
            api.clock.freeze(1000)
            detect(), detect()
            return api.clock() - 1000
        def test_all(emoji_api): assert waited(emoji_api) == ALL
        @pytest.mark.emoji(latency="constant:2")
        def test_mark(emoji_api): assert waited(emoji_api) == 4
        @pytest.mark.emoji(latency=0, scenario="slow-network")
        def test_scenario(emoji_api): assert waited(emoji_api) < 4
        """
    project.output_of(code.replace("ALL", "0.5"), passed=3)
    project.output_of(code.replace("ALL", "1"), "--emoji-latency=0.5", passed=3)
    output = project.output_of("@pytest.mark.emoji(latency='quick')\ndef test_it(emoji_api): pass", errors=1)
    assert "@pytest.mark.emoji: latency: must be seconds, or a distribution" in output

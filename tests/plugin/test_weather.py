"""Faults, latency and time in the words of a test."""


def test_a_minute_of_stalling_takes_no_time(project):
    """On a frozen clock a test of a timeout runs at once, and the fake's time has passed."""
    project.told(
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
    """Answers are held back as a test says, for some calls, or by chance that a seed repeats."""
    project.told(
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
    project.told(
        """
        def test_it(emoji_server):
            emoji_server.faults("empty_reply")
            with pytest.raises(httpx.RemoteProtocolError):
                detect(url=VENDOR.replace("https://dashscope.aliyuncs.com", emoji_server.url))
        """,
        passed=1,
    )


def test_a_mistake_about_time_is_shown_in_the_test(project):
    """A latency that is none, a clock put back: the failure is the test's own line, and none of ours."""
    told = project.told(
        """
        def test_slow(emoji_api):
            emoji_api.slow("fast")
        def test_back(emoji_api):
            emoji_api.clock.advance(-1)
        """,
        failed=2,
    )
    assert "latency: 'fast' is neither seconds nor a distribution such as lognormal:0.2,0.5" in told
    assert "advance: -1 is not 0 or more seconds; time goes forward only" in told
    assert "latency.py" not in told
    assert "clock.py" not in told


def test_a_wrong_fault_is_told_with_the_rules_place(project):
    """A typo names the kinds; a rule that was registered is shown with its fault and place."""
    told = project.told(
        """
        def test_typo(emoji_api):
            emoji_api.faults("resett")
        def test_shown(emoji_api):
            emoji_api.when("*/me.png").faults("reset", chance=0.5, times=3)
        """,
        failed=2,
    )
    assert "no 'resett'; there are refused, close, reset, empty_reply" in told
    assert "image_url='*/me.png' -> fault reset, by a chance of 0.5, used 0 of 3  (test_it.py:7)" in told

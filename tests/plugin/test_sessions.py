"""The fixtures for a whole session, and the answers between tests."""

import httpx

APP = """
import os
import httpx

URL = "https://dashscope.aliyuncs.com/api/v1/services/aigc/image2video/face-detect"
BODY = {"model": "emoji-detect-v1", "input": {"image_url": "https://example.com/me.png"}, "parameters": {"ratio": "1:1"}}
client = httpx.Client(verify=False)


def ask(url=URL):
    key = os.environ["DASHSCOPE_API_KEY"]
    return client.post(url, json=BODY, headers={"Authorization": f"Bearer {key}"}).status_code
"""


def test_a_session_has_one_fake_and_a_test_may_have_its_own(project):
    """Calls of several tests are in one journal; a test's own fixture takes precedence, and afterwards the session's is back."""
    project.pytester.makepyfile(app=APP)
    project.output_of(
        """
        def test_one(emoji_api_session, emoji_server_session):
            assert ask() == 200
            assert ask(emoji_server_session.base_url + URL.partition("/api/v1")[2]) == 200

        def test_own(emoji_api, emoji_server):
            emoji_api.errors("RateQuota")
            assert ask() == ask(emoji_server.base_url + URL.partition("/api/v1")[2]) == 429
            assert len(emoji_api.calls) == 2

        def test_back(emoji_api_session, emoji_server_session):
            assert ask() == ask(emoji_server_session.base_url + URL.partition("/api/v1")[2]) == 200
            emoji_api_session.assert_called(times=4)
        """,
        process=True,
        passed=3,
    )


def test_between_tests_the_server_is_unavailable():
    """A call between tests gets ModelUnavailable, and is in no journal."""
    from emoji_mock import Fake
    from emoji_mock.testing.serving.session_server import LiveServer

    live = LiveServer()
    fake = Fake()
    with live.relay.turned_to(fake):
        assert httpx.post(live.url + "/api/v1/x").status_code == 401
    late = httpx.post(live.url + "/api/v1/x")
    live.stop()
    assert (late.status_code, late.json()["code"]) == (503, "ModelUnavailable")
    assert fake.store.journal().total == 1


def test_a_sessions_journal_is_shown_too(project):
    """A failing test that used the session's fake shows its calls."""
    project.pytester.makepyfile(app=APP)
    result = project.run("def test_it(emoji_api_session):\n    ask()\n    assert 0\n", process=True)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*- emoji-mock -*", "The fake was called 1 time:", "*passed*https://example.com/me.png*"]
    )


def test_a_session_server_serves_a_tests_own_fake(project):
    """A call to its address is answered by the fake of the test, whichever fixture the test uses."""
    project.pytester.makepyfile(app=APP)
    project.output_of(
        """
        import os

        def test_session(emoji_server_session):
            assert ask(os.environ["DASHSCOPE_HTTP_BASE_URL"] + URL.partition("/api/v1")[2]) == 200

        def test_own(emoji_api):
            emoji_api.errors("RateQuota")
            assert ask(os.environ["DASHSCOPE_HTTP_BASE_URL"] + URL.partition("/api/v1")[2]) == 429
        """,
        process=True,
        passed=2,
    )

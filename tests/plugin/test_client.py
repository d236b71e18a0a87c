"""The fixture `emoji_client`: a client that meets the test's fake."""

import subprocess
import sys
from textwrap import dedent

import pytest

from emoji_mock.client import ApiKeyError, AsyncEmojiDetect, EmojiDetect, Failed

ME = "https://example.com/me.png"


def test_it_meets_the_fake_that_emoji_api_steers(emoji_client, emoji_api):
    """What one says the other hears; a repeated call waits for nothing."""
    emoji_api.errors("RateQuota", times=2)
    assert emoji_client.detect(ME).passed
    emoji_api.fails("FacePose", times=1)
    assert isinstance(emoji_client.detect(ME), Failed)
    emoji_api.assert_called(times=4, image_url=ME)
    assert emoji_api.calls[0].client.startswith("emoji-mock/")
    assert emoji_api.ledger.images == 2


def test_it_needs_no_other_fixture(emoji_client):
    """Boxes as of any fake; many pictures need no second each."""
    assert [each.passed for each in emoji_client.detect_many([ME] * 5)] == [True] * 5


def test_a_client_made_in_the_test_needs_no_key_or_address(emoji_api):
    """Under `emoji_api` the test's own key may go to the vendor's address, which the fake answers."""
    with EmojiDetect() as client:
        assert client.detect(ME).passed
    assert repr(client).startswith("EmojiDetect(base_url='https://dashscope.aliyuncs.com/api/v1'")
    emoji_api.assert_called(times=1)


def test_likewise_asynchronously(emoji_api):
    """And with a router of respx besides."""
    import anyio

    async def go():
        async with AsyncEmojiDetect() as client:
            return await client.detect(ME)

    assert anyio.run(go).passed
    emoji_api.assert_called(times=1)


def test_under_respx(emoji_respx):
    """A respx router answers for the vendor as well, for our own client over httpx2."""
    with EmojiDetect() as client:
        assert client.detect(ME).passed
    assert emoji_respx["face_detect"].call_count == 1


def test_against_the_server(emoji_server):
    """The server's address is found in the environment."""
    with EmojiDetect() as client:
        assert client.base_url == emoji_server.base_url
        assert client.detect(ME).passed
    emoji_server.assert_called(times=1)


def test_outside_of_a_fixture_a_mock_key_is_refused(monkeypatch):
    """Before the leak guard has anything to stop."""
    monkeypatch.delenv("DASHSCOPE_HTTP_BASE_URL", raising=False)
    monkeypatch.delenv("DASHSCOPE_BASE_URL", raising=False)
    with EmojiDetect("sk-mock-test") as client, pytest.raises(ApiKeyError, match="fixture emoji_api"):
        client.detect(ME)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fixture", "missing", "extra"),
    [("emoji_client", "httpx2", "client"), ("emoji_respx", "respx", "respx"), ("emoji_respx", "httpx", "respx")],
)
def test_without_an_extra_the_command_is_told(tmp_path, fixture, missing, extra):
    """A missing extra fails the test with the command that installs it, in one line and without a traceback."""
    (tmp_path / "test_it.py").write_text(f"def test_it({fixture}): pass\n")
    code = f"""
        import sys, pytest
        sys.modules[{missing!r}] = None
        sys.exit(pytest.main(["-q", "-p", "pytest_emoji_mock", "-p", "no:cacheprovider", "--rootdir", {str(tmp_path)!r}, {str(tmp_path)!r}]))
    """
    environment = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [sys.executable, "-c", dedent(code)], capture_output=True, text=True, check=False, env=environment
    )
    assert f"\n{fixture} needs {missing}: pip install 'emoji-mock[{extra}]'\n" in done.stdout
    assert not [word for word in ("Traceback", "During handling", "direct cause") if word in done.stdout]


@pytest.mark.parametrize(
    ("statement", "missing", "told"),
    [
        (
            "import emoji_mock.interceptors.httpx",
            "httpx",
            "emoji_mock.interceptors.httpx needs httpx: pip install httpx",
        ),
        (
            "import emoji_mock.interceptors.httpx2",
            "httpx2",
            "emoji_mock.interceptors.httpx2 needs httpx2: pip install 'emoji-mock[client]'",
        ),
        (
            "from emoji_mock import FakeRouter",
            "respx",
            "a respx router needs httpx and respx: pip install 'emoji-mock[respx]'",
        ),
    ],
)
def test_without_its_library_a_door_tells_the_command(statement, missing, told):
    """Likewise at an import, as the last line, and nothing before it is of another exception."""
    code = f"import sys; sys.modules[{missing!r}] = None; {statement}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.splitlines()[-1] == f"ModuleNotFoundError: {told}"
    assert "During handling" not in done.stderr


def test_without_the_extras_the_client_says_so():
    """So do the client's names, and a client without one of the caller's."""
    code = "import sys; sys.modules[{!r}] = None; from emoji_mock.client import EmojiDetect; EmojiDetect('sk-mock-me')"
    for missing in ("tenacity", "httpx2"):
        done = subprocess.run([sys.executable, "-c", code.format(missing)], capture_output=True, text=True, check=False)
        assert done.stderr.splitlines()[-1].startswith("ImportError: ")
        assert f"needs {missing}: pip install 'emoji-mock[client]'" in done.stderr


def test_its_waits_are_seen(emoji_client, emoji_api):
    """Its waits take no time but put the fake's clock forward, so that it is not taken for one that never waits."""
    emoji_api.errors("RateQuota", times=3)
    before = emoji_api.clock()
    assert emoji_client.detect(ME).passed
    assert emoji_api.clock() - before > 0.1
    emoji_api.assert_resilient(strict=True)

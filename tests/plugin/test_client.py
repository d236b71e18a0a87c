"""The fixture `emoji_client`: a client of the test's fake."""

import subprocess
import sys
from textwrap import dedent

import pytest
from helpers import OURS_ALONE, run_pytest

from emoji_mock.client import ApiKeyError, AsyncEmojiDetect, EmojiDetect, Failed

ME = "https://example.com/me.png"


def test_it_calls_the_fake_of_emoji_api(emoji_client, emoji_api):
    """Both fixtures share one fake; a retry waits no time."""
    emoji_api.errors("RateQuota", times=2)
    assert emoji_client.detect(ME).passed
    emoji_api.fails("FacePose", times=1)
    assert isinstance(emoji_client.detect(ME), Failed)
    emoji_api.assert_called(times=4, image_url=ME)
    assert emoji_api.calls[0].client.startswith("emoji-mock/")
    assert emoji_api.ledger.images == 2


@pytest.mark.parametrize("fixtures", ["emoji_api, emoji_client", "emoji_client, emoji_api"])
def test_it_starts_in_any_order_where_no_library_is_loaded(tmp_path, fixtures):
    """In a run of its own, where the fixture is the first to load httpx2."""
    (tmp_path / "test_it.py").write_text(f"def test_it({fixtures}):\n    assert emoji_client.detect({ME!r}).passed\n")
    done = run_pytest(tmp_path, **OURS_ALONE)
    assert "1 passed" in done.stdout


def test_it_needs_no_other_fixture(emoji_client):
    """It returns boxes; a batch is not slowed to one image a second."""
    assert [each.passed for each in emoji_client.detect_many([ME] * 5)] == [True] * 5


def test_a_client_made_in_the_test_needs_no_key_or_address(emoji_api):
    """With `emoji_api` a client with the test's key calls the vendor's address, which the fake answers."""
    with EmojiDetect() as client:
        assert client.detect(ME).passed
    assert repr(client).startswith("EmojiDetect(base_url='https://dashscope.aliyuncs.com/api/v1'")
    emoji_api.assert_called(times=1)


def test_an_async_client_needs_no_key_or_address(emoji_api):
    """Also beside a respx router."""
    import anyio

    async def go():
        async with AsyncEmojiDetect() as client:
            return await client.detect(ME)

    assert anyio.run(go).passed
    emoji_api.assert_called(times=1)


def test_under_respx(emoji_respx):
    """A respx router answers our own client over httpx2, too."""
    with EmojiDetect() as client:
        assert client.detect(ME).passed
    assert emoji_respx["face_detect"].call_count == 1


def test_against_the_server(emoji_server):
    """The address of the server comes from the environment."""
    with EmojiDetect() as client:
        assert client.base_url == emoji_server.base_url
        assert client.detect(ME).passed
    emoji_server.assert_called(times=1)


def test_outside_of_a_fixture_a_mock_key_is_refused(monkeypatch):
    """Before the leak guard has to stop a call."""
    monkeypatch.delenv("DASHSCOPE_HTTP_BASE_URL", raising=False)
    monkeypatch.delenv("DASHSCOPE_BASE_URL", raising=False)
    with EmojiDetect("sk-mock-test") as client, pytest.raises(ApiKeyError, match="fixture emoji_api"):
        client.detect(ME)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fixture", "missing", "extra"),
    [("emoji_client", "httpx2", "client"), ("emoji_respx", "respx", "respx"), ("emoji_respx", "httpx", "respx")],
)
def test_a_missing_extra_fails_the_test_with_the_command(tmp_path, fixture, missing, extra):
    """The failure is the command that installs the extra, in one line and without a traceback."""
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
    ("statement", "missing", "message"),
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
def test_an_interceptor_without_its_library_names_the_command(statement, missing, message):
    """Also at an import, as the last line, with no other exception before it."""
    code = f"import sys; sys.modules[{missing!r}] = None; {statement}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.splitlines()[-1] == f"ModuleNotFoundError: {message}"
    assert "During handling" not in done.stderr


def test_the_client_without_its_extra_names_the_command():
    """When a name is imported, and when a client is made."""
    code = "import sys; sys.modules[{!r}] = None; from emoji_mock.client import EmojiDetect; EmojiDetect('sk-mock-me')"
    for missing in ("tenacity", "httpx2"):
        done = subprocess.run([sys.executable, "-c", code.format(missing)], capture_output=True, text=True, check=False)
        assert done.stderr.splitlines()[-1].startswith("ImportError: ")
        assert f"needs {missing}: pip install 'emoji-mock[client]'" in done.stderr


def test_its_waits_advance_the_fakes_clock(emoji_client, emoji_api):
    """Its waits take no time but advance the clock, so the verdict does not report it as too fast."""
    emoji_api.errors("RateQuota", times=3)
    before = emoji_api.clock()
    assert emoji_client.detect(ME).passed
    assert emoji_api.clock() - before > 0.1
    emoji_api.assert_resilient(strict=True)

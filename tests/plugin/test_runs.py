"""Whole runs: isolation, environment, sockets, event loops, workers, cleanup."""

import os
import subprocess
import sys

import pytest

PLACES = """
import asyncio.base_events, http.client, os, socket, sys, aiohttp, requests, urllib3
OWNERS = (socket, socket.socket, asyncio.base_events.BaseEventLoop, http.client.HTTPConnection,
    http.client.HTTPSConnection, urllib3.connection.HTTPConnection, urllib3.connection.HTTPSConnection,
    httpx.HTTPTransport, httpx.AsyncHTTPTransport, requests.adapters.HTTPAdapter, aiohttp.connector.BaseConnector)
def standing():
    return [dict(vars(owner)) for owner in OWNERS], dict(os.environ, PYTEST_CURRENT_TEST=""), list(sys.meta_path)
"""


def test_tests_do_not_see_each_other_and_leave_nothing(project):
    """Rules, calls, patches and variables end with their test, also when it raises inside nested fixtures."""
    project.pytester.makepyfile(places=f"import httpx\n{PLACES}")
    project.output_of(
        """
        from places import *
        before = None
        def test_before():
            global before
            before = standing()
        @pytest.fixture
        def outer(emoji_api):
            emoji_api.errors("RateQuota")
            yield emoji_api
            assert code() == "Throttling.RateQuota"
        def test_raises(outer, emoji_respx, emoji_server):
            assert standing() != before
            assert code() == "Throttling.RateQuota"
            raise ZeroDivisionError
        def test_after():
            assert standing() == before
        def test_fresh(emoji_api):
            assert emoji_api.calls == [] and code() is None
        """,
        passed=3,
        failed=1,
    )


def test_after_the_session_nothing_is_patched(project):
    """After the run the guard and the interceptors are gone."""
    import socket

    import httpx

    before = dict(vars(socket)), dict(vars(socket.socket)), dict(vars(httpx.HTTPTransport)), list(sys.meta_path)
    project.output_of("def test_it(emoji_api, emoji_server): detect()", passed=1)
    assert (dict(vars(socket)), dict(vars(socket.socket)), dict(vars(httpx.HTTPTransport)), sys.meta_path) == before


def test_the_environment_is_set_and_restored(project, monkeypatch):
    """No real key is at hand while a test uses the fake, and base URLs lead to the server."""
    monkeypatch.setenv("DASHSCOPE_API_KEY", "sk-mine")
    for name in ("DASHSCOPE_HTTP_BASE_URL", "DASHSCOPE_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    project.output_of(
        """
        import os
        def test_api(emoji_api):
            assert os.environ["DASHSCOPE_API_KEY"] == "sk-mock-test"
            assert "DASHSCOPE_BASE_URL" not in os.environ
        def test_server(emoji_server):
            assert os.environ["DASHSCOPE_API_KEY"] == "sk-mock-test"
            assert os.environ["DASHSCOPE_BASE_URL"] == emoji_server.url
            assert os.environ["DASHSCOPE_HTTP_BASE_URL"] == emoji_server.base_url == emoji_server.url + "/api/v1"
        """,
        passed=2,
    )
    assert os.environ["DASHSCOPE_API_KEY"] == "sk-mine"
    assert "DASHSCOPE_HTTP_BASE_URL" not in os.environ


def test_server_and_process_share_one_state(project):
    """A subprocess that calls the server meets the rules of `emoji_api`, and its call is in the same journal."""
    project.output_of(
        """
        import subprocess, sys
        ASK = '''
        import json, os, urllib.request as u
        url = os.environ["DASHSCOPE_HTTP_BASE_URL"] + "/services/aigc/image2video/face-detect"
        body = {"model": "emoji-detect-v1", "input": {"image_url": "https://a.test/sub.png"}, "parameters": {"ratio": "1:1"}}
        head = {"Content-Type": "application/json", "Authorization": "Bearer " + os.environ["DASHSCOPE_API_KEY"]}
        print(json.load(u.urlopen(u.Request(url, json.dumps(body).encode(), head)))["output"]["code"])
        '''
        def test_it(emoji_api, emoji_server):
            emoji_api.fails("FacePose")
            told = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=True).stdout
            assert told == "InvalidFile.FacePose\\n"
            emoji_api.assert_called(times=1, image_url="*/sub.png")
            assert code() == "InvalidFile.FacePose"
            assert len(emoji_server.calls) == len(emoji_api.calls) == emoji_server.ledger.images == 2
        def test_next(emoji_server):
            emoji_server.assert_not_called()
        """,
        passed=2,
    )


def test_async_tests(project):
    """The fixtures are plain ones, and work in tests of pytest-asyncio and of anyio, on asyncio and on trio."""
    project.output_of(
        """
        async def ask(emoji_api):
            emoji_api.fails("FacePose", times=1)
            async with httpx.AsyncClient() as client:
                answers = [await client.post(VENDOR, json=payload(), headers=headers()) for _ in range(2)]
            assert [one.json()["output"].get("code") for one in answers] == ["InvalidFile.FacePose", None]
            emoji_api.assert_called(times=2)
        @pytest.mark.asyncio
        async def test_asyncio(emoji_api):
            await ask(emoji_api)
        @pytest.mark.anyio
        @pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
        async def test_anyio(emoji_api, anyio_backend):
            await ask(emoji_api)
        """,
        *(
            "-p",
            "pytest_asyncio.plugin",
            "-p",
            "anyio.pytest_plugin",
            "-o",
            "asyncio_default_fixture_loop_scope=function",
        ),
        passed=3,
    )


def test_the_respx_fixture(project):
    """`emoji_respx` has a named route that counts, and that a test may override."""
    project.output_of(
        """
        def test_it(emoji_respx):
            assert code() is None
            assert emoji_respx["face_detect"].call_count == 1
            emoji_respx["face_detect"].respond(418)
            assert detect().status_code == 418
        """,
        passed=1,
    )


def test_the_summary_says_nothing_unless_something_was_faked(project):
    """A run without a faked call has no line of ours; one call is one call."""
    assert "emoji-mock:" not in project.output_of("def test_it(): pass", passed=1)
    assert "emoji-mock: 1 call faked, 0.004 CNY not spent" in project.output_of(
        "def test_it(emoji_api): detect()", passed=1
    )


@pytest.mark.slow
def test_workers_are_summed(project):
    """Under xdist each worker has a fake of its own, and the line at the end is the sum."""
    output = project.output_of(
        """
        @pytest.mark.parametrize("n", range(6))
        def test_it(emoji_api, emoji_server, n):
            emoji_api.errors("RateQuota", times=1)
            detect(), detect()
            assert detect(url=VENDOR.replace("https://dashscope.aliyuncs.com", emoji_server.url)).status_code == 200
            assert len(emoji_api.calls) == 3
        """,
        *("-p", "xdist", "-n", "2", "--dist", "load"),
        passed=6,
    )
    assert "emoji-mock: 18 calls faked, 0.048 CNY not spent" in output


@pytest.mark.slow
def test_collecting_loads_the_guard_and_the_options_alone(pytester):
    """Installed and unused, the plugin loads no HTTP library and no framework, and of emoji_mock the leak guard and the settings."""
    pytester.makepyfile("def test_it(): pass")
    code = (
        "import pytest, sys; pytest.main(['--collect-only', '-q', '-p', 'pytest_emoji_mock']);"
        "print('LOADED', *sorted(name for name in sys.modules if name.count('.') < 3))"
    )
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    output = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    loaded = output.stdout.partition("LOADED ")[2].split()
    assert "pytest_emoji_mock" in loaded
    assert [name for name in loaded if name.startswith("emoji_mock")] == [
        "emoji_mock",
        "emoji_mock.config",
        "emoji_mock.config.fake_value_types",
        "emoji_mock.config.setting",
        "emoji_mock.config.settings",
        "emoji_mock.config.shared_value_types",
        "emoji_mock.config.value_types",
        "emoji_mock.testing",
        "emoji_mock.testing.lazy_guard",
    ]
    never = {
        "httpx",
        "respx",
        "requests",
        "aiohttp",
        "urllib3",
        "msgspec",
        "fastapi",
        "uvicorn",
        "PIL",
        "cv2",
        "jinja2",
    }
    assert never & set(loaded) == set()


def test_an_address_of_the_environments_is_faked_too(project, monkeypatch):
    """Code that reads its base URL from the environment, as a gateway's, meets the fake; afterwards it is back."""
    monkeypatch.setenv("DASHSCOPE_HTTP_BASE_URL", "http://gateway.test/api/v1/")
    monkeypatch.setenv("DASHSCOPE_BASE_URL", "http://gateway.test")
    project.output_of(
        """
        import os
        PATH = "/services/aigc/image2video/face-detect"
        def test_it(emoji_api):
            assert os.environ["DASHSCOPE_HTTP_BASE_URL"] == "https://dashscope.aliyuncs.com/api/v1"
            assert os.environ["DASHSCOPE_BASE_URL"] == "https://dashscope.aliyuncs.com"
            assert detect(url=os.environ["DASHSCOPE_HTTP_BASE_URL"] + PATH).status_code == 200
        def test_after():
            assert os.environ["DASHSCOPE_BASE_URL"] == "http://gateway.test"
        """,
        passed=2,
    )


@pytest.mark.parametrize(
    ("name", "given", "wanted"),
    [
        ("NO_PROXY", "", "127.0.0.1,localhost"),
        ("NO_PROXY", "a.test, localhost", "a.test,localhost,127.0.0.1"),
        ("no_proxy", "a.test, localhost", "a.test,localhost,127.0.0.1"),
        ("no_proxy", "*", "*"),
    ],
)
def test_a_proxy_of_the_environment_is_not_asked_for_the_server(project, monkeypatch, name, given, wanted):
    """Clients that read a proxy from the environment call the server directly; afterwards it is as it was."""
    for each in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(each, "http://127.0.0.1:9")  # where nobody listens
    for each in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(each, raising=False)
    if given:
        monkeypatch.setenv(name, given)
    before = dict(os.environ)
    project.output_of(
        f"""
        import os, subprocess, sys, urllib.request, requests, httpx2
        PATH = "/services/aigc/image2video/face-detect"
        def test_it(emoji_server):
            assert os.environ["NO_PROXY"] == os.environ["no_proxy"] == {wanted!r}
            url = emoji_server.base_url + PATH
            for library in (httpx, httpx2, requests):
                assert library.post(url, json=payload(), headers=headers()).status_code == 200
            assert urllib.request.urlopen(emoji_server.url + "/_mock/health").status == 200
            told = "import os, urllib.request; urllib.request.urlopen(os.environ['DASHSCOPE_BASE_URL'] + '/_mock/health')"
            subprocess.run([sys.executable, "-c", told], check=True)
        """,
        passed=1,
    )
    assert {**os.environ, "PYTEST_CURRENT_TEST": ""} == {**before, "PYTEST_CURRENT_TEST": ""}

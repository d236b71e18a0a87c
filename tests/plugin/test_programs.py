"""The environment of programs that a test starts: they are unmodified, call the vendor's host, and reach the fake."""

import os
import shutil
import sys
from pathlib import Path

import pytest

pytest.importorskip("trustme", reason="what makes certificates comes with the extra `tls`")

BASE_PYTHON = Path(sys.base_prefix) / ("python.exe" if sys.platform == "win32" else "bin/python3")
"""A Python without the packages of this environment, which may be a virtual one."""
BODY = '{"model":"emoji-detect-v1","input":{"image_url":"https://a.test/me.png"},"parameters":{"ratio":"1:1"}}'
SCRIPTS = {
    "app_urllib.py": f"""
import os, urllib.request
VENDOR = "https://dashscope.aliyuncs.com/api/v1/services/aigc/image2video/face-detect"
HEADERS = {{"Authorization": "Bearer " + os.environ["DASHSCOPE_API_KEY"], "Content-Type": "application/json"}}
print(urllib.request.urlopen(urllib.request.Request(VENDOR, b'{BODY}', HEADERS)).read().decode())
""",
    "app_fetch.mjs": f"""
const headers = {{Authorization: `Bearer ${{process.env.DASHSCOPE_API_KEY}}`, "Content-Type": "application/json"}};
const url = "https://dashscope.aliyuncs.com/api/v1/services/aigc/image2video/face-detect";
console.log(await (await fetch(url, {{method: "POST", headers, body: '{BODY}'}})).text());
""",
    "app_curl.sh": f"""
exec curl -sS -H "Authorization: Bearer $DASHSCOPE_API_KEY" -H "Content-Type: application/json" -d '{BODY}' \\
    https://dashscope.aliyuncs.com/api/v1/services/aigc/image2video/face-detect
""",
}
COMMANDS = {
    "python": [str(BASE_PYTHON), "app_urllib.py"],
    "node": ["node", "app_fetch.mjs"],
    "curl": ["sh", "app_curl.sh"],
}


@pytest.fixture
def programs(project, monkeypatch):
    """A project with unmodified programs."""
    for name in ("DASHSCOPE_HTTP_BASE_URL", "DASHSCOPE_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, text in SCRIPTS.items():
        (project.pytester.path / name).write_text(text, "utf-8")
    return project


@pytest.mark.parametrize("program", COMMANDS)
def test_an_unmodified_program_reaches_the_fake_of_its_test(programs, monkeypatch, program):
    """It gets the answers of the test, and the journal has the vendor's host, as it was called."""
    command = COMMANDS[program]
    monkeypatch.delenv("PYTHONPATH", raising=False)  # so that it finds no emoji-mock
    if shutil.which(program if program != "python" else command[0]) is None:
        pytest.skip(f"{program} is not installed")
    programs.output_of(
        f"""
        import subprocess
        @pytest.mark.parametrize("code", ["FacePose", "Value"])
        def test_it(emoji_server, code):
            emoji_server.fails(code)
            ended = subprocess.run({command}, env=emoji_server.env(), capture_output=True, text=True)
            assert ended.returncode == 0, ended.stderr
            assert code in ended.stdout
            emoji_server.assert_called(times=1, image_url="https://a.test/me.png", key="sk-mock-test")
            assert emoji_server.calls[0].host == "dashscope.aliyuncs.com"
        """,
        passed=2,
    )


def test_the_environment_is_that_of_the_process_with_what_run_sets(programs, monkeypatch):
    """What is set already stays or is extended; the fixture's own address is taken out, a test's own is not."""
    monkeypatch.setenv("COVERAGE_PROCESS_START", ".coveragerc")
    monkeypatch.setenv("PYTHONPATH", "lib")
    monkeypatch.setenv("NO_PROXY", "*.example.com")
    programs.output_of(
        """
        import os
        def test_it(emoji_server, monkeypatch):
            before = dict(os.environ)
            env = emoji_server.env()
            assert dict(os.environ) == before
            assert set(before) - set(env) == {"DASHSCOPE_HTTP_BASE_URL", "DASHSCOPE_BASE_URL"}
            assert env["COVERAGE_PROCESS_START"] == ".coveragerc"
            assert env["PYTEST_CURRENT_TEST"] == before["PYTEST_CURRENT_TEST"]
            assert env["DASHSCOPE_API_KEY"] == "sk-mock-test"
            assert env["HTTPS_PROXY"] == env["https_proxy"] == emoji_server.proxy_url
            assert env["SSL_CERT_FILE"] == env["REQUESTS_CA_BUNDLE"] == emoji_server.ca_bundle
            assert env["EMOJI_MOCK_URL"] == emoji_server.url
            assert env["PYTHONPATH"].split(os.pathsep)[1:] == ["lib"]
            assert env["NO_PROXY"] == "localhost,127.0.0.1,::1,*.example.com"
            assert "EMOJI_MOCK_OFFLINE" not in env
            assert emoji_server.env(offline=True)["EMOJI_MOCK_OFFLINE"] == "1"
            assert emoji_server.env(offline=True)["HTTPS_PROXY"] != env["HTTPS_PROXY"]
        def test_addresses(emoji_server, monkeypatch):
            monkeypatch.setenv("DASHSCOPE_HTTP_BASE_URL", "https://dashscope-intl.aliyuncs.com/api/v1")
            assert emoji_server.env()["DASHSCOPE_HTTP_BASE_URL"] == "https://dashscope-intl.aliyuncs.com/api/v1"
        """,
        passed=2,
    )


def test_an_address_of_the_vendors_that_was_set_before_is_back(programs, monkeypatch):
    """As in the process of a test with emoji_api: it names the vendor, in its own form."""
    monkeypatch.setenv("DASHSCOPE_HTTP_BASE_URL", "http://127.0.0.1:9/api/v1")
    programs.output_of(
        """
        def test_it(emoji_server):
            assert emoji_server.env()["DASHSCOPE_HTTP_BASE_URL"] == "https://dashscope.aliyuncs.com/api/v1"
            assert "DASHSCOPE_BASE_URL" not in emoji_server.env()
        """,
        passed=1,
    )


def test_nothing_of_it_is_loaded_unless_it_is_used(programs):
    """A test that uses the server alone loads nothing that makes certificates, and opens no listener."""
    programs.pytester.makepyfile(app="import pytest")
    programs.output_of(
        """
        import sys
        NAMES = {"trustme", "cryptography", "emoji_mock.server.vendor_listeners", "emoji_mock.programs.environment"}
        def test_unused(emoji_server):
            assert not NAMES & set(sys.modules)
        def test_used(emoji_server):
            assert emoji_server.env()
            assert NAMES < set(sys.modules)
        """,
        process=True,
        passed=2,
    )


def test_the_session_shares_one_pair_of_listeners_that_ends_with_it(programs):
    """All tests and fixtures have the same proxy and bundle; then they are gone, also if the run is interrupted."""
    result = programs.run(
        """
        import pathlib, socket, urllib.parse
        SEEN = set()
        def note(server):
            SEEN.add((server.proxy_url, server.ca_bundle))
            pathlib.Path("seen").write_text(server.ca_bundle)
        def test_one(emoji_server): note(emoji_server)
        def test_session(emoji_server_session): note(emoji_server_session)
        def test_both(emoji_server, emoji_api, emoji_server_session):
            note(emoji_server), note(emoji_server_session)
            assert len(SEEN) == 1
            assert pathlib.Path(emoji_server.ca_bundle).exists()
            raise KeyboardInterrupt
        """,
        process=True,
    )
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.assert_outcomes(passed=2)
    seen = Path((programs.pytester.path / "seen").read_text())
    assert seen.name == "bundle.pem"
    assert not seen.parent.exists()


@pytest.mark.parametrize("use", ["proxy_url", "ca_bundle", "env()"])
def test_a_missing_extra_is_named_without_a_traceback(programs, monkeypatch, use):
    """The failure says what to install."""
    monkeypatch.setitem(sys.modules, "trustme", None)
    monkeypatch.delitem(sys.modules, "emoji_mock.server.tls.certificates", raising=False)
    monkeypatch.delattr("emoji_mock.server.tls.certificates", raising=False)
    output = programs.output_of(f"def test_it(emoji_server): emoji_server.{use}", failed=1)
    assert "answering https:// needs trustme and cryptography: pip install 'emoji-mock[tls]'" in output
    assert "def test_it" not in output


def test_a_connection_that_did_not_reach_the_fake_is_in_the_failure_of_its_test(programs):
    """A handshake that the client refuses, and a host that is refused; the next test knows nothing of them."""
    output = programs.output_of(
        """
        import contextlib, socket, ssl, urllib.parse
        def connect(server, host, offline=False):
            at = urllib.parse.urlsplit(server.env(offline=offline)["HTTPS_PROXY"])
            one = socket.create_connection((at.hostname, at.port))
            one.sendall(f"CONNECT {host}:443 HTTP/1.1\\r\\nHost: {host}\\r\\nUser-Agent: old/1\\r\\n\\r\\n".encode())
            return one, one.recv(1000)
        def refuse(server):
            one, _ = connect(server, "dashscope.aliyuncs.com")
            received, sent = ssl.MemoryBIO(), ssl.MemoryBIO()
            tls = ssl.create_default_context().wrap_bio(received, sent, server_hostname="dashscope.aliyuncs.com")
            with one, contextlib.suppress(ConnectionError):
                with pytest.raises(ssl.SSLCertVerificationError):
                    while True:
                        with contextlib.suppress(ssl.SSLWantReadError):
                            tls.do_handshake()
                        one.sendall(sent.read())
                        received.write(one.recv(65536))
                one.sendall(sent.read())
                while one.recv(65536):  # else its end is a reset, which may overtake the reason
                    pass
        def test_assertion(emoji_server):
            refuse(emoji_server)
            emoji_server.assert_called()
        def test_wait(emoji_server):
            refuse(emoji_server)
            emoji_server.wait_for_call(timeout=0)
        def test_verdict(emoji_server):
            refuse(emoji_server)
            emoji_server.assert_resilient()
        def test_other_failure(emoji_server):
            connection, answer = connect(emoji_server, "other.test", offline=True)
            connection.close()
            assert b" 200 " in answer
        def test_next(emoji_server):
            assert emoji_server.env()
            emoji_server.assert_called()
        def test_session(emoji_server_session):
            refuse(emoji_server_session)
        def test_session_next(emoji_server_session):
            emoji_server_session.assert_called()
        """,
        passed=1,
        failed=6,
    )
    assert output.count("no TLS between dashscope.aliyuncs.com and old/1: tlsv1 alert unknown ca.") == 4
    assert output.count("Likely cause: the connections above ended before a request.") == 3
    assert output.count("no connection to other.test for old/1: refused, ") == 1
    assert "Connections that did not reach the fake" not in output.partition("test_next ___")[2]


def test_an_authority_that_a_test_trusts_is_trusted_by_its_programs(programs):
    """Beside the fake's own, and in that test alone."""
    programs.output_of(
        """
        import pathlib, trustme
        def test_it(emoji_server, monkeypatch, tmp_path):
            own = trustme.CA().cert_pem
            usual = emoji_server.env()
            own.write_to_path(tmp_path / "own.pem")
            monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "own.pem"))
            bundle = pathlib.Path(emoji_server.env()["SSL_CERT_FILE"]).read_bytes()
            assert own.bytes() in bundle
            assert pathlib.Path(usual["EMOJI_MOCK_CA"]).read_bytes() in bundle
            monkeypatch.undo()
            assert own.bytes() not in pathlib.Path(emoji_server.ca_bundle).read_bytes()
        """,
        passed=1,
    )


IN_PROCESS = """
    import json, ssl, urllib.request
    import aiohttp, anyio, httpx2, requests, urllib3
    def trust(server):
        return ssl.create_default_context(cafile=server.ca_bundle)
    def via_httpx(server):
        with httpx.Client(proxy=server.proxy_url, verify=trust(server)) as client:
            return client.post(VENDOR, json=payload(), headers=headers()).status_code
    def via_httpx2(server):
        with httpx2.Client(proxy=server.proxy_url, verify=trust(server)) as client:
            return client.post(VENDOR, json=payload(), headers=headers()).status_code
    def via_requests(server):
        given = {"proxies": {"https": server.proxy_url}, "verify": server.ca_bundle}
        return requests.post(VENDOR, json=payload(), headers=headers(), **given).status_code
    def via_urllib3(server):
        with urllib3.ProxyManager(server.proxy_url, ca_certs=server.ca_bundle) as pool:
            return pool.request("POST", VENDOR, json=payload(), headers=headers()).status
    def via_urllib(server):
        handlers = urllib.request.ProxyHandler({"https": server.proxy_url}), urllib.request.HTTPSHandler(context=trust(server))
        sent = urllib.request.Request(VENDOR, json.dumps(payload()).encode(), {**headers(), "Content-Type": "application/json"})
        return urllib.request.build_opener(*handlers).open(sent).status
    async def via_async_httpx(server):
        async with httpx.AsyncClient(proxy=server.proxy_url, verify=trust(server)) as client:
            return (await client.post(VENDOR, json=payload(), headers=headers())).status_code
    async def via_aiohttp(server):
        given = {"proxy": server.proxy_url, "ssl": trust(server)}
        async with aiohttp.ClientSession() as session:
            async with session.post(VENDOR, json=payload(), headers=headers(), **given) as answer:
                return answer.status
    def reached(server):
        return [one.host for one in server.calls] == ["dashscope.aliyuncs.com"]
    @pytest.mark.parametrize("way", [via_httpx, via_httpx2, via_requests, via_urllib3, via_urllib])
    def test_sync(emoji_server, way):
        assert way(emoji_server) == 200
        assert reached(emoji_server)
    @pytest.mark.parametrize(("way", "loop"), [
        (via_async_httpx, "trio"), (via_async_httpx, "asyncio"), (via_async_httpx, "uvloop"),
        (via_aiohttp, "asyncio"), (via_aiohttp, "uvloop"),
    ])
    def test_async(emoji_server, way, loop):
        given = {"backend": "trio"} if loop == "trio" else {"backend_options": {"use_uvloop": loop == "uvloop"}}
        assert anyio.run(way, emoji_server, **given) == 200
        assert reached(emoji_server)
    def test_past_it(emoji_server):
        assert via_httpx(emoji_server) == 200
        with pytest.raises(httpx.ConnectError, match="past the fake"):
            httpx.post(VENDOR)
"""


@pytest.mark.slow
def test_clients_of_the_process_that_use_the_proxy_are_no_leak(programs):
    """Tunnels to the vendor's host and TLS in them are let through, in every client; calls past the proxy are not."""
    pytest.importorskip("uvloop")
    pytest.importorskip("trio")
    for name in IN_PROCESS_NEEDS:
        pytest.importorskip(name)
    programs.output_of(IN_PROCESS, "-W", "ignore", process=False, passed=10, failed=1)


IN_PROCESS_NEEDS = ("aiohttp", "httpx2", "requests", "urllib3")

LIBCURL = """
    import curl_cffi, curl_cffi.requests, asyncio
    def test_sync(emoji_server):
        given = {"proxy": emoji_server.proxy_url, "verify": emoji_server.ca_bundle}
        assert curl_cffi.requests.post(VENDOR, json=payload(), headers=headers(), **given).status_code == 200
    def test_async(emoji_server):
        async def ask(**given):
            async with curl_cffi.AsyncSession() as session:
                return (await session.post(VENDOR, json=payload(), headers=headers(), **given)).status_code
        assert asyncio.run(ask(proxy=emoji_server.proxy_url, verify=emoji_server.ca_bundle)) == 200
    def test_variables(emoji_server, monkeypatch):
        for name, value in emoji_server.env().items():
            monkeypatch.setenv(name, value)
        given = {"verify": emoji_server.ca_bundle}
        assert curl_cffi.requests.post(VENDOR, json=payload(), headers=headers(), **given).status_code == 200
    def test_past_it(emoji_server):
        session = curl_cffi.requests.Session()
        given = {"proxy": emoji_server.proxy_url, "verify": emoji_server.ca_bundle}
        assert session.post(VENDOR, json=payload(), headers=headers(), **given).status_code == 200
        with pytest.raises(OSError, match="past the fake"):
            session.post(VENDOR, json=payload(), headers=headers())
"""


def test_libcurl_may_use_the_proxy(programs):
    """Whether an option or the environment names the proxy; a call without it is stopped, also on the same handle."""
    pytest.importorskip("curl_cffi")
    programs.output_of(LIBCURL, "-W", "ignore", process=True, passed=3, failed=1)


def test_a_spawned_process_gets_the_environment(programs):
    """A worker of multiprocessing has no `env`, but the environment of the moment at which it starts."""
    programs.pytester.makepyfile(
        spawned="""
        import runpy
        def call():
            runpy.run_path("app_urllib.py")
        """
    )
    programs.output_of(
        """
        import multiprocessing, os, unittest.mock
        from concurrent.futures import ProcessPoolExecutor
        import spawned
        def test_it(emoji_server):
            with unittest.mock.patch.dict(os.environ, emoji_server.env(), clear=True):
                with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
                    pool.submit(spawned.call).result()
            assert [one.host for one in emoji_server.calls] == ["dashscope.aliyuncs.com"]
        """,
        passed=1,
    )


@pytest.mark.slow
def test_a_pytest_in_that_environment_reaches_the_fake(programs, monkeypatch):
    """Also in workers of pytest-xdist, and with this plugin: its guard calls none of this a leak."""
    pytest.importorskip("xdist")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    programs.pytester.makepyfile(
        inner="""
        import httpx, pytest
        from app import detect
        @pytest.mark.parametrize("nth", range(2))
        def test_inner(nth):
            assert detect(client=httpx.Client()).status_code == 200
        def test_own(emoji_api):
            emoji_api.errors("RateQuota")
            assert detect().status_code == 429
        """
    )
    programs.output_of(
        """
        import subprocess, sys
        def test_it(emoji_server):
            plugins = ["-p", "pytest_emoji_mock", "-p", "xdist", "-p", "no:cacheprovider", "-n", "2"]
            ended = subprocess.run([sys.executable, "-m", "pytest", *plugins, "inner.py"], env=emoji_server.env())
            assert ended.returncode == 0
            emoji_server.assert_called(times=2)
        """,
        passed=1,
    )


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_process_has_what_was_opened_before(programs):
    """It uses the same listeners, and is told to ask earlier where there are none; its end leaves the files alone."""
    programs.output_of(
        """
        import multiprocessing, pathlib
        def ask(server, answers):
            try:
                answers.put(server.proxy_url)
            except RuntimeError as error:
                answers.put(str(error))
        def asked(server):
            context = multiprocessing.get_context("fork")
            answers = context.Queue()
            process = context.Process(target=ask, args=(server, answers))
            process.start()
            answer = answers.get()
            process.join()
            return answer
        def test_it(emoji_server):
            assert asked(emoji_server) == "this process is a fork without a server of its own: ask for it before the fork"
            assert emoji_server.proxy_url == asked(emoji_server)
            assert pathlib.Path(emoji_server.ca_bundle).exists()
        """,
        *("-W", "ignore"),
        process=True,
        passed=1,
    )

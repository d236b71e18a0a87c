"""The leak guard: a call to the vendor past the fake fails, and its line is named."""

import contextlib
import os
import socket
import threading

import pytest

from emoji_mock.testing.leak_guard import LeakError, LeakGuard

WAYS = {
    "taken from socket earlier": "EARLY('dashscope.aliyuncs.com', 443)",
    "a module of socket made anew": "import importlib; importlib.reload(socket).create_connection(('dashscope.aliyuncs.com', 443))",
    "httpx": "httpx.get(VENDOR)",
    "requests": "import requests; requests.get(VENDOR)",
    "urllib": "import urllib.request; urllib.request.urlopen(VENDOR)",
    "socket": "import socket; socket.create_connection(('dashscope.aliyuncs.com', 443))",
    "connect": "with socket.socket() as one: one.connect(('dashscope-intl.aliyuncs.com', 443))",
    "private network": "httpx.get('https://vpc-cn-beijing.dashscope.aliyuncs.com/')",
    "a region that is not known": "httpx.get('https://dashscope-new.aliyuncs.com/')",
    "bytes": "import socket; socket.getaddrinfo(b'ws1.cn-beijing.maas.aliyuncs.com', 443)",
    "asyncio": "import asyncio; asyncio.run(asyncio.open_connection('dashscope.aliyuncs.com', 443))",
    "uvloop": "import asyncio, uvloop; uvloop.run(asyncio.open_connection('dashscope.aliyuncs.com', 443))",
    "tls": "import ssl; b = ssl.MemoryBIO(); ssl.create_default_context().wrap_bio(b, b, False, 'dashscope.aliyuncs.com')",
    "proxy": "httpx.get(VENDOR, proxy=PROXY, timeout=None)",
    "proxy, in the clear": "httpx.get(VENDOR.replace('https', 'http'), proxy=PROXY)",
    "proxy, asyncio": "import asyncio; asyncio.run(async_get())",
    "proxy, uvloop": "import uvloop; uvloop.run(async_get())",
    "proxy, trio": "import trio; trio.run(async_get)",
    "proxy, aiohttp": "import asyncio; asyncio.run(aiohttp_get())",
    "proxy, aiohttp on uvloop": "import uvloop; uvloop.run(aiohttp_get())",
    "socks": "with socket.create_connection(PROXY_AT) as one: one.sendall(b'\\5\\1\\0\\3\\26dashscope.aliyuncs.com\\1\\xbb')",
    "thread": "import threading; t = threading.Thread(target=lambda: httpx.get(VENDOR)); t.start(); t.join()",
}


CURL = {
    "curl_cffi": "from curl_cffi import requests; requests.get(VENDOR)",
    "curl_cffi, asyncio": "import asyncio, curl_cffi; asyncio.run(curl_cffi.AsyncSession().get(VENDOR))",
    "pycurl": "import pycurl; c = pycurl.Curl(); c.setopt(pycurl.URL, VENDOR); c.perform()",
    "pycurl, bytes": "from pycurl import Curl; c = Curl(); c.setopt(c.URL, b'dashscope.aliyuncs.com'); c.perform()",
}


@pytest.mark.parametrize("way", CURL)
def test_libcurl_is_stopped(project, way):
    """The library curl is in C, but is told the URL by a function of Python; other hosts are let through."""
    pytest.importorskip(way.partition(",")[0])
    output = project.run(
        f"""
        import socket
        def test_it():
            try:
                {CURL[way]}
            except OSError as error:
                assert "past the fake" in str(error)
        def test_other():
            try:
                {CURL[way].replace("VENDOR", "'http://127.0.0.1:9'").replace("dashscope.aliyuncs.com", "127.0.0.1:9")}
            except Exception as error:
                assert "past the fake" not in str(error)
        """,
        *("-W", "ignore"),
        process=True,
    )
    output.assert_outcomes(passed=1, failed=1)
    assert "test_it.py:7 tried to reach dashscope.aliyuncs.com past the fake" in output.stdout.str()


def received(listener):
    """Return the bytes received on the pending connections of `listener`."""
    came = b""
    with contextlib.suppress(BlockingIOError):
        while True:
            connection, _ = listener.accept()
            with connection, contextlib.suppress(ConnectionError):
                connection.settimeout(1)
                came += connection.recv(1000)
    return came


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_every_way_is_stopped(project, way):
    """A call by any client fails the test with its own line, even if it swallows the error."""
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        output = project.output_of(
            f"""
            import socket; from socket import getaddrinfo as EARLY; PROXY_AT = ("127.0.0.1", {proxy.getsockname()[1]})
            PROXY = "http://127.0.0.1:{proxy.getsockname()[1]}"
            async def async_get():
                async with httpx.AsyncClient(proxy=PROXY) as client:
                    await client.get(VENDOR.replace("https", "http"))
            async def aiohttp_get():
                import aiohttp
                async with aiohttp.ClientSession() as session:
                    await session.get(VENDOR.replace("https", "http"), proxy=PROXY)
            def test_it():
                try:
                    {WAYS[way]}
                except Exception:
                    pass
            """,
            process="reload" in WAYS[way],  # a `socket` made anew has another mark of "no timeout" than its users have
            failed=1,
        )
        proxy.settimeout(0)
        assert received(proxy) == b""
    assert (
        "test_it.py:15 tried to reach " if "_get()" not in WAYS[way] and "trio" not in way else "test_it.py:"
    ) in output
    assert "aliyuncs.com past the fake" in output
    assert "Use the fixture emoji_api or emoji_server; or mark the test emoji_live and run with --emoji-live." in output


@pytest.mark.parametrize("line", ["httpx.get(VENDOR)", "with pytest.raises(httpx.ConnectError): httpx.get(VENDOR)"])
def test_a_module_that_calls_when_it_is_imported(project, line):
    """A call during collection fails the collection, even if the module swallows the error."""
    output = project.output_of(f"{line}\ndef test_it(): pass\n", errors=1)
    assert "test_it.py:3 tried to reach dashscope.aliyuncs.com past the fake" in output


def test_the_fake_may_be_a_proxy(project):
    """A program may use the fake as its proxy: it names the vendor to it, and nothing leaves."""
    output = """
        HTTP = VENDOR.replace("https", "http")
        def test_sync(emoji_server):
            with httpx.Client(proxy=emoji_server.url) as client:
                assert detect(url=HTTP, client=client).status_code == 200
        @pytest.mark.parametrize("backend", ["asyncio", "trio"])
        def test_async(emoji_server, backend):
            async def ask():
                async with httpx.AsyncClient(proxy=emoji_server.url) as client:
                    return (await client.post(HTTP, json=payload(), headers=headers())).status_code
            import anyio
            assert anyio.run(ask, backend=backend) == 200
        def test_aiohttp(emoji_server):
            import aiohttp, asyncio
            async def ask():
                async with aiohttp.ClientSession() as session:
                    return (await session.post(HTTP, json=payload(), headers=headers(), proxy=emoji_server.url)).status
            assert asyncio.run(ask()) == 200
        """
    project.output_of(output, passed=4)


def test_a_conftest_that_calls_ends_the_run(project):
    """A call before collection ends the run with its line, even if the conftest swallows the error."""
    project.pytester.makeconftest("""
        import socket
        try:
            socket.getaddrinfo("dashscope.aliyuncs.com", 443)
        except OSError:
            pass
    """)
    result = project.run("def test_it(): pass", process=True)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "conftest.py:3 tried to reach dashscope.aliyuncs.com past the fake" in result.stderr.str()


def test_a_call_at_the_end_of_the_session_fails_the_run(project):
    """A call at the end of the session is stopped and named, and the run fails."""
    project.pytester.makeconftest("""
        import socket
        def pytest_sessionfinish():
            try:
                socket.getaddrinfo("dashscope.aliyuncs.com", 443)
            except OSError:
                pass
    """)
    result = project.run("def test_it(): pass", process=True)
    result.assert_outcomes(passed=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert "conftest.py:4 tried to reach dashscope.aliyuncs.com past the fake" in result.stdout.str()


def test_a_call_from_a_task_of_aiohttp_names_the_test(project):
    """A library's task has no line of the test on its stack; the test that awaits it is named."""
    output = project.output_of(
        """
        import aiohttp, asyncio
        async def ask():
            async with aiohttp.ClientSession() as session:
                await session.get(VENDOR)
        def test_it():
            with pytest.raises(OSError):
                asyncio.run(ask())
        """,
        failed=1,
    )
    assert "test_it.py:7 tried to reach dashscope.aliyuncs.com past the fake" in output


def test_a_call_from_a_thread_of_a_library_names_the_test(project):
    """If a library calls from its own thread, whose stack has no line of the test, the test is named."""
    output = project.output_of(
        """
        import socket
        from concurrent.futures import ThreadPoolExecutor
        def test_it():
            with ThreadPoolExecutor(1) as pool:
                pool.submit(socket.getaddrinfo, "dashscope.aliyuncs.com", 443)
        """,
        failed=1,
    )
    assert "test_it.py:6 (test_it) tried to reach dashscope.aliyuncs.com past the fake" in output


def test_a_leak_is_the_fault_of_its_own_test(project):
    """A leak while a fixture starts or ends fails that test, and not the next one."""
    output = project.output_of(
        """
        @pytest.fixture
        def starts():
            httpx.get(VENDOR)
        @pytest.fixture
        def ends():
            yield
            with pytest.raises(httpx.ConnectError):
                httpx.get(VENDOR)
        def test_starts(starts): pass
        def test_between(): pass
        def test_ends(ends): pass
        def test_last(): pass
        """,
        passed=3,
        errors=2,
    )
    assert "test_it.py:6 tried to reach" in output
    assert "test_it.py:11 tried to reach" in output


def test_the_tests_own_failure_is_not_lost(project):
    """A test that leaked and then failed reports both; a repeated call is reported once."""
    output = project.output_of(
        """
        def test_it():
            for _ in range(2):
                with pytest.raises(httpx.ConnectError):
                    httpx.get(VENDOR)
            assert 1 == 2
        """,
        failed=1,
    )
    assert output.count("test_it.py:7 tried to reach") == 1
    assert "The test itself ended with AssertionError: assert 1 == 2" in output


PUT_BACK = {
    "connect, as pytest-socket does": "socket.socket.connect = CONNECT",
    "all of socket": "importlib.reload(socket)",
}


@pytest.mark.parametrize("how", PUT_BACK)
def test_the_guard_stands_in_every_test(project, how):
    """Whoever puts a function of `socket` back after a test does not open the way for the next one."""
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        result = project.run(
            f"""
            import importlib, socket
            CONNECT = vars(socket.SocketType)["connect"]
            @pytest.fixture(autouse=True)
            def put_back():
                yield
                {PUT_BACK[how]}
            @pytest.mark.parametrize("nth", range(3))
            def test_it(nth):
                with socket.socket() as one, pytest.raises(OSError, match="past the fake"):
                    one.connect(("dashscope.aliyuncs.com", 443))
                with socket.create_connection(("127.0.0.1", {proxy.getsockname()[1]})) as one:
                    with pytest.raises(OSError, match="past the fake"):
                        one.sendall(b"CONNECT dashscope-intl.aliyuncs.com:443")
            """,
            process=True,  # which may reload its `socket`
        )
    result.assert_outcomes(failed=3)
    output = result.stdout.str()
    assert output.count("test_it.py:13 tried to reach dashscope.aliyuncs.com past the fake") == 3
    assert output.count("test_it.py:16 tried to reach dashscope-intl.aliyuncs.com past the fake") == 3


def test_what_another_mocker_put_in_place_is_left(project):
    """A function that another mocker answers by is neither replaced nor accused."""
    project.output_of(
        """
        import socket
        @pytest.fixture(autouse=True)
        def other(monkeypatch):
            monkeypatch.setattr(socket.socket, "connect", lambda one, address: None)
            monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: [])
        @pytest.mark.parametrize("nth", range(2))
        def test_it(nth):
            with socket.socket() as one:
                one.connect(("dashscope.aliyuncs.com", 443))
            assert socket.getaddrinfo("dashscope.aliyuncs.com", 443) == []
        """,
        passed=2,
    )


THREAD = """
import socket, threading, time
def call(seconds):
    time.sleep(seconds)
    socket.getaddrinfo("dashscope.aliyuncs.com", 443)
def test_it():
    threading.Thread(target=call, args=({},)).start()
"""


@pytest.mark.slow
@pytest.mark.parametrize("workers", [(), ("-p", "xdist", "-n", "1")])
def test_what_a_thread_does_after_the_last_test_fails_the_run(project, workers):
    """A thread that outlives its test is waited for, in a worker too: its call is named, and the run fails."""
    result = project.run(THREAD.format(0.4), *workers, process=True)
    result.assert_outcomes(passed=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert "test_it.py:7 tried to reach dashscope.aliyuncs.com past the fake (in the thread" in result.stdout.str()


@pytest.mark.slow
def test_a_call_after_the_summary_fails_the_process(project):
    """A thread that outlives even the summary is guarded to the end of the process, whose status tells of its call."""
    project.pytester.makeconftest("import pytest_emoji_mock._late as late; late.LONGEST_WAIT = 0")
    result = project.run(THREAD.format(1), process=True)
    result.assert_outcomes(passed=1)
    assert result.ret == 1
    assert "test_it.py:7 tried to reach dashscope.aliyuncs.com past the fake" in result.stderr.str()


@pytest.mark.slow
def test_a_call_at_the_end_of_a_worker_fails_the_run(project):
    """A call that only a worker of pytest-xdist makes at its end is named by the controller, and the run fails."""
    project.pytester.makeconftest("""
        import os, socket
        def pytest_sessionfinish():
            if "PYTEST_XDIST_WORKER" in os.environ:
                try:
                    socket.getaddrinfo("dashscope.aliyuncs.com", 443)
                except OSError:
                    pass
    """)
    result = project.run("def test_it(): pass", "-p", "xdist", "-n", "1", process=True)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert "conftest.py:5 tried to reach dashscope.aliyuncs.com past the fake" in result.stdout.str()


def test_an_idle_thread_of_an_executor_delays_nothing():
    """The end of a run waits for threads that work, not for those that wait for work."""
    from concurrent.futures import ThreadPoolExecutor
    from threading import Event

    from pytest_emoji_mock._late import started_since

    before, gate, working = frozenset(threading.enumerate()), Event(), Event()
    with ThreadPoolExecutor(1) as pool:
        work = pool.submit(lambda: (working.set(), gate.wait()))
        working.wait()
        assert len(started_since(before)) == 1
        gate.set()
        work.result()
        while started_since(before):
            pass


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
def test_a_forked_process_is_stopped_and_named(project):
    """A call in a forked process fails the test that forked it, though its memory is a copy."""
    output = project.output_of(
        """
        import os, socket
        def test_it():
            child = os.fork()
            if child == 0:
                try:
                    socket.getaddrinfo("dashscope.aliyuncs.com", 443)
                finally:
                    os._exit(0)
            os.waitpid(child, 0)
        def test_next(): pass
        """,
        passed=1,
        failed=1,
    )
    assert "test_it.py:9 tried to reach dashscope.aliyuncs.com past the fake (in the process " in output


def test_emoji_live_needs_its_flag(project):
    """A test marked emoji_live is skipped; under --emoji-live the guard lets it through, and only it."""
    code = """
        import socket
        @pytest.mark.emoji_live
        def test_live():
            with pytest.raises(socket.gaierror):
                socket.getaddrinfo("dashscope.aliyuncs.com", "no such service")
        def test_other():
            with pytest.raises(OSError):
                socket.getaddrinfo("dashscope.aliyuncs.com", 443)
        """
    output = project.output_of(code, "-rs", skipped=1, failed=1)
    assert "calls the vendor and may cost money: needs --emoji-live" in output
    # In a process of its own, without the guard of this run.
    project.run(code, "--emoji-live", process=True).assert_outcomes(passed=1, failed=1)


def test_other_hosts_are_reached(project):
    """Calls to loopback pass."""
    project.output_of(
        """
        import asyncio, socket
        def test_it():
            with socket.create_server(("127.0.0.1", 0)) as server:
                port = server.getsockname()[1]
                socket.create_connection(("localhost", port)).close()
                async def ask():
                    _, writer = await asyncio.open_connection("127.0.0.1", port)
                    writer.close()
                    await asyncio.get_running_loop().getaddrinfo(host="127.0.0.1", port=port)
                asyncio.run(ask())
        """,
        passed=1,
    )


def test_the_guard_leaves_nothing_behind():
    """Every patched function is restored, also one that a class had inherited."""
    before = {**vars(socket)}, {**vars(socket.socket)}
    guard = LeakGuard()
    guard.install()
    with pytest.raises(LeakError, match="; no byte of the call has left this machine"):
        socket.gethostbyname("dashscope.aliyuncs.com")
    guard.uninstall()
    assert ({**vars(socket)}, {**vars(socket.socket)}) == before
    assert len(guard.take()) == 1
    assert guard.take() == []

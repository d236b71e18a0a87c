"""The preload for Python: when it does something, what it leaves alone, and that it hides nothing."""

import _socket
import os
import re
import socket
import sys
from textwrap import dedent

import pytest
from helpers import OURS_ALONE

from emoji_mock.programs.preloads import PRELOADS

NAMES = ["EMOJI_MOCK_HOSTS", "EMOJI_MOCK_TLS_PORT", "EMOJI_MOCK_PORT"]
FETCH = "import json, urllib.request as u; print(json.load(u.urlopen('https://dashscope.aliyuncs.com'))['output'])"
FETCHED = "{'listener': 'TLS', 'host': 'dashscope.aliyuncs.com'}\n"
LOADED = "import sys; print(sorted(name for name in sys.modules if name.startswith('emoji_mock')))"


def test_it_is_inert_without_the_hosts(programs):
    """Without EMOJI_MOCK_HOSTS nothing is loaded but the file itself."""
    assert programs.python(LOADED, EMOJI_MOCK_HOSTS="") == "[]\n"
    assert programs.python(LOADED) == "['emoji_mock_changes', 'emoji_mock_redirection']\n"


def test_a_start_of_python_loads_little(programs):
    """It loads no module of the standard library that Python has not loaded at its start."""
    code = "import sys; print(*sorted(sys.modules))"
    without = programs.python(code, EMOJI_MOCK_HOSTS="").split()
    assert sorted({*programs.python(code).split()} - {*without}) == ["emoji_mock_changes", "emoji_mock_redirection"]


def test_a_wrong_variable_breaks_nothing(programs, wrong_variable):
    """With a variable that is wrong the program runs, looks up as ever, and one line says so."""
    code = "import socket; print(socket.getaddrinfo('127.0.0.1', 80)[0][4])"
    done = programs.run(sys.executable, "-c", code, **wrong_variable)
    assert done.stdout == "('127.0.0.1', 80)\n"
    assert done.stderr.startswith("emoji-mock: not all calls of this Python are sent to the fake: ")
    assert done.stderr.count("\n") == 1


def test_a_missing_variable_breaks_nothing(programs):
    """Neither does one that is missing."""
    done = programs.run(sys.executable, "-c", "print(1)", without=["EMOJI_MOCK_PORT"])
    assert (done.stdout, done.stderr.count("\n")) == ("1\n", 1)


def test_other_hosts_and_ports_are_left(programs):
    """A server on this machine is reached at its own port, and functions keep their names and defaults."""
    code = """
        import asyncio, os, socket
        port = int(os.environ["EMOJI_MOCK_PORT"])
        for host in ("localhost", "127.0.0.1"):
            with socket.create_connection((host, port)) as connection:
                print(connection.getpeername()[1] == port)
        print(socket.getaddrinfo.__module__, socket.getaddrinfo("127.0.0.1", "http", proto=6)[0][4])
        with socket.socket() as listener, socket.socket() as connection:
            listener.bind(("127.0.0.1", 0))
            print(connection.connect_ex(listener.getsockname()) != 0)
        async def call():
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            print(writer.get_extra_info("peername")[1] == port)
            writer.close()
        asyncio.run(call())
        if hasattr(socket, "AF_UNIX"):
            left, right = socket.socketpair(socket.AF_UNIX)
            left.close(), right.close()
        try:
            socket.getaddrinfo("dashscope.aliyuncs.com", 443, flags=socket.AI_NUMERICHOST)
        except socket.gaierror as error:
            print(error.errno == socket.EAI_NONAME)
        try:
            socket.socket().connect("dashscope.aliyuncs.com")
        except TypeError:
            print("TypeError")
    """
    assert programs.python(dedent(code), "-W", "ignore").splitlines() == [
        *["True", "True", "socket ('127.0.0.1', 80)", "True", "True", "True"],
        "TypeError",
    ]


def test_offline_refuses_others(programs):
    """Offline, other hosts are refused at once, by the standard library and by uvloop, and the vendor's answer."""
    pytest.importorskip("uvloop")
    code = """
        import asyncio, errno, socket, urllib.request, uvloop
        def attempt(call):
            try:
                print(call())
            except OSError as error:
                error = getattr(error, 'reason', error)
                print(type(error).__name__, error.args[-1])
        async def call():
            await asyncio.open_connection("example.com", 443)
        attempt(lambda: urllib.request.urlopen("https://example.com"))
        attempt(lambda: socket.create_connection(("203.0.113.7", 80)))
        attempt(lambda: socket.socket().connect(("203.0.113.7", 80)))
        attempt(lambda: socket.socket().connect_ex(("203.0.113.7", 80)) == errno.ECONNREFUSED)
        attempt(lambda: socket.gethostbyname("example.com"))
        attempt(lambda: asyncio.run(call()))
        attempt(lambda: uvloop.run(call()))
        attempt(lambda: urllib.request.urlopen("https://dashscope.aliyuncs.com").status)
        attempt(lambda: len(socket.getaddrinfo(None, 80, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)) > 0)
    """
    lookup = "gaierror emoji-mock --offline refuses example.com"
    assert programs.python(dedent(code), "-W", "ignore", EMOJI_MOCK_OFFLINE="1").splitlines() == [
        lookup,
        "gaierror emoji-mock --offline refuses 203.0.113.7",
        "ConnectionRefusedError emoji-mock --offline refuses 203.0.113.7",
        "True",
        lookup,
        lookup,
        "ConnectionRefusedError emoji-mock --offline refuses example.com",
        "200",
        "True",
    ]


def test_a_sitecustomize_that_is_there_is_imported_once(programs, tmp_path):
    """The next `sitecustomize` on the path is imported once, under its name, and is the one that the program sees."""
    (tmp_path / "sitecustomize.py").write_text("import socket\nprint('theirs', __name__)\nMARK = 1\n")
    path = os.pathsep.join([str(PRELOADS["python"]), str(PRELOADS["python"]), str(tmp_path)])
    code = f"import sitecustomize, sys; print(sitecustomize.MARK, {str(PRELOADS['python'])!r} in sys.path); {FETCH}"
    assert programs.python(code, PYTHONPATH=path) == f"theirs sitecustomize\n1 True\n{FETCHED}"
    assert programs.python("import socket", PYTHONPATH=path, EMOJI_MOCK_HOSTS="") == "theirs sitecustomize\n"


def test_a_sitecustomize_that_fails_is_reported_by_python(programs, tmp_path):
    """One that fails is reported as Python does without the preload, and calls are redirected all the same."""
    (tmp_path / "sitecustomize.py").write_text("import no_such_module\n")
    path = os.pathsep.join([str(PRELOADS["python"]), str(tmp_path)])
    done = programs.run(sys.executable, "-c", FETCH, PYTHONPATH=path)
    alone = programs.run(sys.executable, "-c", "", PYTHONPATH=str(tmp_path))
    assert (done.stdout, done.stderr) == (FETCHED, alone.stderr)
    assert "No module named 'no_such_module'" in done.stderr


def test_modules_imported_before_are_changed(programs):
    """What a .pth file has imported before is changed, too, and so is what is reloaded."""
    code = f"""
        import socket, ssl, site
        before = socket.gethostbyname
        site.main()
        print(socket.gethostbyname("dashscope.aliyuncs.com"))
        {FETCH}
        import importlib
        importlib.reload(socket)
        print(socket.create_connection(("dashscope.aliyuncs.com", 80)).getpeername()[0])
    """
    expected = f"127.69.77.79\n{FETCHED}127.0.0.1\n"
    assert programs.python(dedent(code), "-S", "-W", "ignore") == expected


def test_modules_keep_their_loaders(programs):
    """A changed module has the loader that it would have, so that its data is found; another finder is asked, too."""
    code = """
        import importlib.util, sys
        print(type(importlib.util.find_spec("socket").loader.get_code("socket")).__name__)
        import socket
        print(type(socket.__loader__).__name__, type(socket.__spec__.loader).__name__)
        print(importlib.util.find_spec("no_such_module"))
    """
    assert programs.python(dedent(code)) == "code\nSourceFileLoader SourceFileLoader\nNone\n"


def test_socket_looks_names_up_by_its_module_in_c(monkeypatch):
    """`socket` looks names up by the private module `_socket`, at each call; so does gevent, which is why it is changed."""
    monkeypatch.setattr("_socket.getaddrinfo", lambda *_: [(2, 1, 6, "", ("127.0.0.1", 80))])
    assert socket.getaddrinfo("localhost", 80)[0][4] == ("127.0.0.1", 80)
    assert socket.gethostbyname is _socket.gethostbyname


def test_green_threads_are_sent_to_the_fake(programs):
    """The sockets and look-ups of gevent reach the fake, too."""
    pytest.importorskip("gevent")
    assert programs.python(f"from gevent import monkey; monkey.patch_all(); {FETCH}") == FETCHED


@pytest.mark.parametrize("option", ["-I", "-E", "-S"])
def test_isolated_python_does_not_load_it(programs, option):
    """Python that ignores the environment does not load it; there the proxies serve."""
    assert programs.python(LOADED, option) == "[]\n"


@pytest.mark.slow
def test_children_are_sent_to_the_fake(programs, tmp_path):
    """Processes that multiprocessing starts, in each of its ways, and a subprocess, have the preload."""
    script = tmp_path / "children.py"
    code = f"""
        import multiprocessing, os, subprocess, sys
        def child():
            {FETCH}
            sys.stdout.flush()
        if __name__ == "__main__":
            for way in multiprocessing.get_all_start_methods():
                process = multiprocessing.get_context(way).Process(target=child)
                process.start()
                process.join()
            subprocess.run([sys.executable, "-c", {FETCH!r}])
    """
    script.write_text(dedent(code))
    ways = 4 if sys.platform != "win32" else 2
    assert programs.run(sys.executable, script).stdout == FETCHED * ways


@pytest.mark.slow
def test_the_plugin_sees_no_leak_in_what_is_redirected(programs, tmp_path):
    """In a test, the interceptors answer as ever; a call that passes them and is redirected is no leak, others are."""
    pytest.importorskip("uvloop")
    test = tmp_path / "test_it.py"
    test.write_text(
        dedent("""
        import asyncio, json, os, socket, pytest, requests, trio, uvloop

        async def streams():
            reader, writer = await asyncio.open_connection("dashscope.aliyuncs.com", 443, ssl=True)
            writer.write(b"GET / HTTP/1.1\\r\\nHost: dashscope.aliyuncs.com\\r\\nConnection: close\\r\\n\\r\\n")
            answer = await reader.read()
            writer.close()
            return json.loads(answer.partition(b"\\r\\n\\r\\n")[2])["output"]["listener"]

        async def trio_stream():
            stream = await trio.open_ssl_over_tcp_stream("dashscope.aliyuncs.com", 443, https_compatible=True)
            await stream.send_all(b"GET / HTTP/1.1\\r\\nHost: dashscope.aliyuncs.com\\r\\n\\r\\n")
            answer = await stream.receive_some()
            await stream.aclose()
            return answer[:15]

        def test_the_fixture_answers(emoji_api):
            emoji_api.passes()
            url = "https://dashscope.aliyuncs.com/api/v1/services/aigc/image2video/face-detect"
            body = {"model": "emoji-detect-v1", "input": {"image_url": "https://example.com/me.png"}, "parameters": {"ratio": "1:1"}}
            got = requests.post(url, json=body, headers={"Authorization": "Bearer sk-mock-me"}, timeout=9)
            assert got.status_code == 200
            emoji_api.assert_called(times=1)

        @pytest.mark.parametrize("run", [asyncio.run, uvloop.run])
        def test_redirected(run):
            assert run(streams()) == "TLS"

        def test_trio():
            assert trio.run(trio_stream) == b"HTTP/1.1 200 OK"

        def test_by_name():
            with socket.socket() as connection:
                connection.connect(("dashscope.aliyuncs.com", 80))

        def test_through_the_proxy_of_the_run():
            with socket.create_connection(("127.0.0.1", int(os.environ["EMOJI_MOCK_PORT"]))) as connection:
                connection.sendall(b"CONNECT dashscope.aliyuncs.com:443 HTTP/1.1\\r\\n\\r\\n")

        def test_through_another_proxy():
            left, right = socket.socketpair()
            with left, right:
                left.sendall(b"CONNECT dashscope.aliyuncs.com:443 HTTP/1.1\\r\\n")
        """)
    )
    command = [sys.executable, "-m", "pytest", "-q", "-rf", "-p", "no:cacheprovider", test]
    proxy = f"http://127.0.0.1:{programs.environ['EMOJI_MOCK_PORT']}"
    done = programs.run(*command, check=False, EMOJI_MOCK_PROXY=proxy, **OURS_ALONE)
    assert "6 passed" in done.stdout, done.stdout
    assert re.findall(r"^FAILED .*::(\w+)", done.stdout, re.MULTILINE) == ["test_through_another_proxy"]
    assert "tried to reach dashscope.aliyuncs.com past the fake" in done.stdout

"""All interceptors at once: what is answered, what passes through, and what is undone."""

import http.client
import subprocess
import sys
import threading
from pathlib import Path

import aiohttp
import httpx
import httpx2
import pytest
import requests
import responses
import respx
import urllib3
from helpers import Answering

from emoji_mock import Fake, Response, intercept
from emoji_mock.interceptors import registry
from emoji_mock.interceptors.registry import INTERCEPTORS, Interception

PLACES = [
    (httpx.HTTPTransport, "handle_request"),
    (httpx.AsyncHTTPTransport, "handle_async_request"),
    (httpx2.HTTPTransport, "handle_request"),
    (httpx2.AsyncHTTPTransport, "handle_async_request"),
    (requests.adapters.HTTPAdapter, "send"),
    (requests.adapters.HTTPAdapter, "get_connection_with_tls_context"),
    (urllib3.connection.HTTPConnection, "connect"),
    (urllib3.connection.HTTPConnection, "putrequest"),
    (urllib3.connection.HTTPSConnection, "connect"),
    (http.client.HTTPConnection, "connect"),
    (http.client.HTTPConnection, "putrequest"),
    (http.client.HTTPSConnection, "connect"),
    (aiohttp.connector.BaseConnector, "connect"),
]


def patched():
    """Return every attribute that an interceptor patches."""
    return [vars(owner)[name] for owner, name in PLACES]


def says(text):
    """Return an interception that answers everything with `text`."""
    return Interception(Answering(lambda _: Response(200, (), text)))


def test_only_the_vendors_hosts_are_answered(client, good, fake, elsewhere):
    """The fake answers a call to the vendor; a call to another host arrives there."""
    with intercept(fake):
        assert client(*good).status == 200
        assert client("POST", elsewhere, {}, b"x").body == b"elsewhere"


def _leave_by_error(before):
    assert all(now is not then for now, then in zip(patched(), before, strict=True))
    raise ZeroDivisionError


def test_nothing_is_left_patched(fake):
    """Leaving restores exactly what was there, after an exception too."""
    before, finders = patched(), list(sys.meta_path)
    with pytest.raises(ZeroDivisionError), intercept(fake):
        _leave_by_error(before)
    assert patched() == before
    assert sys.meta_path == finders


def test_the_innermost_answers(client, good):
    """Of two nested interceptions the inner one answers, and then the outer one again."""
    with says(b"outer"):
        with says(b"inner"):
            assert client(*good).body == b"inner"
        assert client(*good).body == b"outer"


def test_leaving_out_of_order_is_safe(client, good):
    """In any order of leaving the remaining one answers, and the last one restores everything."""
    before = patched()
    first, second = says(b"first"), says(b"second")
    first.__enter__()
    second.__enter__()
    first.__exit__()
    assert client(*good).body == b"second"
    second.__exit__()
    second.__exit__()
    assert patched() == before


def test_a_mocker_on_top_of_ours_may_leave_after_us(fake, good):
    """If another mocker wraps our patch and outlives us, what it restores passes calls on."""
    ours = intercept(fake)
    ours.__enter__()
    theirs = responses.RequestsMock(assert_all_requests_are_fired=False)
    theirs.start()
    ours.__exit__(None, None, None)
    theirs.add("POST", good[1], body=b"theirs")
    assert requests.post(good[1], timeout=5).content == b"theirs"
    theirs.stop()
    with says(b"ours"):
        assert requests.post(good[1], timeout=5).content == b"ours"


def test_other_mockers_go_on_answering_for_other_hosts(fake, good, clients):
    """`responses` and respx answer for their hosts while the fake answers for the vendor's."""
    with responses.RequestsMock() as theirs, respx.mock as router:
        theirs.add("POST", "https://example.org/", body=b"responses")
        router.post("https://example.org/").respond(content=b"respx")
        with intercept(fake):
            assert clients["requests"]("POST", "https://example.org/", {}, b"").body == b"responses"
            assert clients["httpx"]("POST", "https://example.org/", {}, b"").body == b"respx"
            assert clients["requests"](*good).status == clients["httpx"](*good).status == 200


def test_threads_call_while_interceptions_come_and_go(client, good, fake):
    """Threads may call while interceptions are entered and left."""
    got = []
    with intercept(fake):
        threads = [threading.Thread(target=lambda: got.append(client(*good).status)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for _ in range(50):
            with intercept(fake):
                pass
        for thread in threads:
            thread.join()
    assert got == [200] * 8


def test_each_call_is_journalled_once(client, good):
    """A library built on another one makes one call."""
    asked = []
    fake = Fake(listener=asked.append)
    with intercept(fake):
        client(*good)
    assert len(asked) == 1


def test_the_request_has_the_host_that_was_called(client, good, fake):
    """The request has the vendor's host, as on a real connection."""
    hosts = []

    def listening(request):
        hosts.append(request.by_name()["host"])
        return fake.answer(request)

    with Interception(Answering(listening)):
        client(*good)
    assert hosts == ["dashscope.aliyuncs.com"]


@pytest.mark.parametrize("host", ["DASHSCOPE.aliyuncs.com", "dashscope.aliyuncs.com.", "dashscope.aliyuncs.com:443"])
def test_a_host_in_another_spelling_is_answered(host, client, good, fake):
    """The vendor's host is recognised in upper case, with a final dot, and with a port."""
    method, url, headers, body = good
    with intercept(fake):
        assert client(method, url.replace("dashscope.aliyuncs.com", host), headers, body).status == 200


def test_repeated_headers_and_exact_bytes_arrive(client, good):
    """A header that is repeated arrives twice, and the body byte by byte."""
    payload = bytes(range(256)) * 300
    answer = Response(203, (("x-twice", "a"), ("x-twice", "b")), payload)
    with Interception(Answering(lambda _: answer)):
        got = client(*good)
    assert (got.status, got.body) == (203, payload)
    values = [value for name, value in got.headers if name.lower() == "x-twice"]
    assert values in (["a", "b"], ["a, b"])


_LIBRARIES = ("http.client", "urllib3", "requests", "httpx", "httpx2", "aiohttp", "respx", "fastapi")


def run(code):
    """Run some code in a fresh Python, and return what it prints."""
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()


def test_an_interception_imports_no_library():
    """Neither the package nor an interception loads an HTTP library that the program has not loaded."""
    code = f"""
import sys, emoji_mock
with emoji_mock.intercept(emoji_mock.Fake()):
    print(*[name for name in {_LIBRARIES} if name in sys.modules])
"""
    assert run(code) == []


@pytest.mark.parametrize("library", ["httpx", "httpx2", "requests", "urllib3"])
def test_a_library_that_is_imported_later_is_answered_too(library, good):
    """A library that is first imported inside an interception is answered by the fake."""
    call = {"urllib3": "urllib3.request('POST', url, body=b'').status"}.get(library, f"{library}.post(url).status_code")
    code = f"""
import sys, emoji_mock
url = {good[1]!r}
with emoji_mock.intercept(emoji_mock.Fake()):
    import {library}
    print({call}, {library}.__spec__.loader is {library}.__loader__, type({library}.__loader__).__name__)
print(any("emoji_mock" in type(finder).__module__ for finder in sys.meta_path))
"""
    assert run(code) == ["401", "True", "SourceFileLoader", "False"]


@pytest.mark.parametrize("module", [*INTERCEPTORS.values(), *registry.NEIGHBOURS.values()])
def test_an_interceptor_that_the_program_imports_itself_is_installed(module):
    """An interceptor that is first imported inside interceptions, and imports its library, is installed in each once."""
    library = next(name for name, one in [*INTERCEPTORS.items(), *registry.NEIGHBOURS.items()] if one == module)
    pytest.importorskip(library)
    code = f"""
import emoji_mock
with emoji_mock.intercept(emoji_mock.Fake()):
    with emoji_mock.intercept(emoji_mock.Fake()):
        import {module} as loaded
        import {library}
        one = getattr(loaded, "INTERCEPTOR", None) or loaded.NEIGHBOUR
        print(len(one._installed))
    print(len(one._installed))
print(len(one._installed))
"""
    assert run(code) == ["2", "1", "0"]


THROWAWAY_LIBRARY = '''
class Client:
    """An HTTP client that can reach nothing."""

    def get(self, host, path):
        raise OSError(f"{host} is out of reach")
'''
THROWAWAY_INTERCEPTOR = """
from emoji_mock.contract.exchange import Request
from emoji_mock.fake.port import ask
from emoji_mock.interceptors.base import Interceptor, Patch
from throwaway_http import Client


class ThrowawayInterceptor(Interceptor):
    def __init__(self):
        super().__init__(Patch(Client, "get", self._get))

    def _get(self, original):
        def get(client, host, path):
            port = self.port_for(host)
            if port is None:
                return original(client, host, path)
            return ask(port, Request("GET", path, (("host", host),)))

        return get


INTERCEPTOR = ThrowawayInterceptor()
"""


def test_a_new_library_is_one_file_and_one_line(fake, tmp_path, monkeypatch):
    """A made-up library with its interceptor, named in a registry, is patched, answered, and put back."""
    (tmp_path / "throwaway_http.py").write_text(THROWAWAY_LIBRARY)
    (tmp_path / "throwaway_interceptor.py").write_text(THROWAWAY_INTERCEPTOR)
    monkeypatch.syspath_prepend(tmp_path)
    with Interception(fake, {**INTERCEPTORS, "throwaway_http": "throwaway_interceptor"}):
        from throwaway_http import Client

        assert Client().get("dashscope.aliyuncs.com", "/api/v1/tasks").status == 401
        with pytest.raises(OSError, match=r"example\.org is out of reach"):
            Client().get("example.org", "/")
    with pytest.raises(OSError, match=r"dashscope\.aliyuncs\.com is out of reach"):
        Client().get("dashscope.aliyuncs.com", "/api/v1/tasks")
    for name in ("throwaway_http", "throwaway_interceptor"):
        monkeypatch.delitem(sys.modules, name)


def test_every_interceptor_is_registered():
    """The registry has each module with an `INTERCEPTOR`, under the library that it intercepts."""
    folder = Path(registry.__file__).parent
    modules = {path.stem for path in folder.glob("*.py") if "\nINTERCEPTOR = " in path.read_text()}
    assert set(INTERCEPTORS.values()) == {f"emoji_mock.interceptors.{name}" for name in modules}
    assert {library.replace(".", "_") for library in INTERCEPTORS} == modules


def test_the_pages_name_every_library():
    """README and docs/reference/faults.md name each library of the registry."""
    root = Path(__file__).parents[2]
    for page in (root / "README.md", root / "docs" / "reference" / "faults.md"):
        text = page.read_text("utf-8")
        assert [library for library in INTERCEPTORS if library not in text] == []

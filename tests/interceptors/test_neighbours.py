"""Other mockers beside the fake, in any order: what docs/recipes/other-mockers.md says of each holds."""

import asyncio
import contextlib
import importlib
import re
import urllib.error
import urllib.request
from pathlib import Path

import aiohttp
import httpx
import httpx2
import pytest
import requests
import urllib3

import emoji_mock
from emoji_mock.interceptors.neighbours import INTERNALS
from emoji_mock.interceptors.registry import NEIGHBOURS

URL = "https://dashscope.aliyuncs.com/api/v1/services/aigc/image2video/face-detect"
OTHER = "https://dashscope.aliyuncs.com/api/v1/elsewhere"
"""The other mocker has an answer for the first of them, 418, and none for the second."""


def _urllib(url):
    request = urllib.request.Request(url, b"", method="POST")  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=5) as response:  # noqa: S310
            return response.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code


async def _async(library, url):
    async with library.AsyncClient() as client:
        return (await client.post(url)).status_code


async def _aiohttp(url):
    async with aiohttp.ClientSession() as session, session.post(url) as response:
        return response.status


def _urllib3(url):
    with urllib3.PoolManager(retries=False) as pool:
        return pool.request("POST", url).status


CLIENTS = {
    "requests": lambda url: requests.post(url, timeout=5).status_code,
    "urllib3": _urllib3,
    "httpx": lambda url: httpx.post(url).status_code,
    "httpx, async": lambda url: asyncio.run(_async(httpx, url)),
    "httpx2": lambda url: httpx2.post(url).status_code,
    "aiohttp": lambda url: asyncio.run(_aiohttp(url)),
    "urllib.request": _urllib,
}


@contextlib.contextmanager
def _responses(library, _):
    with library.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.add("POST", URL, status=418)
        yield lambda: len(mock.calls)


@contextlib.contextmanager
def _requests_mock(library, _):
    with library.Mocker() as mock:
        mock.post(URL, status_code=418)
        yield None


@contextlib.contextmanager
def _respx(library, _):
    with library.mock(assert_all_called=False) as router:
        router.post(URL).respond(418)
        yield lambda: router.calls.call_count


@contextlib.contextmanager
def _pytest_httpx(library, _):
    class Node:
        @staticmethod
        def iter_markers(_):
            return iter(())

    with pytest.MonkeyPatch.context() as patches:
        fixture = library.httpx_mock._get_wrapped_function()(patches, type("Request", (), {"node": Node}))
        next(fixture).add_response(url=URL, status_code=418, is_reusable=True, is_optional=True)
        yield None


@contextlib.contextmanager
def _pook(library, _):
    library.on()
    library.post(URL, persist=True, reply=418)
    try:
        yield None
    finally:
        library.off()
        library.reset()


@contextlib.contextmanager
def _vcr(library, folder):
    cassette = folder / "cassette.yaml"
    cassette.write_text(
        f"interactions:\n- request: {{body: null, headers: {{}}, method: POST, uri: '{URL}'}}\n"
        "  response: {body: {string: ''}, headers: {}, status: {code: 418, message: Teapot}}\nversion: 1\n"
    )
    before = cassette.read_bytes()
    with library.use_cassette(str(cassette), record_mode="none", allow_playback_repeats=True):
        yield None
    assert cassette.read_bytes() == before


MOCKERS = {
    "responses": ("responses", _responses, ["requests"]),
    "requests-mock": ("requests_mock", _requests_mock, ["requests"]),
    "respx": ("respx", _respx, ["httpx", "httpx, async"]),
    "pytest-httpx": ("pytest_httpx", _pytest_httpx, ["httpx", "httpx, async"]),
    "pook": ("pook", _pook, ["requests", "urllib3", "httpx", "httpx, async", "urllib.request"]),
    "vcrpy": ("vcr", _vcr, list(CLIENTS)),
}
CASES = [(mocker, client) for mocker, (_, _, clients) in MOCKERS.items() for client in clients]

# F, f: the fake starts, ends. N, n: the other mocker. ?: both URLs are called.
ORDERS = {
    "F?N?nf": [(401, 401), (418, 401)],
    "NF?fn": [(401, 401)],
    "FN?n?f": [(418, 401), (401, 401)],
    "NF?n?f": [(401, 401), (401, 401)],
    "FN?fn": [(418, 401)],
    "NFfF?fn": [(401, 401)],
    "FNF?f?nf": [(401, 401), (418, 401)],
}


def play(order, mocker, client, folder):
    """Return the answers of an order."""
    module, make, _ = MOCKERS[mocker]
    library = pytest.importorskip(module)
    fakes, other, got = [], make(library, folder), []
    with contextlib.ExitStack() as rest:
        for step in order:
            if step == "F":
                fakes.append(emoji_mock.intercept())
                fakes[-1].__enter__()
            elif step == "f":
                fakes.pop().__exit__(None, None, None)
            elif step == "N":
                other.__enter__()
                rest.callback(other.__exit__, None, None, None)
            elif step == "n":
                rest.pop_all().close()
            else:
                got.append((CLIENTS[client](URL), CLIENTS[client](OTHER)))
    return got


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize(("mocker", "client"), CASES, ids=[f"{mocker}-{client}" for mocker, client in CASES])
@pytest.mark.filterwarnings("default")
def test_the_latest_answers_what_it_can_and_the_fake_the_rest(mocker, client, order, tmp_path):
    """A mocker that starts later answers what it has an answer for; one that started earlier is not asked."""
    assert play(order, mocker, client, tmp_path) == ORDERS[order]


@pytest.mark.filterwarnings("default")
def test_aioresponses_passes_on_what_it_does_not_know():
    """The fake answers what aioresponses has no answer for, and everything if it starts later."""
    library = pytest.importorskip("aioresponses")
    with emoji_mock.intercept(), library.aioresponses() as mock:
        mock.post(URL, exception=ZeroDivisionError())
        with pytest.raises(ZeroDivisionError):
            CLIENTS["aiohttp"](URL)
        assert CLIENTS["aiohttp"](OTHER) == 401
    with library.aioresponses() as mock, emoji_mock.intercept():
        mock.post(URL, exception=ZeroDivisionError())
        assert CLIENTS["aiohttp"](URL) == 401
    assert vars(aiohttp.ClientSession)["_request"].__module__ == "aiohttp.client"


def test_what_the_fake_answers_is_no_call_of_the_other_mocker(tmp_path):
    """`responses` counts no call that it passed on, as respx does not."""
    for mocker, client in (("responses", "requests"), ("respx", "httpx")):
        module, make, _ = MOCKERS[mocker]
        library = pytest.importorskip(module)
        with emoji_mock.intercept(), make(library, tmp_path) as count:
            assert (CLIENTS[client](URL), CLIENTS[client](OTHER), count()) == (418, 401, 1)


@pytest.mark.parametrize("mode", ["once", "new_episodes", "all", "none"])
@pytest.mark.parametrize("client", CLIENTS)
def test_no_cassette_records_the_fake(client, mode, tmp_path):
    """In every mode of recording, a cassette that starts after the fake records none of its answers."""
    library, path = pytest.importorskip("vcr"), tmp_path / "cassette.yaml"
    with emoji_mock.intercept(), library.use_cassette(str(path), record_mode=mode) as cassette:
        assert [CLIENTS[client](OTHER) for _ in range(2)] == [401, 401]
        assert len(cassette) == 0
    assert not path.exists()


@pytest.mark.parametrize("user", ["requests", "httpx", "aiohttp"])
def test_a_patch_that_started_before_the_fake_is_not_asked_about_the_vendor(user, monkeypatch, elsewhere):
    """What a conftest has put in place to block calls goes on blocking those to other hosts, and those alone."""

    def block(*_, **__):
        raise RuntimeError("no network in tests")

    places = {
        "requests": ["requests.adapters.HTTPAdapter.send", "requests.Session.send"],
        "httpx": ["httpx.HTTPTransport.handle_request"],
        "aiohttp": ["aiohttp.ClientSession._request", "aiohttp.connector.BaseConnector.connect"],
    }[user]
    for place in places:
        with monkeypatch.context() as patches:
            patches.setattr(place, block)
            with emoji_mock.intercept():
                assert CLIENTS[user](URL) == 401
                with pytest.raises(RuntimeError, match="no network"):
                    CLIENTS[user](elsewhere)
        with emoji_mock.intercept():
            assert CLIENTS[user](URL) == 401


@pytest.mark.parametrize("module", INTERNALS)
def test_the_tools_still_have_what_we_use(module):
    """Every name that the package lists exists in the tool."""
    library = pytest.importorskip(module)
    for path in INTERNALS[module]:
        value = library
        for name in path.split("."):
            if name in ("passthru_prefixes", "_matches"):
                break  # of an instance
            value = getattr(value, name)


def test_the_page_names_every_tool():
    """docs/recipes/other-mockers.md has a row for each tool that is known."""
    page = (Path(__file__).parents[2] / "docs" / "recipes" / "other-mockers.md").read_text("utf-8")
    rows = re.findall(r"^\| ([\w-]+)", page, re.MULTILINE)
    assert set(MOCKERS) | {"aioresponses"} <= set(rows)
    assert {module for module, _, _ in MOCKERS.values()} | {"aioresponses"} == {*NEIGHBOURS, "respx"}
    assert all(importlib.util.find_spec(place) for place in NEIGHBOURS.values())

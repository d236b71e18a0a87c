"""Tests with clients and transports of the caller's, of either library, and with our own over sockets."""

import socket
import threading

import anyio
import httpx
import httpx2
import pytest
from client_helpers import FAILED, PASSED, URL, WAYS, serving

from emoji_mock.client import (
    ApiKeyError,
    AsyncEmojiDetect,
    CallLimits,
    ConnectionFailedError,
    EmojiDetect,
    EmojiError,
    RequestError,
    ServiceError,
    ThrottledError,
    TimedOutError,
    UnreadableAnswerError,
)

ONCE = CallLimits(attempts=1, timeout=5, deadline=10)


def drive(kind, *args, **settings):
    """Detect with one of the two clients, and close it."""
    if kind is EmojiDetect:
        with kind(*args, **settings) as client:
            return client.detect(URL)

    async def go():
        async with kind(*args, **settings) as client:
            return await client.detect(URL)

    return anyio.run(go)


@pytest.fixture(params=[EmojiDetect, AsyncEmojiDetect])
def kind(request):
    """Our own client over httpx2, sync and async."""
    return request.param


def test_a_client_of_the_callers_is_used_and_left_open(way):
    """Its base URL, key, login and redirects are not used; ours take precedence."""
    requests = []

    def answer(request):
        requests.append(request)
        return way.library.Response(200, content=PASSED)

    theirs = way.own(
        transport=way.library.MockTransport(answer),
        base_url="https://elsewhere.example",
        headers={"authorization": "Bearer theirs", "x-theirs": "kept"},
        auth=("user", "password"),
        follow_redirects=True,
    )
    client = way(client=theirs, api_key="sk-real-looking")
    assert client.detect(URL).passed
    assert requests[0].url.host == "dashscope.aliyuncs.com"
    assert requests[0].headers["authorization"] == "Bearer sk-real-looking"
    assert requests[0].headers["x-theirs"] == "kept"
    assert requests[0].headers["user-agent"].startswith("emoji-mock/")
    (client.aclose if way.is_async else client.close)()
    assert theirs.is_closed is False


@pytest.mark.parametrize(("named", "other"), [("httpx2 sync", "httpx2 async"), ("httpx async", "httpx sync")])
def test_the_wrong_kind_of_client_is_refused(named, other):
    """Sync for sync, async for async; a transport or a client, not both; nothing else."""
    way, wrong = WAYS[named], WAYS[other]
    with pytest.raises(
        TypeError, match=rf"client: must be a {way.own.__name__} of httpx or httpx2, not {wrong.own.__name__}"
    ):
        way(client=wrong.own(verify=False))
    with pytest.raises(TypeError, match="not object"):
        way(client=object())
    with pytest.raises(TypeError, match="not both"):
        way(client=way.own(verify=False), transport=way.library.MockTransport(lambda _: None))


@pytest.mark.parametrize(("named", "other"), [("httpx2 sync", "httpx2 async"), ("httpx async", "httpx sync")])
def test_the_wrong_kind_of_transport_is_refused(named, other):
    """It is refused at construction, not at the first detection."""
    way, wrong = WAYS[named], WAYS[other]
    network = wrong.library.AsyncHTTPTransport if wrong.is_async else wrong.library.HTTPTransport
    for transport in (network(verify=False), object(), "transport"):
        with pytest.raises(TypeError, match=rf"transport: must have `handle_.*`, not {type(transport).__name__}"):
            way(transport=transport)


def test_a_query_of_the_callers_client_does_not_replace_ours(way, tmp_path):
    """Its `params` are not sent: they would replace the query of getPolicy."""
    path, requests = tmp_path / "me.png", []
    path.write_bytes(b"\x89PNG\r\n\x1a\n")

    def answer(request):
        requests.append(str(request.url))
        return way.library.Response(400, content=b"{}")

    theirs = way.own(transport=way.library.MockTransport(answer), params={"trace": "1"})
    for image in (path, URL):
        with pytest.raises(RequestError):
            way(client=theirs).detect(image)
    assert requests == [
        "https://dashscope.aliyuncs.com/api/v1/uploads?action=getPolicy&model=emoji-detect-v1",
        "https://dashscope.aliyuncs.com/api/v1/services/aigc/image2video/face-detect",
    ]


@pytest.mark.parametrize(
    ("status", "error", "times"), [(401, ApiKeyError, 1), (429, ThrottledError, 2), (503, ServiceError, 2)]
)
def test_a_hook_that_raises_for_the_status_keeps_our_exception(way, status, error, times):
    """The body is lost then, but status, request id and `retryable` are kept."""
    requests = []

    def answer(request):
        requests.append(request)
        return way.library.Response(status, headers={"x-request-id": "33da"}, content=b"{}")

    def hook(response):
        response.raise_for_status()

    async def ahook(response):
        response.raise_for_status()

    theirs = way.own(
        transport=way.library.MockTransport(answer), event_hooks={"response": [ahook if way.is_async else hook]}
    )
    with pytest.raises(error) as caught:
        way(client=theirs, limits=CallLimits(attempts=2)).detect(URL)
    assert (caught.value.status, caught.value.request_id, caught.value.billed) == (status, "33da", False)
    assert len(requests) == times


def test_an_unknown_transport_is_used_with_httpx2():
    """Any object with `handle_request` is accepted."""

    class Theirs:
        def handle_request(self, request):
            return httpx2.Response(200, content=PASSED, request=request)

        def close(self):
            pass

        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

    assert EmojiDetect("sk-mock-me", transport=Theirs()).detect(URL).passed


def test_a_redirect_is_not_followed(way):
    """The key is sent to the caller's base URL only."""
    client = way((307, b"", {"location": "https://evil.example/"}))
    with pytest.raises(UnreadableAnswerError) as caught:
        client.detect(URL)
    assert (len(client.requests), caught.value.billed, caught.value.status) == (1, False, 307)


def test_a_response_is_limited_in_bytes(way):
    """After a megabyte it is unreadable."""
    client = way((200, b" " * (1024 * 1024 + 1), {"x-request-id": "33da"}))
    with pytest.raises(UnreadableAnswerError, match="longer than 1048576 bytes") as caught:
        client.detect(URL)
    assert (caught.value.request_id, caught.value.billed) == ("33da", None)
    assert len(client.requests) == 1


def test_trio():
    """The asynchronous client runs on trio as it does on asyncio."""
    client = AsyncEmojiDetect(
        "sk-mock-me", transport=httpx2.MockTransport(lambda _: httpx2.Response(200, content=PASSED))
    )
    (ended,) = anyio.run(client.detect_many, [URL], backend="trio")
    assert ended.passed


def test_over_a_socket(kind, live):
    """The fake's server is reached by its root URL and with /api/v1."""
    live.fake.store.reset()
    for base_url in (live.url, f"{live.url}/api/v1"):
        assert drive(kind, "sk-mock-me", base_url=base_url).passed


@pytest.mark.parametrize("library", [httpx, httpx2])
def test_over_a_socket_with_a_client_of_either_library(library, live):
    """It is also reached with a client of the caller's."""
    with library.Client() as theirs:
        client = EmojiDetect("sk-mock-me", base_url=live.url, client=theirs)
        assert [each.passed for each in (client.detect(URL), client.detect(URL))] == [True, True]


def test_a_proxy_is_not_used_for_this_machine(kind, live, monkeypatch):
    """A proxy from the environment could read the key."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    assert drive(kind, "sk-mock-me", base_url=live.url).passed


HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
RESPONSES = {
    "nothing": (b"", ConnectionFailedError, 0),
    "garbage": (b"\x16\x03\x01 this is not HTTP\r\n\r\n", ConnectionFailedError, 0),
    "half an answer": (HEAD % 500 + PASSED[:40], ConnectionFailedError, 200),
    "bad compression": (
        b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\nnope",
        UnreadableAnswerError,
        200,
    ),
}


@pytest.mark.parametrize("name", RESPONSES)
def test_faults_on_a_real_socket(kind, name):
    """Whatever a server sends becomes one of our exceptions, with `billed` unknown."""
    data, error, status = RESPONSES[name]
    with serving(data) as (url, requests), pytest.raises(error) as caught:
        drive(kind, "sk-mock-me", base_url=url, limits=ONCE)
    assert (caught.value.status, caught.value.billed) == (status, None)
    assert len(requests) == 1


@pytest.mark.parametrize("data", [b"", HEAD % 500 + PASSED[:40]], ids=["before", "within"])
def test_silence_on_a_real_socket(kind, data):
    """A server that is silent before or within its response causes a timeout, without a retry."""
    with serving(data, stay=2) as (url, requests), pytest.raises(TimedOutError) as caught:
        drive(kind, "sk-mock-me", base_url=url, limits=CallLimits(timeout=0.5))
    assert (caught.value.billed, caught.value.retryable) == (None, False)
    assert len(requests) == 1


def test_a_refused_connection(kind):
    """It is not billed, and retryable."""
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(ConnectionFailedError) as caught:
        drive(kind, "sk-mock-me", base_url=f"http://127.0.0.1:{port}", limits=ONCE)
    assert (caught.value.billed, caught.value.retryable) == (False, True)


def test_the_deadline_stops_a_server_that_trickles(kind):
    """A slow stream of bytes does not hold the caller beyond the deadline."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        over = threading.Event()

        def trickle():
            connection, _ = listener.accept()
            with connection:
                connection.recv(65_536)
                connection.sendall(HEAD % 500)
                while not over.wait(0.02):
                    try:
                        connection.sendall(b" ")
                    except OSError:
                        return

        thread = threading.Thread(target=trickle, daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(TimedOutError) as caught:
            drive(kind, "sk-mock-me", base_url=url, limits=CallLimits(timeout=5, deadline=0.8))
        over.set()
        thread.join(1)
    assert caught.value.billed is None


@pytest.mark.parametrize(
    "limits",
    [
        {"attempts": 0},
        {"timeout": 0},
        {"deadline": -1},
        {"per_second": 0},
        {"per_second": "2"},
        {"at_once": True},
        {"backoff": float("nan")},
    ],
)
def test_invalid_limits_are_refused(limits):
    """The exception names the limit."""
    with pytest.raises(ValueError, match=next(iter(limits))):
        CallLimits(**limits)


def test_public_names():
    """Each can be imported, and a misspelt name lists them."""
    from emoji_mock import client

    assert all(getattr(client, name) for name in client.__all__)
    assert sorted(client._MODULES) == client.__all__ == dir(client)
    with pytest.raises(
        AttributeError, match=r"no attribute 'EmojiDetct'; choose from AnyPassed, AnyResult, ApiKeyError"
    ):
        _ = client.EmojiDetct


def test_a_host_that_only_the_library_refuses(kind):
    """The library's exception becomes ours."""
    with pytest.raises(EmojiError) as caught:
        drive(kind, "sk-real", base_url="https://xn--a.example-" + "a" * 70, limits=ONCE)
    assert isinstance(caught.value, RequestError | ConnectionFailedError)


def test_failed_over_a_socket(kind, live):
    """A failed detection is read from a socket."""
    from emoji_mock import Rule

    live.fake.store.replace_rules([Rule(outcome="failed", code="FacePose")])
    got = drive(kind, "sk-mock-me", base_url=live.url)
    assert (got.passed, got.code, got.billed) == (False, "InvalidFile.FacePose", True)
    assert FAILED.startswith(b'{"output":{"code":"InvalidFile.FacePose"')

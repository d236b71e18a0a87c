"""What the client promises of time and size holds against any server, with each library."""

import bz2
import gzip
import socket
import ssl
import threading
import time
import tracemalloc
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import cache, partial

import anyio
import pytest
from client_helpers import PASSED, URL, WAYS, serving

from emoji_mock.client import (
    ApiKeyError,
    AsyncEmojiDetect,
    CallLimits,
    EmojiDetect,
    TimedOutError,
    UnreadableAnswerError,
)

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
TLS = ssl.create_default_context()  # made once: it takes 20 ms or more
ONCE = CallLimits(attempts=1, timeout=5, deadline=10)
LIMITS = CallLimits(timeout=5, deadline=0.6, attempts=4, backoff=0.01)
"""Steps may take five seconds each, the call 0.6."""


def detect(way, url, limits):
    """Detect over the network with a client of the way's library."""
    if not way.is_async:
        with way.own(trust_env=False, verify=TLS) as own:
            return EmojiDetect("sk-mock-me", base_url=url, client=own, limits=limits).detect(URL)

    async def go():
        async with way.own(trust_env=False, verify=TLS) as own:
            return await AsyncEmojiDetect("sk-mock-me", base_url=url, client=own, limits=limits).detect(URL)

    return anyio.run(go)


@contextmanager
def dripping(head, drop):
    """Run a server that sends `head` to each connection, then `drop` again and again."""
    over = threading.Event()
    ended = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve(connection):
            with connection:
                try:
                    connection.recv(65_536)
                    connection.sendall(head)
                    while not over.wait(0.02):
                        connection.sendall(drop)
                except OSError:
                    ended.append(True)

        def accept():
            while not over.is_set():
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=serve, args=(connection,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}", ended
        finally:
            over.set()


DRIPS = {
    "a status line": (b"HTTP/1.1 200 ", b"O", 0),
    "a header": (b"HTTP/1.1 200 OK\r\nx: ", b"y", 0),
    "headers": (b"HTTP/1.1 200 OK\r\n", b"a: b\r\n", 0),
    "100 Continue": (b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0),
    "early hints": (b"", b"HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n", 0),
    "a body": (HEAD % 5000, b" ", 200),
    "chunks": (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", b"1\r\n \r\n", 200),
    "a size of a chunk": (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", b"0", 200),
    "a body without end": (b"HTTP/1.1 200 OK\r\n\r\n", b" ", 200),
}


def call_that_drips(way, name):
    """Return the status and the bill in the error of a call to a server that drips, and how many connections ended."""
    head, drop, _ = DRIPS[name]
    with dripping(head, drop) as (url, ended):
        with pytest.raises(TimedOutError, match="deadline") as caught:
            detect(way, url, replace(LIMITS, deadline=1))
        until = time.monotonic() + 5
        while not ended and time.monotonic() < until:
            time.sleep(0.01)
        return caught.value.status, caught.value.billed, len(ended)


def test_the_deadline_holds_whatever_drips(way):
    """A call ends at its deadline, though each byte comes in time; its connection is closed soon, and no retry is made."""
    with ThreadPoolExecutor(len(DRIPS)) as pool:  # at the same time, because each takes a second
        ends = dict(zip(DRIPS, pool.map(partial(call_that_drips, way), DRIPS), strict=True))
    assert ends == {name: (status, None, 1) for name, (_, _, status) in DRIPS.items()}


# On asyncio both libraries leave the socket of a cancelled handshake to the garbage collector, in some later test.
@pytest.mark.parametrize("way", [way for way in WAYS.values() if not way.is_async], ids=["httpx2", "httpx"])
def test_the_deadline_holds_before_a_request_is_sent(way):
    """A TLS handshake that the server never answers ends at the deadline."""
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(TimedOutError):
        detect(way, f"https://127.0.0.1:{silent.getsockname()[1]}", LIMITS)


def test_the_deadline_holds_while_an_address_is_looked_up(monkeypatch, way):
    """A resolver has no timeout of ours."""
    found, over = socket.getaddrinfo, threading.Event()

    def slow(*arguments, **named):
        over.wait(5)
        return found(*arguments, **named)

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    threading.Timer(1, over.set).start()  # asyncio waits for its own threads at its end
    with pytest.raises(TimedOutError, match="before the deadline"):
        detect(way, "http://name.localhost:9", LIMITS)


def answer(body, *codings):
    """Return a response with a body and its Content-Encoding headers."""
    headers = "".join(f"content-encoding: {coding}\r\n" for coding in codings)
    return f"HTTP/1.1 200 OK\r\ncontent-length: {len(body)}\r\n{headers}\r\n".encode() + body


def raw_deflate(data):
    """Return `data` compressed without a frame."""
    compressor = zlib.compressobj(wbits=-15)
    return compressor.compress(data) + compressor.flush()


@pytest.mark.parametrize(
    ("compress", "codings"),
    [
        (lambda data: data, ["identity"]),
        (gzip.compress, ["gzip"]),
        (gzip.compress, ["X-GZIP", "identity"]),
        (zlib.compress, ["deflate"]),
        (raw_deflate, ["deflate"]),
        (lambda data: gzip.compress(zlib.compress(data)), ["deflate, gzip"]),
        (lambda data: gzip.compress(zlib.compress(data)), ["deflate", "gzip"]),
    ],
)
def test_a_response_may_be_compressed_by_a_proxy(way, compress, codings):
    """No compression is asked for; gzip and deflate are undone all the same."""
    with serving(answer(compress(PASSED), *codings), stay=5) as (url, requests):
        assert detect(way, url, ONCE).passed
    assert b"accept-encoding: identity\r\n" in requests[0].lower()
    assert requests[0].lower().count(b"accept-encoding") == 1


MANY = 60_000_000


@cache
def zeros(compress):
    """Return many zeros, compressed; it takes up to half a second, whatever wraps or announces them."""
    return compress(bytes(MANY))


@cache
def zipped(times):
    """Return many zeros, compressed by gzip so many times."""
    return gzip.compress(zipped(times - 1)) if times > 1 else zeros(gzip.compress)


BOMBS = {
    "gzip": lambda: answer(zipped(1), "gzip"),
    "deflate": lambda: answer(zeros(zlib.compress), "deflate"),
    "raw deflate": lambda: answer(zeros(raw_deflate), "deflate"),
    "twice": lambda: answer(zipped(2), "gzip, gzip"),
    "thrice": lambda: answer(zipped(3), "gzip, gzip, gzip"),
    "thrice, in three headers": lambda: answer(zipped(3), "gzip", "gzip", "gzip"),
    "br": lambda: answer(b"x" * 100, "br"),
    "zstd": lambda: answer(b"x" * 100, "zstd"),
    "bzip2": lambda: answer(zeros(bz2.compress), "bzip2"),
    "many": lambda: answer(gzip.compress(b"{}"), *["gzip"] * 50),
    "not compressed": lambda: answer(b" " * 2_000_000),
    "cut": lambda: answer(gzip.compress(PASSED)[:-9], "gzip"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_response_is_limited_before_it_is_inflated(way, name):
    """However small it is on its way, a response takes no more memory than its limit, and is not retried."""
    with serving(BOMBS[name](), stay=5) as (url, requests):
        tracemalloc.start()
        try:
            with pytest.raises(UnreadableAnswerError) as caught:
                detect(way, url, CallLimits(attempts=3, backoff=0))
            assert tracemalloc.get_traced_memory()[1] < 20_000_000
        finally:
            tracemalloc.stop()
    assert (caught.value.status, caught.value.billed, len(requests)) == (200, None, 1)


def test_an_error_keeps_its_meaning_whatever_compresses_it(way):
    """Of an error with an unknown coding the status is enough."""
    data = answer(b"x" * 100, "br").replace(b"200 OK", b"401 No")
    with serving(data, stay=5) as (url, _), pytest.raises(ApiKeyError):
        detect(way, url, ONCE)

"""Requests read from bytes."""

import pytest

from emoji_mock.contract.exchange import Request
from emoji_mock.interceptors.wire import NotHttpError, RequestReader

HEAD = b"POST /a?b=c HTTP/1.1\r\nHost: h\r\nX: 1\r\nX:  2 \r\n"
PAIRS = (("Host", "h"), ("X", "1"), ("X", "2"))

WHOLE = {
    "no body": (HEAD + b"\r\n", PAIRS, b""),
    "a length": (HEAD + b"Content-Length: 3\r\n\r\nabc", (*PAIRS, ("Content-Length", "3")), b"abc"),
    "chunks": (
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\na;x=y\r\n0\r\n\r\n56789\r\n0\r\n\r\n",
        (*PAIRS, ("Transfer-Encoding", "chunked")),
        b"abc0\r\n\r\n56789",
    ),
}


@pytest.mark.parametrize("size", [1, 7, 1000])
@pytest.mark.parametrize("name", WHOLE)
def test_a_request_is_complete_with_its_last_byte(fake, name, size):
    """However a request is split, it is returned once, with its last byte."""
    data, headers, body = WHOLE[name]
    reader = RequestReader(fake)
    *before, last = [reader.feed(data[start : start + size]) for start in range(0, len(data), size)]
    assert set(before) <= {None}
    assert last == Request("POST", "/a?b=c", headers, body)


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_a_request_needs_no_host(fake, version):
    """A request without a Host header is read, of either version of HTTP, as our server reads it; headers stay as sent."""
    head = f"POST /a HTTP/{version}\r\nVia: proxy HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    request = RequestReader(fake).feed(head + b"3\r\nabc\r\n0\r\n\r\n")
    headers = (("Via", "proxy HTTP/1.1"), ("Transfer-Encoding", "chunked"))
    assert request == Request("POST", "/a", headers, b"abc")


def test_bytes_that_are_not_http_are_refused_as_by_the_server(fake):
    """A client that writes something else gets the vendor's 400, also for what it writes afterwards."""
    reader = RequestReader(fake)
    for data in (b"\x16\x03\x01\r\n\r\n", b"more"):
        with pytest.raises(NotHttpError) as error:
            reader.feed(data)
        assert error.value.response.status == 400
        assert b"Required body invalid" in error.value.response.body
    assert fake.store.journal().entries == []


LONG = {
    "a header": b"GET / HTTP/1.1\r\nx: " + b"y" * 65_600 + b"\r\n\r\n",
    "a target": b"GET /" + b"a" * 65_600 + b" HTTP/1.1\r\n\r\n",
    "many headers": b"GET / HTTP/1.1\r\n" + b"x: y\r\n" * 1_001 + b"\r\n",
}


@pytest.mark.parametrize("head", LONG.values(), ids=LONG)
@pytest.mark.parametrize("size", [20_000, 1_000_000], ids=["split", "whole"])
def test_a_head_over_the_bounds_is_refused_as_by_the_server(fake, head, size):
    """64 KiB and 1,000 headers are the bounds, in one write or in several."""
    reader = RequestReader(fake)
    *before, last = [head[start : start + size] for start in range(0, len(head), size)]
    for part in before[:3]:
        assert reader.feed(part) is None
    with pytest.raises(NotHttpError):
        reader.feed(b"".join([*before[3:], last]))


def test_names_of_headers_stay_as_they_were_written(fake):
    """The journal shows a header in the spelling of the client."""
    assert RequestReader(fake).feed(b"GET / HTTP/1.1\r\nhOSt: h\r\n\r\n").headers == (("hOSt", "h"),)


UNUSUAL = {
    "two lengths": b"Content-Length: 3\r\nContent-Length: 3\r\n",
    "a length with a sign": b"Content-Length: +3\r\n",
    "two hosts": b"Host: h\r\nHost: h\r\n",
    "a blank in a name": b"a b: c\r\n",
    "a zero byte": b"a: \x00\r\n",
}


@pytest.mark.parametrize("lines", UNUSUAL.values(), ids=UNUSUAL)
def test_h11_judges_an_unusual_head(fake, lines):
    """What h11 accepts or refuses is accepted or refused, although the usual head is read without it."""
    data, accepted = b"POST /a HTTP/1.1\r\n" + lines + b"\r\nabc", lines == UNUSUAL["two lengths"]
    if accepted:
        assert RequestReader(fake).feed(data).body == b"abc"
    else:
        with pytest.raises(NotHttpError):
            RequestReader(fake).feed(data)


def test_bytes_after_a_request_are_no_part_of_it(fake):
    """The body ends where its length says, in one write or in two."""
    head = b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\n"
    assert RequestReader(fake).feed(head + b"abcdef").body == b"abc"
    reader = RequestReader(fake)
    assert [reader.feed(head + b"a"), reader.feed(b"bcdef").body] == [None, b"abc"]

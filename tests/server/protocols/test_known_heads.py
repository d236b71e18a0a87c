"""A request whose head came before is answered as the parser's requests are, however it is split; no key is kept."""

import asyncio
import json
from itertools import pairwise

import pytest
import uvicorn
from helpers import BODY, PATH, body, raw_call
from hypothesis import given
from hypothesis import strategies as st
from uvicorn.server import ServerState
from wire import Wire

from emoji_mock import Fake, Options, Rule
from emoji_mock.contract.exchange import SocketRequest
from emoji_mock.server.app import Front
from emoji_mock.server.protocols.known_heads import KnownHeadProtocol, find_layout, protocol_for
from emoji_mock.server.protocols.protocol import DirectProtocol

KEY = "sk-0123456789abcdef"
USUAL = raw_call(key=KEY)
OTHERS = [
    raw_call(body("https://emoji-mock.test/failed/FacePose.png")),
    raw_call(b"{}"),
    raw_call(method="GET", payload=b""),
    raw_call(target="/api/v1/nowhere"),
    raw_call(key="short"),
    raw_call().replace(b"content-type", b"Content-Type"),
    raw_call().replace(b"content-type: ", b"content-type:\t "),
    raw_call().replace(b"\r\n", b"\r\nx: 1\r\nX: 2\r\n", 1),
    raw_call().replace(b"\r\n", b"\r\nconnection: close\r\n", 1),
]


def _protocol(kind, fake):
    front = Front(fake)
    config = uvicorn.Config(front, log_config=None)
    made = type("OneProtocol", (kind,), {"fake": fake, "bodies": front.bodies, "layouts": {}})
    protocol, wire = made(config, ServerState(), {}), Wire()
    protocol.connection_made(wire)
    return protocol, wire


async def _written(kind, packets, *, rules=(), turns=0):
    fake = Fake(Options(seed=1), clock=lambda: 1_795_366_800.0)
    for rule in rules:
        fake.store.add_rule(rule)
    protocol, wire = _protocol(kind, fake)
    for packet in packets:
        if not wire.closed:
            protocol.data_received(packet)
        for _ in range(turns):  # of the event loop, in which the application answers
            await asyncio.sleep(0)
    closed = wire.closed
    protocol.connection_lost(None)
    entries = fake.store.journal().entries
    return wire.written, closed, [(entry.status, entry.request_body, entry.client) for entry in entries]


def _agree(packets, **more):
    ours, theirs = (asyncio.run(_written(kind, packets, **more)) for kind in (KnownHeadProtocol, DirectProtocol))
    assert ours == theirs
    return ours


@pytest.mark.parametrize("message", [USUAL, *OTHERS])
def test_repeated_requests_get_what_the_parser_would_give(message):
    """The bytes, the end of the connection and the journal are those of the protocol that parses each request."""
    written, _, _ = _agree([message] * 3, turns=50)
    assert written.startswith(b"HTTP/1.1 ")


@given(st.lists(st.integers(0, len(USUAL)), max_size=4))
def test_packets_may_end_anywhere(places):
    """Two known requests behind a first one, cut at any places, are answered as without the cuts."""
    stream = USUAL + USUAL
    edges = [0, *sorted({*places, *(place + len(USUAL) for place in places)}), len(stream)]
    packets = [stream[start:end] for start, end in pairwise(edges)]
    _, closed, entries = _agree([USUAL, *filter(None, packets)])
    assert (closed, [status for status, _, _ in entries]) == (False, [200, 200, 200])


@pytest.mark.parametrize("other", OTHERS)
def test_known_and_other_requests_may_come_in_one_read(other):
    """A known request is answered before what follows it in the same packet, and what follows by the parser."""
    _agree([USUAL, USUAL + other, other + USUAL, USUAL])


@pytest.mark.parametrize("packets", [[USUAL, USUAL[:-1]], [USUAL, USUAL[:-1], b"}" + USUAL[:40], USUAL[40:]]])
def test_a_body_is_awaited(packets):
    """A known head without its whole body is no request yet."""
    _agree(packets)


def test_a_rule_closes_the_connection_before_the_body_of_a_known_head():
    """As it does for a head that is parsed."""
    head = USUAL.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    rule = Rule(fault="close", times=1)
    written, _, entries = _agree([head, USUAL[len(head) :], USUAL], rules=[rule])
    assert (written, len(entries)) == (b"", 1)


def test_a_client_that_leaves_in_a_known_request_is_told_so():
    """The end of its side within the body is answered with the vendor's 400."""

    async def go():
        protocol, wire = _protocol(KnownHeadProtocol, Fake())
        for packet in (USUAL, USUAL[:-5]):
            protocol.data_received(packet)
        protocol.eof_received()
        protocol.connection_lost(None)
        return wire

    wire = asyncio.run(go())
    assert (wire.written.count(b"HTTP/1.1 "), wire.closed) == (2, True)
    assert b"HTTP/1.1 400 " in wire.written


def test_a_picture_behind_a_known_head_is_left_to_the_application():
    """It is not decoded in the event loop."""
    length = len(raw_call(body("https://example.com/" + "a" * 100)).partition(b"\r\n\r\n")[2])
    link = body("https://example.com/" + "a" * 100)
    data = json.dumps({**BODY, "input": {"image_url": "data:" + "a" * 115}}).encode()
    assert len(link) == len(data) == length
    written, _, _ = _agree([raw_call(link), raw_call(data)])
    assert written.count(b"HTTP/1.1 ") == 1  # the application answers when the loop runs


def test_no_value_of_a_head_is_kept():
    """Neither the key nor the target nor a client's name is in the table of known heads."""

    async def go():
        protocol, _ = _protocol(KnownHeadProtocol, Fake())
        protocol.data_received(USUAL)
        protocol.connection_lost(None)
        return protocol.layouts

    layouts = asyncio.run(go())
    assert len(layouts) == 1
    assert not [text for text in (KEY, PATH, "dashscope.aliyuncs.com") if text in repr(layouts)]


def test_the_table_of_known_heads_is_bounded():
    """However many heads come, it holds no more than LAYOUTS, and each call is answered."""

    async def go():
        protocol, wire = _protocol(KnownHeadProtocol, Fake())
        for number in range(2_100):
            protocol.data_received(raw_call(user_agent=f"agent {number}"))
        protocol.connection_lost(None)
        return protocol.layouts, wire.written

    layouts, written = asyncio.run(go())
    assert (len(layouts) <= 1024, written.count(b"HTTP/1.1 200 ")) == (True, 2_100)


@pytest.mark.parametrize(
    "line", [b"a:b", b"a: b ", b"a:  b", b"a:\tb", b"a : b", b"sk-0123456789abcdef: b"], ids=bytes.decode
)
def test_only_a_head_that_is_written_as_usual_is_known(line):
    """One blank behind the colon, none behind the value, and no name that may be a key."""
    name, _, value = line.partition(b":")
    request = SocketRequest("GET", "/", ((name.strip().decode(), value.strip().decode()),))
    assert find_layout(b"GET / HTTP/1.1\r\n" + line + b"\r\n\r\n", request) is None
    assert find_layout(b"GET / HTTP/1.1\r\nHost: b\r\n\r\n", SocketRequest("GET", "/", (("host", "b"),))) is not None


def test_the_server_uses_it():
    """Its protocol class takes known heads apart."""
    fake = Fake()
    assert issubclass(protocol_for(fake, Front(fake).bodies), KnownHeadProtocol)

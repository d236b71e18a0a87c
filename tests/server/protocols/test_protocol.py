"""The parts of uvicorn that the shortcut uses exist, and packets may end anywhere."""

import asyncio
import inspect

import pytest
import uvicorn
from helpers import PATH, body, raw_call
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState
from wire import Wire

from emoji_mock.server import bodies
from emoji_mock.server.app import Front
from emoji_mock.server.protocols.connection import Connection
from emoji_mock.server.protocols.known_heads import KnownHeadProtocol, protocol_for
from emoji_mock.server.protocols.protocol import PARTS, DirectProtocol


def test_uvicorn_still_has_the_parts_that_we_use():
    """Every attribute of uvicorn's protocol that the shortcut reads or calls exists."""
    source = inspect.getsource(HttpToolsProtocol)
    assert [part for part in PARTS if f"self.{part}" not in source and f"def {part}" not in source] == []
    assert "response_complete" in inspect.getsource(RequestResponseCycle)
    assert "write_paused" in inspect.getsource(inspect.getmodule(HttpToolsProtocol).FlowControl)


def test_the_callbacks_that_we_extend_are_uvicorns():
    """Each method that the shortcut overrides exists in uvicorn's class or in asyncio's, with the same parameters."""
    ours = {
        name: value
        for name, value in {**vars(Connection), **vars(DirectProtocol), **vars(KnownHeadProtocol)}.items()
        if inspect.isfunction(value) and not name.startswith("_") and name not in {"play", "may_wait"}  # ours alone
    }
    for name, method in ours.items():
        assert list(inspect.signature(method).parameters) == list(
            inspect.signature(getattr(HttpToolsProtocol, name)).parameters
        )


async def answers_to(fake, packets):
    """Return what a connection writes at once when it receives `packets`, each in one read."""
    front = Front(fake)
    config = uvicorn.Config(front, log_config=None)
    protocol, wire = protocol_for(fake, front.bodies)(config, ServerState(), {}), Wire()
    protocol.connection_made(wire)
    for packet in packets:
        protocol.data_received(packet)
    protocol.connection_lost(None)
    return wire.written


def _with_headers(lines):
    """A valid call with more headers."""
    return raw_call().replace(b"\r\n", b"\r\n" + lines, 1)


HEADS = {
    "a header within": (_with_headers(b"x: " + b"y" * 65_000 + b"\r\n"), 200),
    "a header over": (_with_headers(b"x: " + b"y" * 65_600 + b"\r\n"), 400),
    "a target over": (raw_call(target=PATH + "?" + "a" * 65_600), 400),
    "headers within": (_with_headers(b"x: y\r\n" * 990), 200),
    "headers over": (_with_headers(b"x: y\r\n" * 1_001), 400),
    "headers over the bytes": (_with_headers((b"x: " + b"y" * 195 + b"\r\n") * 331), 400),
    "trailers over": (
        raw_call(b"", transfer_encoding="chunked") + b"0\r\n" + (b"x: " + b"y" * 195 + b"\r\n") * 331 + b"\r\n",
        400,
    ),
}


@pytest.mark.parametrize(("message", "status"), HEADS.values(), ids=HEADS)
@pytest.mark.parametrize("reads", ["one", "two", "pipelined"])
def test_a_head_has_the_same_bounds_wherever_the_packet_ends(fake, message, status, reads):
    """64 KiB and 1,000 headers, whether the head comes in one read, in two, or behind another request."""
    if reads == "pipelined":
        packets, expected = [raw_call() + message], [200, status]
    else:
        half = len(message) // 2 if reads == "two" else len(message)
        packets, expected = [packet for packet in (message[:half], message[half:]) if packet], [status]
    answers = asyncio.run(answers_to(fake, packets)).split(b"HTTP/1.1 ")[1:]
    assert [int(answer[:3]) for answer in answers] == expected


HALF = {
    "heads": (_with_headers(b"x: " + b"y" * 5_000 + b"\r\n").partition(b"\r\n\r\n")[0], 5_100),
    "heads of many lines": (_with_headers(b"x: y\r\n" * 300).partition(b"\r\n\r\n")[0], 46_000),
    "small bodies": (raw_call(body(pad="x" * 5_000))[:-1], 5_100),
}


@pytest.mark.parametrize(("half", "size"), HALF.values(), ids=HALF)
def test_half_sent_requests_share_the_memory_of_bodies(fake, monkeypatch, half, size):
    """Connections with half a head or half a small body give way when they hold too much; another call is answered."""
    monkeypatch.setattr(bodies, "HELD_BYTES", 5 * size)

    async def go():
        front = Front(fake)
        config, kind = uvicorn.Config(front, log_config=None), protocol_for(fake, front.bodies)
        connections = [(kind(config, ServerState(), {}), Wire(number)) for number in range(8)]
        for protocol, wire in connections:
            protocol.connection_made(wire)
            protocol.data_received(raw_call() if wire is connections[-1][1] else half)
        held = front.bodies.size
        for protocol, _ in connections:
            protocol.connection_lost(None)
        return [wire.written[9:12] for _, wire in connections], held, front.bodies.size

    answers, held, left = asyncio.run(go())
    assert answers == [b"503"] * 3 + [b""] * 4 + [b"200"]
    assert 3 * size < held <= 5 * size
    assert left == 0

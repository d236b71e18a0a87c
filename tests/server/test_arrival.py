"""The same bytes get the same answers, however they arrive: in parts, together, late, or from a half-closed client."""

import asyncio
import re
import socket
from contextlib import suppress
from errno import EADDRNOTAVAIL

import pytest
import uvicorn
from helpers import body, masked, raw_call
from store_helpers import valkey_store

from emoji_mock import Fake, Options, Rule
from emoji_mock.replicas.shared_fake import SharedFake
from emoji_mock.server.app import Front
from emoji_mock.server.protocols.known_heads import KnownHeadProtocol, protocol_for
from emoji_mock.server.protocols.suspended import SuspendedProtocol
from emoji_mock.server.run import bind, listen

TIMES = re.compile(
    r"(date|req-cost-time|req-arrive-time|resp-start-time|x-envoy-upstream-service-time|x-oss-request-id): [^\r]*"
)
POLICY = "/api/v1/uploads?action=getPolicy&model=emoji-detect-v1"
OFFER = {"connection": "Upgrade, HTTP2-Settings", "upgrade": "h2c", "http2_settings": "AAMAAABkAAQCAAAAAAIAAAAA"}
CHUNKS = b"7;name=value\r\n" + body()[:7] + b"\r\n%x\r\n" % (len(body()) - 7) + body()[7:] + b"\r\n"


def page(path="/_mock/health", method="GET", host="127.0.0.1", version="1.1"):
    """Return a request for a page of ours."""
    return f"{method} {path} HTTP/{version}\r\nHost: {host}\r\n\r\n".encode()


FORMS = {
    "a call": raw_call(),
    "failed": raw_call(body("https://emoji-mock.test/failed/FacePose.png")),
    "HTTP/1.0": raw_call(version="1.0"),
    "HTTP/1.0, kept alive": raw_call(version="1.0", connection="keep-alive"),
    "closing": raw_call(connection="close"),
    "h2c": raw_call(**OFFER),
    "h2c without settings": raw_call(connection="Upgrade", upgrade="h2c"),
    "h2c, chunked": raw_call(b"", transfer_encoding="chunked", **OFFER) + CHUNKS + b"0\r\n\r\n",
    "h2c without a body": raw_call(b"", method="GET", target=POLICY, **OFFER),
    "h2c, expecting 100": raw_call(expect="100-continue", **OFFER),
    "websocket": raw_call(b"", method="GET", target="/ws", connection="Upgrade", upgrade="websocket"),
    "chunked, with a trailer": raw_call(b"", transfer_encoding="chunked") + CHUNKS + b"0\r\nx-trailer: 1\r\n\r\n",
    "expecting 100": raw_call(expect="100-continue"),
    "absolute form": raw_call(target="http://dashscope.aliyuncs.com/api/v1/services/aigc/image2video/face-detect"),
    "no host": raw_call(b"", method="GET", target=POLICY, host=None),
    "an empty line first": b"\r\n" + raw_call(),
    "a picture": raw_call(body("data:image/png;base64,AAAA")),
    "HEAD of a call": raw_call(b"", method="HEAD"),
    "bad": raw_call(b"{"),
    "unknown path": raw_call(target="//services"),
    "a page": page(),
    "a page in absolute form": page("http://127.0.0.1/_mock/health"),
    "HEAD of a page": page(method="HEAD"),
    "a page offered h2c": page().replace(b"Host", b"Connection: upgrade\r\nUpgrade: h2c\r\nHost"),
    "a page over HTTP/1.0": page(version="1.0"),
    "limits": b"PUT /_mock/limits HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    b'Connection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 12\r\n\r\n{"images":9}',
    "a page over the root": page("/"),
    "CONNECT": b"CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n",
}  # fmt: skip
LAST = {"HTTP/1.0", "HTTP/1.0, kept alive", "closing", "a page over HTTP/1.0", "CONNECT"}
"""The forms after which the connection ends."""
SHORT = [name for name in FORMS if name not in LAST]
PAIRS = [("memory", name) for name in SHORT] + [("shared", name) for name in ("a call", "h2c", "a picture")]
"""Where the store is, and the form that comes first."""


class Wire:
    """A fake whose connections are made and driven in the loop of the test."""

    def __init__(self, fake):
        self.fake = fake
        front = Front(fake)
        base = SuspendedProtocol if fake.suspends else KnownHeadProtocol
        self._config = uvicorn.Config(
            front, http=protocol_for(fake, front.bodies, base), ws="none", lifespan="off", log_config=None
        )
        self._config.load()
        self._state = uvicorn.server.ServerState()
        self.listener = bind("127.0.0.1", 0)

    async def send(self, *parts, expected="", half_close=False):
        """Send `parts`, each read before the next is sent; return the answers and the journal.

        It reads until `expected` has come, or else one answer, or to the end; then the fake is reset.
        """
        loop = asyncio.get_running_loop()
        client = socket.create_connection(self.listener.getsockname())
        accepted, _ = self.listener.accept()
        protocol = self._config.http_protocol_class(self._config, self._state, {}, loop)
        await loop.connect_accepted_socket(lambda: protocol, accepted)
        client.settimeout(0)
        try:
            for part in parts:
                await loop.sock_sendall(client, part)
                for _ in range(3):
                    await asyncio.sleep(0)
            if half_close:
                client.shutdown(socket.SHUT_WR)
            answers = await self._received(client, expected, half_close)
        finally:
            client.close()
        entries = self.fake.store.journal(limit=100).entries
        self.fake.reset()
        assert not protocol.pipeline
        return answers, [(entry.outcome, entry.status, entry.billed) for entry in entries]

    async def _received(self, client, expected, to_the_end):
        data, text, loop = b"", "", asyncio.get_running_loop()
        with suppress(ConnectionResetError):
            while part := await asyncio.wait_for(loop.sock_recv(client, 65_536), 5):
                data += part
                text = normal(data)
                if not to_the_end and (text == expected if expected else is_whole(text)):
                    break
        return text


def normal(data):
    """Return answers without interim ones and without what differs from time to time."""
    text = masked(TIMES.sub(r"\1", data.decode("latin-1"))).replace("HTTP/1.1 100 Continue\r\n\r\n", "")
    return re.sub(r'"(policy|signature)":"[^"]+"', r'"\1":""', text)


def is_whole(text):
    """Return whether `text` is one answer; that to HEAD has no body."""
    return text.endswith(("}", ">", "]", "\r\n\r\n", ".\n"))


@pytest.fixture
def wire():
    """A fresh fake and its connections."""
    wire = Wire(Fake())
    with wire.listener:
        yield wire


@pytest.fixture(params=["memory", "shared"])
def either_wire(request):
    """A fresh fake, with its store in memory or in Valkey, and its connections."""
    wire = Wire(Fake() if request.param == "memory" else SharedFake(Options(), valkey_store()))
    with wire.listener:
        yield wire


def run(work, wire):
    """Run `work` in an event loop, and end what the fake has open in it."""

    async def whole():
        try:
            await work()
        finally:
            wire.fake.leave_loop()

    asyncio.run(whole())


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMS)
def test_a_request_in_two_reads_gets_the_answer_to_one(wire, name):
    """Wherever a packet ends, answer, journal and bill are those of the same bytes at once."""
    message = FORMS[name]

    async def run():
        whole = await wire.send(message)
        assert whole[0].startswith("HTTP/1.1 ")
        for place in range(1, len(message), 1 if "h2c" in name else 5):
            assert await wire.send(message[:place], message[place:], expected=whole[0]) == whole, place
        each = [message[place : place + 1] for place in range(len(message))]
        assert await wire.send(*each, expected=whole[0]) == whole

    asyncio.run(run())


@pytest.mark.parametrize("name", FORMS)
def test_a_client_that_has_closed_its_side_gets_its_answer(either_wire, name):
    """A request, and then the end of what the client sends, as `nc -N` and many load balancers do."""

    async def work():
        whole = await either_wire.send(FORMS[name])
        assert await either_wire.send(FORMS[name], half_close=True) == whole
        either_wire.fake.store.add_rule(Rule(latency=0.01))
        late = await either_wire.send(FORMS[name], half_close=True)
        assert late[0] == whole[0]

    run(work, either_wire)


@pytest.mark.parametrize("latency", [0, 0.005], ids=["at once", "late"])
@pytest.mark.parametrize(("either_wire", "first"), PAIRS, indirect=["either_wire"])
def test_requests_in_one_write_are_all_answered_in_order(either_wire, first, latency):
    """Each form before each other one, in the bytes of one write, also when every answer is late."""

    async def work():
        for second in ("a call", "h2c", "a picture", "a page", "CONNECT"):
            alone = [await either_wire.send(FORMS[name]) for name in (first, second)]
            answers, entries = alone[0][0] + alone[1][0], alone[0][1] + alone[1][1]
            message = FORMS[first] + FORMS[second]
            if latency:
                either_wire.fake.store.add_rule(Rule(latency=latency))
            sent = await either_wire.send(message, expected=answers, half_close=bool(latency))
            assert sent == (answers, entries), second

    run(work, either_wire)


@pytest.mark.parametrize("cut", [20, -5], ids=["in the head", "in the body"])
@pytest.mark.parametrize("before", [b"", raw_call(), raw_call(body("data:,x"))], ids=["alone", "behind", "behind ASGI"])
def test_a_request_that_ends_too_early_is_refused(either_wire, cut, before):
    """If a client closes its side within a request, those before it are answered, and it gets the vendor's error."""

    async def work():
        first = (await either_wire.send(before))[0] if before else ""
        answers, entries = await either_wire.send(before + raw_call()[:cut], half_close=True)
        assert answers.startswith(first + "HTTP/1.1 400 ")
        assert '"message":"Required body invalid, please check the request body format."' in answers
        assert len(entries) == bool(before)

    run(work, either_wire)


def test_many_offers_in_one_write_are_answered(either_wire):
    """A read full of offers of another protocol costs no stack."""
    message = raw_call(b"", method="GET", target="/x", authorization=None, host="x", content_type=None, **OFFER)

    async def work():
        alone, _ = await either_wire.send(message)
        answers, _ = await either_wire.send(message * 1000, expected=alone * 1000)
        assert answers == alone * 1000

    run(work, either_wire)


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (PermissionError(13, "Permission denied"), "Permission denied; only an administrator may use this port, and --port 0 takes any free one"),
        (OSError(EADDRNOTAVAIL, "Cannot assign"), "Cannot assign; --host must be an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all of them"),
        (socket.gaierror(-2, "Not known"), "Not known; --host must be an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all of them"),
        (OSError(24, "Too many open files"), "Too many open files"),
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_used_is_reported_with_what_can_be(monkeypatch, problem, said):
    """The message contains the address, what the system says, and what to do about it."""

    def fail(*_):
        raise problem

    monkeypatch.setattr("emoji_mock.server.run.bind", fail)
    with pytest.raises(ValueError, match=f"^{re.escape(f'cannot listen on 127.0.0.1 port 80: {said}')}$"):
        listen("127.0.0.1", 80, "--port")

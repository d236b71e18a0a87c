"""A shortcut below ASGI: small vendor calls are answered where uvicorn's parser has read them.

A task, an event and two awaited sends for each request cost twice what the fake itself does. Everything unusual (a
large, chunked or pipelined body, HTTP/1.0, HEAD, Expect, our own pages, a client that does not read) takes uvicorn's
way through the front, which gives the same bytes. This file alone leans on uvicorn's internals: `PARTS` names them.
"""

from __future__ import annotations

import http
import re
from typing import TYPE_CHECKING, Any, ClassVar, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from emoji_mock.contract.exchange import Headers, Request, Response
from emoji_mock.contract.rows import service
from emoji_mock.doors._door import ask
from emoji_mock.doors.server.front import DRAINED, RAW_TARGET
from emoji_mock.doors.server.pages import is_own

if TYPE_CHECKING:
    import asyncio

    from emoji_mock.fake.service import Fake

PARTS = (
    "url", "headers", "scope", "expect_100_continue", "parser", "cycle", "pipeline", "flow", "loop", "transport",
    "send_400_response", "on_response_complete",
)  # fmt: skip
"""What we use of uvicorn's protocol; a test holds that it is there."""

IDLE_SECONDS = 60.0
"""How long a connection may say nothing, or take to send one request, before it is closed."""

LAST_SECONDS = 1.0
"""How long a request that is half received may take once the server was told to stop."""
HEAD_LIMIT = 64 * 1024
"""How long the request line and the headers of a message may be together, in bytes, give or take one read."""
MESSAGE_LIMIT = DRAINED + 1024 * 1024
"""How long a whole message may be, trailers included, in bytes."""

_SMALL_LENGTH = 4  # digits: the bodies of at most 9,999 bytes
_STATUS_LINES = {status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n" for status in http.HTTPStatus}
_UPGRADE = re.compile(rb"\r\nupgrade:[^\r\n]*", re.IGNORECASE)


def serialise(response: Response, *extra: str) -> bytes:
    """Return `response` as it goes onto the wire, with `extra` header lines."""
    lines = [f"{name}: {value}\r\n" for name, value in response.headers]
    lines += [f"{line}\r\n" for line in extra]
    head = f"{_STATUS_LINES[response.status]}{''.join(lines)}content-length: {len(response.body)}\r\n\r\n"
    return head.encode("latin-1") + response.body


class DirectProtocol(HttpToolsProtocol):
    """uvicorn's protocol, with the shortcut; subclass it with a `fake`."""

    fake: ClassVar[Fake]

    _headers: Headers | None = None  # of the request that takes the shortcut
    _method = ""
    _body = b""
    _heard = 0.0
    _size = 0
    _in_head = False
    _receiving = False
    _broken = False
    _began = 0.0
    _watch: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to watch over a connection."""
        super().connection_made(transport)
        self._heard = self.loop.time()
        self._watch = self.loop.call_later(IDLE_SECONDS, self._close_if_idle)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop watching over it."""
        super().connection_lost(exc)
        if self._watch is not None:
            self._watch.cancel()

    def data_received(self, data: bytes) -> None:
        """Feed the parser, which calls the methods below."""
        self._heard = self.loop.time()
        self._size += len(data)
        if not self._receiving:
            data = _without_upgrade(data)
        super().data_received(data)
        if self._size > (HEAD_LIMIT if self._in_head else MESSAGE_LIMIT):
            self.send_400_response("too long")

    def on_message_begin(self) -> None:
        """Begin to watch a message."""
        self._size, self._began, self._in_head, self._receiving = 0, self._heard, True, True
        self.url, self.headers, self.expect_100_continue = b"", [], False

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header; trailers are no headers, and are dropped."""
        if not self._in_head:
            return
        name = name.lower()
        if name == b"expect" and value.lower() == b"100-continue":
            self.expect_100_continue = True
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        """Choose the way that this request takes."""
        self._in_head = False
        if b"://" in self.url and not self.url.startswith(b"/"):
            self._take_host_of_target()
        if is_own(self.url.partition(b"?")[0].decode("latin-1")):
            self._headers = None
            self._take_uvicorns_way(self.url)
            return
        self._headers = self._shortcut()
        if self._headers is None:
            # uvicorn would refuse what it cannot take apart; the fake looks at the target as it came.
            self._take_uvicorns_way(b"/vendor", target=self.url)

    def _take_uvicorns_way(self, url: bytes, *, target: bytes | None = None) -> None:
        headers, expected = self.headers, self.expect_100_continue
        super().on_message_begin()  # makes the ASGI scope, which the shortcut does not need
        self.url, self.expect_100_continue = url, expected
        self.headers.extend(headers)
        if target is not None:
            self.scope["extensions"] = {RAW_TARGET: {"target": target}}
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Keep a part of the body."""
        if self._headers is None:
            super().on_body(body)
        else:
            self._body += body

    def on_message_complete(self) -> None:
        """Answer, if this request takes the shortcut."""
        self._receiving = False
        if self._headers is None:
            super().on_message_complete()
            return
        request = Request(self._method, self.url.decode("latin-1"), self._headers, self._body)
        self._body = b""
        self.transport.write(serialise(ask(self.fake, request)))

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP in the vendor's shape instead of uvicorn's, once earlier requests are answered."""
        del msg
        self._broken = True
        if self.transport.is_closing():
            return
        in_body = self._receiving and not self._in_head
        if self.pipeline if in_body else self._answering():
            self.flow.pause_reading()
            return
        self.transport.write(serialise(self.fake.refuse(service.BODY_INVALID), "connection: close"))
        self.transport.close()

    def on_response_complete(self) -> None:
        """Go on with what waits for the answer that has just been given."""
        super().on_response_complete()
        if self._broken:
            self.send_400_response("")

    def shutdown(self) -> None:
        """End the connection, once a request that is coming in has had its time."""
        if self._receiving:
            self.loop.call_later(LAST_SECONDS, self._give_up)
        else:
            super().shutdown()

    def _give_up(self) -> None:
        if self._receiving:
            self.transport.close()
        else:
            super().shutdown()

    def _shortcut(self) -> Headers | None:
        parser: Any = self.parser
        method = parser.get_method()
        if (
            self._answering()
            or self.flow.write_paused
            or parser.get_http_version() != "1.1"
            or parser.should_upgrade()
            or not parser.should_keep_alive()
            or method == b"HEAD"
        ):
            return None
        for name, value in self.headers:
            if name in (b"transfer-encoding", b"expect") or (name == b"content-length" and len(value) > _SMALL_LENGTH):
                return None
        self._method = method.decode("latin-1")
        return tuple([(name.decode("latin-1"), value.decode("latin-1")) for name, value in self.headers])

    def _take_host_of_target(self) -> None:
        # RFC 9112, 3.2.2: the host of an absolute target replaces the Host header, which is all that ASGI passes on.
        host = self.url.partition(b"://")[2].partition(b"/")[0]
        self.headers[:] = [(b"host", host), *(pair for pair in self.headers if pair[0] != b"host")]

    def _answering(self) -> bool:
        # None until the first one, whatever uvicorn declares.
        cycle = cast("RequestResponseCycle | None", self.cycle)
        return cycle is not None and not cycle.response_complete

    def _close_if_idle(self) -> None:
        since = self._began if self._receiving else self._heard
        left = since + IDLE_SECONDS - self.loop.time()
        if left > 0 or (self._answering() and not self._receiving):
            self._watch = self.loop.call_later(max(left, 1.0), self._close_if_idle)
        else:
            self.transport.close()


def _without_upgrade(data: bytes) -> bytes:
    """Return the start of a message without the offer of another protocol, which a server may ignore (RFC 9110, 7.8).

    The parser would stop at it and lose the body; Java's HttpClient offers h2c with every first request.
    """
    if b"pgrade" not in data and b"PGRADE" not in data:
        return data
    head, mark, rest = data.partition(b"\r\n\r\n")
    return _UPGRADE.sub(b"", head) + mark + rest


def protocol_for(fake: Fake) -> type[Any]:
    """Return the protocol class that answers with `fake`."""
    return type("FakeProtocol", (DirectProtocol,), {"fake": fake})

"""A shortcut below ASGI: small calls to the vendor's API are answered as soon as uvicorn's parser has read them.

uvicorn's task, event and two awaited sends for each request cost twice as much as the fake itself. What is unusual (a
large, chunked or pipelined body, HTTP/1.0, HEAD, Expect, a picture, a video, our own pages, a client that does not
read) goes through the ASGI application, which sends the same bytes. `PARTS` of uvicorn are used only in `server/`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import httptools

from emoji_mock.contract.endpoint import RESULT_BUCKET, VIDEO_SUFFIX
from emoji_mock.contract.exchange import Response, SocketRequest
from emoji_mock.contract.hosts import LONGEST_HOST
from emoji_mock.fake.network.addresses import read_address
from emoji_mock.fake.network.script import script, serialise
from emoji_mock.fake.port import HEAD_BYTES, HEAD_LINES, LINE_BYTES, ask, may_hold_picture
from emoji_mock.server.app import DRAINED, RAW_TARGET
from emoji_mock.server.asgi_replies import PLAY_FAULT
from emoji_mock.server.pages import is_for_vendor, own_page, use_host_of_target
from emoji_mock.server.protocols.connection import LINE_MEMORY, Connection

PARTS = (
    "url", "headers", "scope", "expect_100_continue", "parser", "cycle", "pipeline", "flow", "loop", "transport",
    "send_400_response", "on_response_complete", "timeout_keep_alive_task", "_unset_keepalive_if_required",
    "_start_asgi_task", "server",
)  # fmt: skip
"""The attributes of uvicorn's protocol that are used; a test checks that they exist."""

MESSAGE_LIMIT = DRAINED + 1024 * 1024
"""How long a message may be in bytes, trailers included."""

_VIDEO, _RESULTS = VIDEO_SUFFIX.encode(), RESULT_BUCKET.encode()
_SMALL_LENGTH = 4  # digits: the bodies of at most 9,999 bytes


class DirectProtocol(Connection):
    """uvicorn's protocol with the shortcut; subclass it with a `fake`."""

    _request: SocketRequest | None = None  # the head of the request that takes the shortcut
    _body = b""
    _size = 0  # of the message, in bytes received
    _read_size = _new_size = 0  # of the last read; the second until a message begins in it
    _trailer_size = 0
    _close_checked = False
    _upgrade_offered = False

    def data_received(self, data: bytes) -> None:
        """Feed the parser, which calls the `on_` methods."""
        self._received_at = self.loop.time()
        if self._player is not None:
            self._hold(data)
            return
        self._size += len(data)
        self._read_size = self._new_size = len(data)
        self._unset_keepalive_if_required()
        self._feed(data)
        if self._in_message and not self._in_head and not self._close_checked:
            self._close_checked = True
            if request := self._head_of_vendor():
                self._close_early(request)
        if self._size > (HEAD_BYTES if self._in_head else MESSAGE_LIMIT):
            self.send_400_response("too long")
        elif self._in_message and (self._in_head or self._request is not None):  # the ASGI application has none of it
            self._hold_unfinished(self._size + len(self.headers) * LINE_MEMORY)
        elif self._unfinished is not None:
            self._free_unfinished()

    def _feed(self, data: bytes) -> None:
        while data:
            try:
                self.parser.feed_data(data)
            except httptools.HttpParserUpgrade as offer:
                data = self._without_offer(data[offer.args[0] :])
            except httptools.HttpParserError:
                self.send_400_response("")
                return
            else:
                return

    def _without_offer(self, rest: bytes) -> bytes:
        """Return the message again without its Upgrade header, which a server may ignore (RFC 9110, 7.8), and `rest`.

        The parser stops behind the head of an offer and would lose the body. Java's HttpClient offers h2c with every
        first request. After CONNECT nothing more is read.
        """
        if not self._upgrade_offered:
            return b""
        old: Any = self.parser
        lines = [b"%b %b HTTP/%b\r\n" % (old.get_method(), self.url, old.get_http_version().encode())]
        lines += [b"%b: %b\r\n" % pair for pair in self.headers if pair[0] != b"upgrade"]
        parser: Any = httptools.HttpRequestParser(self)
        parser.set_dangerous_leniencies(lenient_data_after_close=True)  # as uvicorn does
        self.parser, self._upgrade_offered = parser, False
        return b"".join([*lines, b"\r\n", rest])

    def on_message_begin(self) -> None:
        """Reset what is known of the message."""
        # Of a read in which several messages begin, all is counted as the first one's.
        self._size, self._new_size, self._trailer_size = self._new_size, 0, 0
        self._message_at, self._in_head, self._in_message = self._received_at, True, True
        self._close_checked = False
        self.url, self.headers, self.expect_100_continue = b"", [], False

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header; trailers are dropped. Raises ValueError, which ends the parsing, if those are too long."""
        if not self._in_head:
            self._trailer_size += len(name) + len(value) + LINE_BYTES
            if self._trailer_size > HEAD_BYTES:
                raise ValueError
            return
        name = name.lower()
        if name == b"expect" and value.lower() == b"100-continue":
            self.expect_100_continue = True
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        """Choose between the shortcut and the ASGI application. Raises ValueError for a head that is too long."""
        if self._is_head_too_long():
            raise ValueError
        parser: Any = self.parser
        is_tunnel = parser.get_method() == b"CONNECT"
        self._upgrade_offered = parser.should_upgrade() and not is_tunnel
        if self._upgrade_offered:
            return
        self._in_head = False
        self._request = None
        if is_tunnel:
            self._use_asgi(b"/", target=self.url)
            return
        if b"://" in self.url:
            use_host_of_target(self.url, self.headers)
        own = own_page(self.url)
        if own and not is_for_vendor(self.headers):
            self._use_asgi(own)
            return
        if self._takes_shortcut():
            self._request = self._head(self.url)
        else:
            # uvicorn refuses some targets; the fake reads the raw one, which an extension passes on.
            self._use_asgi(b"/vendor", target=self.url)

    def _is_head_too_long(self) -> bool:
        # What came in the last read and before is more than the head, which is summed up only if that may be too long.
        if len(self.headers) > HEAD_LINES or self._size + self._read_size <= HEAD_BYTES:
            return len(self.headers) > HEAD_LINES
        return len(self.url) + sum([len(name) + len(value) + LINE_BYTES for name, value in self.headers]) > HEAD_BYTES

    def _use_asgi(self, url: bytes, *, target: bytes | None = None) -> None:
        headers, expected = self.headers, self.expect_100_continue
        super().on_message_begin()  # makes the ASGI scope
        self.url, self.expect_100_continue = url, expected
        self._queue_behind_player()
        self.headers.extend(headers)
        if target is not None:
            self.scope["extensions"] = {
                RAW_TARGET: {"target": target},
                PLAY_FAULT: {"play": self.play, "may_wait": self.may_wait},
            }
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Keep a part of the body."""
        if self._request is None:
            super().on_body(body)
        else:
            self._body += body

    def on_message_complete(self) -> None:
        """Answer, if this request takes the shortcut."""
        if self._upgrade_offered:  # it is read again
            return
        self._in_message = False
        if self._request is None:
            super().on_message_complete()
            return
        if may_hold_picture(self._body):
            self._continue_in_asgi()
            return
        request = self._request._replace(body=self._body)
        self._body = b""
        self._answer(request)

    def _answer(self, request: SocketRequest) -> None:
        """Answer a whole request at once."""
        reply = ask(self.fake, request)
        if isinstance(reply, Response) and not reply.delay:
            self.transport.write(serialise(reply))
        else:
            self.play(script(request.method, reply))

    def _continue_in_asgi(self) -> None:
        body, self._body, self._request = self._body, b"", None
        self._use_asgi(b"/vendor", target=self.url)
        super().on_body(body)
        super().on_message_complete()

    def _close_early(self, request: SocketRequest) -> None:
        """Close the connection before the body of `request` arrives, if a rule says so."""
        if self._broken or self._player is not None or self.pipeline:
            return
        if self.fake.prepare(request).close_early:
            self.flow.pause_reading()
            self._answer(request)

    def _head_of_vendor(self) -> SocketRequest | None:
        """Return the head of an unfinished call to the vendor, or None if it is for a page of ours."""
        if self._request is not None:
            return self._request
        # For the ASGI application the raw target is in the extension, which our own pages do not have.
        extensions: dict[str, Any] = self.scope.get("extensions") or {}
        target: bytes = extensions.get(RAW_TARGET, {}).get("target", b"")
        return self._head(target) if target else None

    def _head(self, target: bytes) -> SocketRequest:
        parser: Any = self.parser
        headers = tuple([(name.decode("latin-1"), value.decode("latin-1")) for name, value in self.headers])
        return SocketRequest(parser.get_method().decode("latin-1"), target.decode("latin-1"), headers + self._scheme)

    def _takes_shortcut(self) -> bool:
        parser: Any = self.parser
        if (
            self._answering()
            or self.flow.write_paused
            or parser.get_http_version() != "1.1"
            or parser.should_upgrade()
            or not parser.should_keep_alive()
            or parser.get_method() == b"HEAD"
            or _VIDEO in self.url
            or _RESULTS in self.url
            or b"%" in self.url.partition(b"?")[0]  # an escape may hide either
        ):
            return False
        hosts: list[bytes] = []
        for name, value in self.headers:
            if name in (b"transfer-encoding", b"expect") or (name == b"content-length" and len(value) > _SMALL_LENGTH):
                return False
            if name == b"host":
                hosts.append(value)
        return len(hosts) == 1 and len(hosts[0]) <= LONGEST_HOST and _is_ordinary(hosts[0])


@lru_cache(maxsize=256)
def _is_ordinary(host: bytes) -> bool:
    """Return whether a Host header names a host, and not that of videos."""
    return _RESULTS not in host.lower() and read_address(host.decode("latin-1")) is not None

"""Parse HTTP/1.1 requests, for the interceptors whose library writes and reads its own bytes."""

from __future__ import annotations

import errno
import re
from typing import TYPE_CHECKING

import h11

from emoji_mock.contract.exchange import Request
from emoji_mock.contract.rows import service
from emoji_mock.fake.port import HEAD_BYTES, is_head_too_long

if TYPE_CHECKING:
    from emoji_mock.contract.exchange import Response
    from emoji_mock.fake.port import FakePort

_VERSION = re.compile(rb"\A([^\r\n]* HTTP/1\.)1\r\n")
"""The request line of HTTP/1.1. Its end is rewritten to HTTP/1.0, which h11 reads alike but does not require a Host of:
our server accepts a request without one, too."""
_USUAL_HEAD = re.compile(rb"[A-Z]+ [!-~]+ HTTP/1\.1(?:\r\n[-!#$%&'*+.^_`|~0-9A-Za-z]+: [!-~](?:[ -~]*[!-~])?)*")
"""A head in which h11 finds nothing to refuse, trim or unfold (RFC 9110, 5.5 and 5.6.2) if no name is repeated."""
_UNUSUAL_NAMES = frozenset({"transfer-encoding", "expect"})
_LENGTH = re.compile(r"[0-9]{1,20}")


def reset_error() -> ConnectionResetError:
    """Return the error of a connection that is reset."""
    return ConnectionResetError(errno.ECONNRESET, "Connection reset by peer")


def refused_error() -> ConnectionRefusedError:
    """Return the error of a connection that is refused."""
    return ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")


CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
"""What a client waits for that has sent `Expect: 100-continue` (RFC 9110, 10.1.1)."""


class NotHttpError(Exception):
    """The client has written invalid HTTP/1.1, which is refused with `response`."""

    def __init__(self, port: FakePort) -> None:
        super().__init__()
        self.response: Response = port.refuse(service.BODY_INVALID)


class RequestReader:
    """Read one request from the bytes that a client writes.

    The head that libraries write is read here. h11, which takes ten times as long, reads any other, and chunked bodies.
    """

    def __init__(self, port: FakePort) -> None:
        self._port = port
        self._parser: h11.Connection | None = None
        self._may_wait = self._waits = False
        self._head: Request | None = None
        self._missing = 0
        self._body: list[bytes] = []

    def feed(self, data: bytes) -> Request | None:
        """Take bytes; return the request when it is complete. Raises NotHttpError."""
        if self._parser is None and self._head is None:  # http.client writes a head at once
            if (usual := _read_usual(data)) is None:
                self._parser = h11.Connection(h11.SERVER, max_incomplete_event_size=HEAD_BYTES)
                data, found = _VERSION.subn(rb"\g<1>0\r\n", data, count=1)
                self._may_wait = bool(found)  # HTTP/1.0 knows no 100 Continue
            else:
                head, self._missing, data = usual
                self._begin(head)
        if self._parser is None:
            self._body.append(data[: self._missing])
            self._missing -= len(self._body[-1])
            return None if self._missing else self._complete()
        try:
            self._parser.receive_data(data)
            return self._read(self._parser)
        except h11.RemoteProtocolError:
            raise NotHttpError(self._port) from None

    def take_continue(self) -> bool:
        """Return whether the client waits for `CONTINUE` before it sends the body; True once for a request."""
        waits, self._waits = self._waits, False
        return waits

    def _begin(self, head: Request) -> None:
        if is_head_too_long(head.target, head.headers):  # h11 bounds only what comes in several writes
            raise NotHttpError(self._port)
        self._head = head

    def _complete(self) -> Request:
        assert self._head is not None  # noqa: S101 - a message begins with its head
        return self._head._replace(body=b"".join(self._body))

    def _read(self, parser: h11.Connection) -> Request | None:
        while True:
            event = parser.next_event()
            if isinstance(event, h11.Request):
                # The raw names, because the journal shows headers as they were sent.
                headers = tuple(
                    [(name.decode("latin-1"), value.decode("latin-1")) for name, value in event.headers.raw_items()]
                )
                self._begin(Request(event.method.decode("ascii"), event.target.decode("ascii"), headers))
                expectations = [value.lower() for name, value in event.headers if name == b"expect"]
                self._waits = self._may_wait and expectations == [b"100-continue"]
            elif isinstance(event, h11.Data):
                self._waits = False
                self._body.append(bytes(event.data))
            elif isinstance(event, h11.EndOfMessage):
                self._waits = False
                return self._complete()
            else:
                return None


def _read_usual(data: bytes) -> tuple[Request, int, bytes] | None:
    """Return the head in `data`, the length of its body and what is there of that; None if the head is unusual."""
    head, end, body = data.partition(b"\r\n\r\n")
    if not end or _USUAL_HEAD.fullmatch(head) is None:
        return None
    first, *lines = head.decode("ascii").split("\r\n")
    method, target, _ = first.split(" ")
    headers = tuple([(name, value) for name, _, value in [line.partition(": ") for line in lines]])
    named = {name.lower(): value for name, value in headers}
    length = named.get("content-length", "0")
    if len(named) < len(headers) or not _UNUSUAL_NAMES.isdisjoint(named) or _LENGTH.fullmatch(length) is None:
        return None
    return Request(method, target, headers), int(length), body

"""HTTP/1.1 as bytes, for doors that let a library read its answer itself: requests, answers, and what goes wrong."""

from __future__ import annotations

import errno
from http import HTTPStatus
from typing import NamedTuple

from emoji_mock.contract.exchange import Fault, Reply, Request
from emoji_mock.doors._door import framed, unknown

TRUNCATED = b'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 180\r\n\r\n{"output":{"bbox_face":['
"""An answer that breaks off in its body."""

GARBAGE = b"\x16\x03\x01 this is not HTTP\r\n\r\n"


class Played(NamedTuple):
    """What a client gets to read: some bytes, and then an error (or, without one, the end)."""

    data: bytes
    error: OSError | None = None


def _reset() -> OSError:
    return ConnectionResetError(errno.ECONNRESET, "Connection reset by peer")


def refused() -> ConnectionRefusedError:
    """Return the error of a connection that nobody takes."""
    return ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")


_FAULTS = {
    "reset": lambda: Played(b"", _reset()),
    "empty_reply": lambda: Played(b""),
    "truncated_body": lambda: Played(TRUNCATED),
    "garbage": lambda: Played(GARBAGE),
    "stall": lambda: Played(TRUNCATED, TimeoutError("timed out")),
    "refused": lambda: Played(b"", refused()),
    "timeout": lambda: Played(b"", TimeoutError("timed out")),
}
"""How each fault looks from the client's side of a socket. Nobody waits: what would time out has timed out already."""


def play(method: str, reply: Reply) -> Played:
    """Return what the client reads when `reply` answers its `method` request."""
    if isinstance(reply, Fault):
        if reply.kind not in _FAULTS:
            raise unknown(reply, _FAULTS)
        return _FAULTS[reply.kind]()
    headers, body = framed(method, reply)
    lines = "".join([f"{name}: {value}\r\n" for name, value in headers])
    status = HTTPStatus(reply.status)
    return Played(f"HTTP/1.1 {status} {status.phrase}\r\n{lines}\r\n".encode("latin-1") + body)


class Inbox:
    """Collects the bytes of one request until it is whole."""

    def __init__(self) -> None:
        self._head = b""
        self._body = bytearray()
        self._request: Request | None = None
        self._length = 0
        self._chunked = False

    def feed(self, data: bytes) -> Request | None:
        """Take some bytes; return the request once it is whole."""
        self._body += data
        if self._request is None and not self._read_head():
            return None
        assert self._request is not None  # noqa: S101 - the head was read
        if self._chunked:
            whole = self._body.endswith(b"0\r\n\r\n") and _unchunked(bytes(self._body))
            return None if whole is None or whole is False else self._request._replace(body=whole)
        if len(self._body) < self._length:
            return None
        return self._request._replace(body=bytes(self._body[: self._length]))

    def _read_head(self) -> bool:
        head, end, rest = bytes(self._body).partition(b"\r\n\r\n")
        if not end:
            return False
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ", 2)
        pairs = [line.partition(":") for line in lines]
        headers = tuple((name, value.strip()) for name, _, value in pairs)
        self._request = Request(method, target, headers)
        named = self._request.by_name()
        self._length = int(named.get("content-length", 0))
        self._chunked = "chunked" in named.get("transfer-encoding", "").lower()
        self._body = bytearray(rest)
        return True


def _unchunked(data: bytes) -> bytes | None:
    """Return what the chunks of `data` hold, or None if the last one is not there yet (RFC 9112, 7.1)."""
    body = bytearray()
    while data:
        size, _, rest = data.partition(b"\r\n")
        length = int(size.partition(b";")[0], 16)
        if length == 0:
            return bytes(body)
        body += rest[:length]
        data = rest[length + 2 :]
    return None

"""A request of HTTP/1.1 as bytes, for doors that let a library write and read for itself."""

from __future__ import annotations

import errno

from emoji_mock.contract.exchange import Request


def reset() -> ConnectionResetError:
    """Return the error of a connection that is reset."""
    return ConnectionResetError(errno.ECONNRESET, "Connection reset by peer")


def refused() -> ConnectionRefusedError:
    """Return the error of a connection that nobody takes."""
    return ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")


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

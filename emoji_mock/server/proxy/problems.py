"""Answers of the proxy itself: short texts, for requests that it cannot serve."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from emoji_mock.server.tls.notices import NoticeKind

LINGER_SECONDS = 1.0
"""How long a client that is still sending is read after its answer; else it would get a reset (RFC 9112, 9.6)."""


class ProxyError(Exception):
    """A request that the proxy does not serve: with which status, why, and what to do."""

    def __init__(self, status: int, reason: str, advice: str = "", kind: NoticeKind | None = None) -> None:
        super().__init__(reason)
        self.status, self.reason, self.advice = status, reason, advice
        self.kind = kind
        """As what the program's user should be told of it, if at all."""

    def answer(self) -> bytes:
        """Return a whole response. The reason stands in the status line, too: of a tunnel many clients show no more."""
        text = f"emoji-mock: {self.reason}{'; ' if self.advice else ''}{self.advice}\n".encode()
        return (
            f"HTTP/1.1 {self.status} emoji-mock: {self.reason}\r\nContent-Type: text/plain; charset=utf-8\r\n"
            f"Content-Length: {len(text)}\r\nConnection: close\r\n\r\n"
        ).encode("ascii", "replace") + text


def refuse(transport: asyncio.Transport, problem: ProxyError, ended: Callable[[], None]) -> None:
    """Answer `problem` on `transport` and close it; call `ended` when it is closed."""
    transport.set_protocol(_Refused(transport, ended))
    if transport.is_closing():
        return
    transport.write(problem.answer())
    if not transport.can_write_eof():
        transport.close()
        return
    transport.write_eof()
    transport.resume_reading()


class _Refused(asyncio.Protocol):
    """Discards what still comes, until the client closes its side, or for a while."""

    def __init__(self, transport: asyncio.Transport, ended: Callable[[], None]) -> None:
        self._ended = ended
        self._timer = asyncio.get_running_loop().call_later(LINGER_SECONDS, transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._timer.cancel()
        self._ended()

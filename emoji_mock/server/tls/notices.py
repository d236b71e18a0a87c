"""What a program should be told about connections that did not reach the fake. Kept once each, and bounded."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

_KEPT = 100
"""How many different notices are kept."""


class NoticeKind(StrEnum):
    """What happened to a connection."""

    HANDSHAKE = "handshake"
    """The client ended the TLS handshake: it does not trust the certificate authority of the fake."""
    UNNAMED = "unnamed"
    """The client ended the TLS handshake, or sent nothing after it: the fake's certificate does not name this host."""
    UNUSED = "unused"
    """The client closed the connection behind the handshake: it may compare the certificate with one that it knows."""
    REFUSED = "refused"
    """The proxy may not connect to this host: `--offline`, or an address that it never relays to."""
    UNREACHABLE = "unreachable"
    """The proxy could not connect to this host."""


_ENDED_UNUSED = (NoticeKind.UNUSED, NoticeKind.UNNAMED)


class Notice(NamedTuple):
    """A connection that did not reach its end: to which host, by which client, and why."""

    kind: NoticeKind
    host: str
    client: str
    """The User-Agent of the CONNECT request, or "" if there is none."""
    reason: str


class Notices:
    """The different notices of a server, in the order of their first time, with how often each came."""

    def __init__(self) -> None:
        self._counts: dict[Notice, int] = {}
        self._used: set[tuple[str, str]] = set()

    def use(self, host: str, client: str) -> None:
        """Record a request of `client` to `host`: its other connections may be unused, as a browser keeps some."""
        if len(self._used) < _KEPT:
            self._used.add((host, client))

    def put(self, notice: Notice) -> None:
        """Count `notice`; beyond the bound a new one is dropped."""
        if notice in self._counts or len(self._counts) < _KEPT:
            self._counts[notice] = self._counts.get(notice, 0) + 1

    def counts(self) -> dict[Notice, int]:
        """Return the notices, each with how often it came."""
        return {
            notice: count
            for notice, count in self._counts.items()
            if notice.kind not in _ENDED_UNUSED or (notice.host, notice.client) not in self._used
        }

    def clear(self) -> None:
        """Forget all."""
        self._counts.clear()
        self._used.clear()

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
    REFUSED = "refused"
    """The proxy may not connect to this host: `--offline`, or an address that it never relays to."""
    UNREACHABLE = "unreachable"
    """The proxy could not connect to this host."""


class Notice(NamedTuple):
    """A connection that did not reach its end: to which host, by which client, and why."""

    kind: NoticeKind
    host: str
    client: str
    """The User-Agent of the CONNECT request, or the address of the client."""
    reason: str


class Notices:
    """The different notices of a server, in the order of their first time, with how often each came."""

    def __init__(self) -> None:
        self._counts: dict[Notice, int] = {}

    def put(self, notice: Notice) -> None:
        """Count `notice`; beyond the bound a new one is dropped."""
        if notice in self._counts or len(self._counts) < _KEPT:
            self._counts[notice] = self._counts.get(notice, 0) + 1

    def counts(self) -> dict[Notice, int]:
        """Return the notices, each with how often it came."""
        return dict(self._counts)

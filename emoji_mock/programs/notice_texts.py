"""Say in words which connections did not reach the fake, and what to do. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emoji_mock.contract.endpoint import HOME
from emoji_mock.server.tls.notices import Notice, NoticeKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_LONGEST = 100


def describe_notices(notices: Mapping[Notice, int]) -> Iterator[str]:
    """Return a sentence for each connection that did not reach its end, and what to do."""
    for notice, count in notices.items():
        host, client = shown(notice.host), shown(notice.client) or "a client"
        times = f", {count} times" if count > 1 else ""
        reason = shown(notice.reason)
        if notice.kind is NoticeKind.HANDSHAKE:
            yield (
                f"no TLS between {host} and {client}{times}: {reason}. It does not trust emoji-mock's certificate"
                " authority: give it $EMOJI_MOCK_CA, or with the system's authorities $EMOJI_MOCK_CA_BUNDLE, or let it"
                " check no certificates here."
            )
        elif notice.kind is NoticeKind.UNNAMED:
            yield (
                f"no TLS between {host} and {client}{times}: {reason}. emoji-mock's certificate does not name this"
                f" host: call {HOME}, which serves the models, or let the client check no certificates here."
            )
        elif notice.kind is NoticeKind.UNUSED:
            yield (
                f"no request to {host} from {client}{times}: {reason}. If it compares certificates with some of its own"
                " (pinning), it must not do so here."
            )
        elif notice.kind is NoticeKind.REFUSED:
            yield f"no connection to {host} for {client}{times}: refused, {reason}."
        else:
            yield f"no connection to {host} for {client}{times}: {reason}."


def shown(text: str) -> str:
    """Return text from elsewhere in printable ASCII, cut where it is long."""
    return ascii(text[:_LONGEST])[1:-1]

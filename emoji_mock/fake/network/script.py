"""What goes over the wire for a reply: bytes, when each part is due, and how the connection ends."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from emoji_mock._support.validation import unknown
from emoji_mock.contract.exchange import Fault, Reply, Response
from emoji_mock.fake.network.faults import FAULTS, End, FaultKind, FaultRow, Sends

if TYPE_CHECKING:
    from emoji_mock.contract.exchange import Headers

GARBAGE = b"\x16\x03\x01 this is not HTTP\r\n\r\n"
_PIECES = 20
_STATUS_LINES = {status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n" for status in HTTPStatus}

_as_line = ": ".join


class TimedBytes(NamedTuple):
    """Bytes, and the seconds to wait before them."""

    after: float
    data: bytes


class Script(NamedTuple):
    """The bytes of a reply in order; after `silence` more seconds the connection ends with `end`.

    `number` is that of the exchange in the journal, if the reply is late or stalls, and otherwise 0.
    """

    steps: tuple[TimedBytes, ...]
    end: End = End.KEEP
    silence: float = 0.0
    number: int = 0


def framed(method: str, response: Response) -> tuple[Headers, bytes]:
    """Return the headers with the content length, and the body, which is empty for HEAD."""
    headers = (*response.headers, ("content-length", str(len(response.body))))
    return headers, b"" if method == "HEAD" else response.body


def serialise(response: Response, *extra: str, method: str = "") -> bytes:
    """Return `response` as bytes of HTTP/1.1, with `extra` header lines."""
    status, headers, body = response[:3]
    first = _STATUS_LINES.get(status) or f"HTTP/1.1 {status} \r\n"  # a recording may have any
    lines = "\r\n".join([*map(_as_line, headers), f"content-length: {len(body)}", *extra])
    head = f"{first}{lines}\r\n\r\n".encode("latin-1")
    return head if method == "HEAD" else head + body


def script(method: str, reply: Reply) -> Script:
    """Return the script of the `reply` to a request by `method`. Raises ValueError for an unknown fault.

    If a response begins, the first step is its head and the others are parts of its body; a response without a fault is
    one step.
    """
    if not isinstance(reply, Fault):
        return Script((TimedBytes(reply.delay, serialise(reply, method=method)),), number=reply.number)
    row = _row_of(reply)
    silence, number = (reply.seconds, reply.number) if row.seconds is not None else (0.0, 0)
    if row.sends is Sends.NOTHING:
        return Script((), row.end, reply.delay + silence, number)
    if row.sends is Sends.GARBAGE:
        return Script((TimedBytes(reply.delay, GARBAGE),), row.end)
    message, body = serialise(reply.response, method=method), reply.response.body if method != "HEAD" else b""
    head = TimedBytes(reply.delay, message[: len(message) - len(body)])
    if row.sends is Sends.HALF_BODY:
        return Script((head, TimedBytes(0.0, body[: len(body) // 2])), row.end, silence, number)
    return Script((head, *_pieces(body, reply.seconds)))


def _row_of(fault: Fault) -> FaultRow:
    played = sorted(kind for kind, row in FAULTS.items() if not row.sends.is_response)
    if fault.kind not in played:
        raise ValueError(unknown("fault", fault.kind, played))
    return FAULTS[FaultKind(fault.kind)]


def _pieces(body: bytes, seconds: float) -> list[TimedBytes]:
    size = max(1, -(-len(body) // _PIECES))
    parts = [body[start : start + size] for start in range(0, len(body), size)]
    return [TimedBytes(seconds / len(parts), part) for part in parts]

"""What a client gets to read, second by second: the bytes of an answer, or what the network makes of it."""

from __future__ import annotations

from enum import Enum
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from emoji_mock.contract.exchange import Fault, Reply, Response

if TYPE_CHECKING:
    from collections.abc import Callable

    from emoji_mock.contract.exchange import Headers

GARBAGE = b"\x16\x03\x01 this is not HTTP\r\n\r\n"
_PIECES = 20
_STATUS_LINES = {status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n" for status in HTTPStatus}


class End(Enum):
    """How a connection ends after an answer."""

    KEEP = "keep"
    CLOSE = "close"
    RESET = "reset"
    REFUSE = "refuse"


class Step(NamedTuple):
    """Some seconds of silence, and then some bytes."""

    after: float
    data: bytes


class Script(NamedTuple):
    """Step by step what comes, and after some more `silence` how it ends; `number` is an exchange that lasts."""

    steps: tuple[Step, ...]
    end: End = End.KEEP
    silence: float = 0.0
    number: int = 0


def framed(method: str, response: Response) -> tuple[Headers, bytes]:
    """Return the headers and the body as they go out: with the length, and to HEAD without the body."""
    headers = (*response.headers, ("content-length", str(len(response.body))))
    return headers, b"" if method == "HEAD" else response.body


def serialise(response: Response, *extra: str, method: str = "") -> bytes:
    """Return `response` as it goes onto the wire, with `extra` header lines."""
    headers, body = framed(method, response)
    lines = [f"{name}: {value}\r\n" for name, value in headers]
    lines += [f"{line}\r\n" for line in extra]
    first = _STATUS_LINES.get(response.status) or f"HTTP/1.1 {response.status} \r\n"  # a recording may have any
    return f"{first}{''.join(lines)}\r\n".encode("latin-1") + body


def script(method: str, reply: Reply) -> Script:
    """Return what the client reads when `reply` answers its `method` request. Raises ValueError for no known fault.

    Of an answer that is spoilt the first step is its head, and the others are parts of its body.
    """
    if not isinstance(reply, Fault):
        return Script((Step(reply.delay, serialise(reply, method=method)),), number=reply.number)
    if reply.kind not in _FAULTS:
        raise ValueError(f"fault {reply.kind!r}: this door acts out {', '.join(sorted(_FAULTS))}")
    whole, body = serialise(reply.spoilt, method=method), reply.spoilt.body if method != "HEAD" else b""
    return _FAULTS[reply.kind](reply, Step(reply.delay, whole[: len(whole) - len(body)]), body)


def _half(body: bytes) -> Step:
    return Step(0.0, body[: len(body) // 2])


def _dripping(fault: Fault, head: Step, body: bytes) -> Script:
    size = max(1, -(-len(body) // _PIECES))
    parts = [body[start : start + size] for start in range(0, len(body), size)]
    return Script((head, *(Step(fault.seconds / len(parts), part) for part in parts)))


_FAULTS: dict[str, Callable[[Fault, Step, bytes], Script]] = {
    "refused": lambda fault, _head, _body: Script((), End.REFUSE, fault.delay),
    "close": lambda fault, _head, _body: Script((), End.CLOSE, fault.delay),
    "reset": lambda fault, _head, _body: Script((), End.RESET, fault.delay),
    "empty_reply": lambda fault, _head, _body: Script((), End.CLOSE, fault.delay),
    "garbage": lambda fault, _head, _body: Script((Step(fault.delay, GARBAGE),), End.CLOSE),
    "stall": lambda fault, _head, _body: Script((), End.CLOSE, fault.delay + fault.seconds, fault.number),
    "truncated_body": lambda _fault, head, body: Script((head, _half(body)), End.CLOSE),
    "stall_in_body": lambda fault, head, body: Script((head, _half(body)), End.CLOSE, fault.seconds, fault.number),
    "drip": _dripping,
}

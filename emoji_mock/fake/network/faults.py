"""Faults: what can go wrong on the wire, and what of it the fake does itself.

A fault is no answer of the vendor's, so nothing here is in the catalogue. Whether a call whose answer got lost is
billed nobody knows; here it is billed if its answer was under way.
"""

from enum import StrEnum

from emoji_mock.contract.exchange import Fault, Headers, Reply, Response


class FaultKind(StrEnum):
    """What the network does instead of answering."""

    REFUSED = "refused"
    """The connection is refused."""
    CLOSE = "close"
    """The connection is taken, and closed before the request is read."""
    RESET = "reset"
    """The request is read, then the connection is reset."""
    EMPTY_REPLY = "empty_reply"
    """The request is read, then the connection is closed without a word."""
    GARBAGE = "garbage"
    """What comes is no HTTP."""
    STALL = "stall"
    """Nothing comes for `seconds`, then the connection is closed."""
    TRUNCATED_BODY = "truncated_body"
    """The answer breaks off within its body."""
    STALL_IN_BODY = "stall_in_body"
    """Half of the body comes, then nothing for `seconds`, then the connection is closed."""
    DRIP = "drip"
    """The body comes in small pieces over `seconds`, and is whole in the end."""
    MALFORMED_JSON = "malformed_json"
    """HTTP 200 whose JSON breaks off."""
    BAD_GATEWAY = "bad_gateway"
    """HTTP 502 with an HTML page of some gateway."""
    GATEWAY_TIMEOUT = "gateway_timeout"
    """HTTP 504 with an HTML page of some gateway."""

    @property
    def answered(self) -> bool:
        """Whether the service had answered when it happened, so that the call is billed as without it."""
        return self in _ANSWERED

    @property
    def lasts(self) -> bool:
        """Whether it takes `seconds`."""
        return self in _LASTING


def fault_kind(text: str) -> FaultKind:
    """Return the fault that a person wrote, with `-` or `_`. Raises ValueError, which names those that there are."""
    try:
        return FaultKind(text.replace("-", "_").lower())
    except ValueError:
        raise ValueError(f"fault: no {text!r}; there are {', '.join(FaultKind)}") from None


_ANSWERED = frozenset({FaultKind.TRUNCATED_BODY, FaultKind.STALL_IN_BODY, FaultKind.DRIP, FaultKind.MALFORMED_JSON})
_LASTING = frozenset({FaultKind.STALL, FaultKind.STALL_IN_BODY, FaultKind.DRIP})

_PAGE = "<html>\r\n<head><title>{0}</title></head>\r\n<body>\r\n<center><h1>{0}</h1></center>\r\n</body>\r\n</html>\r\n"
_PAGES = {FaultKind.BAD_GATEWAY: (502, "502 Bad Gateway"), FaultKind.GATEWAY_TIMEOUT: (504, "504 Gateway Time-out")}
_HTML: Headers = (("content-type", "text/html"),)


def spoil(kind: FaultKind, response: Response, *, seconds: float = 90.0, delay: float = 0.0, number: int = 0) -> Reply:
    """Return what comes instead of `response`: a spoilt answer, or a fault for a door to act out."""
    if kind in _PAGES:
        status, title = _PAGES[kind]
        return Response(status, _HTML, _PAGE.format(title).encode(), delay)
    if kind is FaultKind.MALFORMED_JSON:
        return Response(200, response.headers, response.body[: max(1, len(response.body) * 2 // 3)], delay)
    return Fault(kind, response, seconds, delay, number)

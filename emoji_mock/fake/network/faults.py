"""The table of faults: what each sends, how long it lasts, whether the call is billed, what each HTTP library raises.

Everything else about a fault (the server, the interceptors, rules, verdict, docs/reference/faults.md) reads a row of
`FAULTS`. A fault is not an answer of the vendor's, so none is in the catalogue. Whether the vendor bills a call whose
answer was lost is unknown; here it is billed if the service had answered (inferred).
"""

from enum import Enum, StrEnum
from typing import NamedTuple

from emoji_mock._support.validation import unknown
from emoji_mock.contract.exchange import Fault, Headers, Reply, Response
from emoji_mock.fake.network.exceptions import (
    DISCONNECTED,
    INCOMPLETE,
    NOT_HTTP,
    REFUSED,
    RESET,
    TIMEOUT,
    TIMEOUT_IN_BODY,
    Raises,
)


class FaultKind(StrEnum):
    """What the network does instead of delivering the answer; `FAULTS` says what each kind is."""

    REFUSED = "refused"
    CLOSE = "close"
    RESET = "reset"
    EMPTY_REPLY = "empty_reply"
    GARBAGE = "garbage"
    STALL = "stall"
    TRUNCATED_BODY = "truncated_body"
    STALL_IN_BODY = "stall_in_body"
    DRIP = "drip"
    MALFORMED_JSON = "malformed_json"
    BAD_GATEWAY = "bad_gateway"
    GATEWAY_TIMEOUT = "gateway_timeout"

    @property
    def row(self) -> "FaultRow":
        """The row of this kind."""
        return FAULTS[self]

    @property
    def answered(self) -> bool:
        """Whether the service had answered before the fault, so that the call is billed as without it."""
        return FAULTS[self].answered

    @property
    def lasts(self) -> bool:
        """Whether it lasts some seconds, which a rule may set."""
        return FAULTS[self].seconds is not None


class Sends(Enum):
    """What the client receives."""

    NOTHING = "nothing"
    GARBAGE = "garbage"
    HALF_BODY = "half_body"
    PIECES = "pieces"
    CUT_JSON = "cut_json"
    PAGE = "page"

    @property
    def is_response(self) -> bool:
        """Whether a complete response replaces the answer, so that a way in has no fault to play."""
        return self in {Sends.CUT_JSON, Sends.PAGE}

    @property
    def before_response(self) -> bool:
        """Whether the connection ends before a response begins."""
        return self in {Sends.NOTHING, Sends.GARBAGE}


class End(Enum):
    """What becomes of the connection."""

    KEEP = "keep"
    CLOSE = "close"
    RESET = "reset"
    REFUSE = "refuse"


class FaultRow(NamedTuple):
    """One kind of fault.

    `seconds` is how long it lasts unless a rule sets it, or None if it does not last. `answered`: the service had
    answered, so the call is billed. `raises`: what a client without a timeout gets, or None if it gets a response;
    `times_out`: what a client gets whose read timeout is shorter than the fault. A listening socket cannot refuse a
    connection, so the server does something else then: `on_socket` is what a client of the server gets.
    """

    kind: FaultKind
    meaning: str
    sends: Sends
    end: End = End.CLOSE
    answered: bool = False
    seconds: float | None = None
    raises: Raises | None = None
    times_out: Raises | None = None
    on_socket: Raises | None = None
    before_body: bool = False
    """Whether the server plays it before it has read the body, if the rule does not depend on the body."""
    page: tuple[int, str] = (0, "")
    """The status and the title of an HTML page."""
    not_processed: bool = False
    """Whether the request certainly has not been processed, so that sending it again cannot cost twice."""


DEFAULT_SECONDS = 90.0
"""How long a stall lasts unless a rule says otherwise: longer than a read timeout of a minute."""

_ROWS = (
    FaultRow(
        FaultKind.REFUSED,
        "the connection is refused; a listening socket cannot refuse one, so the server resets it",
        Sends.NOTHING,
        End.REFUSE,
        raises=REFUSED,
        on_socket=RESET,
        not_processed=True,
    ),
    FaultRow(
        FaultKind.CLOSE,
        "the connection is accepted and closed; the server does so before it reads the body, if the rule is the first "
        "one and does not depend on the request (no `chance`, `endpoint`, `image_url`, `model`)",
        Sends.NOTHING,
        raises=DISCONNECTED,
        before_body=True,
    ),
    FaultRow(
        FaultKind.RESET,
        "the request is read, then the connection is reset (TCP RST)",
        Sends.NOTHING,
        End.RESET,
        raises=RESET,
    ),
    FaultRow(
        FaultKind.EMPTY_REPLY,
        "the request is read, then the connection is closed without a response",
        Sends.NOTHING,
        raises=DISCONNECTED,
    ),
    FaultRow(FaultKind.GARBAGE, "the response is not HTTP", Sends.GARBAGE, raises=NOT_HTTP),
    FaultRow(
        FaultKind.STALL,
        "no response for `seconds`, then the connection is closed",
        Sends.NOTHING,
        seconds=DEFAULT_SECONDS,
        raises=DISCONNECTED,
        times_out=TIMEOUT,
    ),
    FaultRow(
        FaultKind.TRUNCATED_BODY,
        "half of the body, then the connection is closed",
        Sends.HALF_BODY,
        answered=True,
        raises=INCOMPLETE,
    ),
    FaultRow(
        FaultKind.STALL_IN_BODY,
        "half of the body, then nothing for `seconds`, then the connection is closed",
        Sends.HALF_BODY,
        answered=True,
        seconds=DEFAULT_SECONDS,
        raises=INCOMPLETE,
        times_out=TIMEOUT_IN_BODY,
    ),
    FaultRow(
        FaultKind.DRIP,
        "the whole answer, its body in twenty pieces over `seconds`",
        Sends.PIECES,
        End.KEEP,
        answered=True,
        seconds=5.0,
    ),
    FaultRow(
        FaultKind.MALFORMED_JSON,
        "HTTP 200 with the first two thirds of the JSON",
        Sends.CUT_JSON,
        End.KEEP,
        answered=True,
    ),
    FaultRow(
        FaultKind.BAD_GATEWAY,
        "HTTP 502 with an HTML page, as from a gateway in front of the vendor",
        Sends.PAGE,
        End.KEEP,
        page=(502, "502 Bad Gateway"),
        not_processed=True,
    ),
    FaultRow(
        FaultKind.GATEWAY_TIMEOUT,
        "HTTP 504 with an HTML page, likewise",
        Sends.PAGE,
        End.KEEP,
        page=(504, "504 Gateway Time-out"),
    ),
)
FAULTS = {row.kind: row for row in _ROWS}
"""The row of each kind."""

_HTML: Headers = (("content-type", "text/html"),)
_PAGE = "<html>\r\n<head><title>{0}</title></head>\r\n<body>\r\n<center><h1>{0}</h1></center>\r\n</body>\r\n</html>\r\n"


def fault_kind(text: str) -> FaultKind:
    """Return the kind of fault that a person wrote, with `-` or `_`. Raises ValueError."""
    try:
        return FaultKind(text.replace("-", "_").lower())
    except ValueError:
        raise ValueError(f"fault: {unknown('fault', text, FaultKind)}") from None


def apply_fault(kind: FaultKind, response: Response, *, seconds: float = DEFAULT_SECONDS, delay: float = 0.0) -> Reply:
    """Return what the client gets instead of `response`: another response, or a fault for a way in to play."""
    row = FAULTS[kind]
    if row.sends is Sends.PAGE:
        status, title = row.page
        return Response(status, _HTML, _PAGE.format(title).encode(), delay)
    if row.sends is Sends.CUT_JSON:
        return Response(200, response.headers, response.body[: max(1, len(response.body) * 2 // 3)], delay)
    return Fault(kind, response, seconds, delay)

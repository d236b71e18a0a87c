"""The state of one call: the facts of the request, and the decisions of the checks."""

from __future__ import annotations

import re
from datetime import timedelta, timezone
from typing import TYPE_CHECKING
from urllib.parse import unquote

from msgspec import Struct

from emoji_mock.contract.endpoint import API_PREFIX
from emoji_mock.contract.routes import origin_form
from emoji_mock.fake.accounting.api_keys import NOBODY, Caller, redact
from emoji_mock.fake.network.addresses import SERVER, Address, public_address, read_address
from emoji_mock.fake.rules.magic_urls import HOST

if TYPE_CHECKING:
    from emoji_mock.contract.exchange import Headers, Request
    from emoji_mock.contract.geometry import Box, Size
    from emoji_mock.contract.routes import Route
    from emoji_mock.fake.media import Media
    from emoji_mock.fake.network.faults import FaultKind
    from emoji_mock.fake.network.random_source import RandomSource
    from emoji_mock.fake.options import Options
    from emoji_mock.fake.store.ports import Store

CHINA = timezone(timedelta(hours=8))
"""The vendor's time zone."""
_SLASH = re.compile("%2f", re.IGNORECASE)
_SHORT = 256
_LOCATIONS = 256
_locations: dict[tuple[str, str], tuple[str, str]] = {}
"""Host and path by target and Host header, because most requests repeat them."""


class RequestHead(Struct, frozen=True):
    """What a request's method, target and headers say. It depends on them alone, so equal heads may share one."""

    method: str
    target: str
    headers: dict[str, str]
    """By lower-case name."""
    host: str
    """The requested host, in lower case and without a port."""
    path: str
    """The requested path, without the API prefix and a trailing slash."""

    @property
    def origin(self) -> tuple[str, Address]:
        """The scheme and the address at which the client reached the fake, also through proxies.

        A request that names no host gets the address of the server's socket: never a name of the vendor's.
        """
        scheme = "https" if self.target[:8].lower() == "https://" else "http"
        named = authority_of(self.target, self.headers.get("host", "")).rpartition("@")[2]
        scheme, address = public_address(scheme, named, self.headers)
        return scheme, address or read_address(self.headers.get(SERVER, "")) or Address(HOST)

    @property
    def query(self) -> str:
        """The query of the target, undecoded."""
        return self.target.partition("?")[2]

    def enables(self, header: str) -> bool:
        """Return whether the value of `header` (lower case) is `enable`."""
        return self.headers.get(header, "").strip().lower() == "enable"


class RequestContext(Struct, frozen=True):
    """What is known of a call before anything is checked."""

    request: Request
    head: RequestHead
    at: float
    """When the request came in, in seconds since the epoch."""
    route: Route
    options: Options
    store: Store
    media: Media
    random_source: RandomSource
    """Makes the random choices."""
    models: frozenset[str]
    """The names of all models in the registry."""


class Reservation(Struct):
    """What is held for a call until it is over: an image of the account, a place among concurrent calls.

    Of a call that is refused for its rate, `retry_after` says how many seconds to wait.
    """

    image: bool = False
    gate: str = ""
    place: int = 0
    retry_after: int = 0


class Decision(Struct):
    """What the checks decide about a call; each check reads what those before it have written.

    An endpoint that decides more extends it.
    """

    caller: Caller = NOBODY
    key: str = ""
    """The key from the Authorization header. It must be kept nowhere."""
    model: str = ""
    image_url: str = ""
    size: Size | None = None
    """The picture's size, if known."""
    face: Box | None = None
    """The face in the picture, if known."""
    passes: bool = False
    """Whether a rule says that the picture passes, so that nothing else is inspected."""
    rules_applied: bool = False
    steered: bool = False
    """Whether a rule, a limit or an option, and not the request alone, decides how the call ends."""
    fault: FaultKind | None = None
    fault_seconds: float = 0.0
    """How long a stall or a drip takes."""
    delay: float = 0.0
    """How long the answer is held back, in seconds."""
    reservation: Reservation | None = None
    status: int = 200
    """The status of an answer that nothing refuses."""
    extra_headers: Headers = ()
    """Headers that precede those of the endpoint."""
    journal_target: str | None = None
    """What the journal keeps instead of the target; likewise for the other two."""
    journal_request: bytes | None = None
    journal_answer: bytes | None = None

    @property
    def lost(self) -> bool:
        """Whether a fault loses the request before it takes effect."""
        return self.fault is not None and not self.fault.answered


def read_head(request: Request) -> RequestHead:
    """Return the facts in the head of `request`."""
    headers, target = request.by_name(), request.target
    given_host = headers.get("host", "")
    host, path = _locations.get((target, given_host)) or _locate(target, given_host)
    return RequestHead(request.method, target, headers, host, path)


def _locate(target: str, host: str) -> tuple[str, str]:
    located = host_of(target, host), normal_path(target)
    # A query may hold a signature, and a key by mistake may stand anywhere: neither is kept.
    together = f"{target} {host}"
    if len(together) < _SHORT and "?" not in target and redact(together) == together:
        if len(_locations) >= _LOCATIONS:
            _locations.clear()
        _locations[target, host] = located
    return located


def authority_of(target: str, host: str) -> str:
    """Return host and port of a request target in absolute form, or else the header `host`."""
    return host if target.startswith("/") else target.partition("://")[2].partition("/")[0]


def host_of(target: str, host: str) -> str:
    """Return the host alone, in lower case."""
    named = authority_of(target, host).rpartition("@")[2]
    if named.startswith("["):  # an IPv6 address
        return f"{named.partition(']')[0]}]".lower()
    return named.partition(":")[0].rstrip(".").lower()


def normal_path(target: str) -> str:
    """Return the path of a request target in origin or absolute form, without the API prefix and a trailing slash."""
    path = origin_form(target.partition("?")[0])
    if "%" in path:
        path = unquote(_SLASH.sub("%252F", path))  # a quoted slash separates nothing (RFC 3986, 2.2)
    return path.removeprefix(API_PREFIX).removesuffix("/")

"""What the method, the target and the headers of a request say. Equal heads are read once; no key of theirs is kept."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from msgspec import Struct

from emoji_mock.contract.endpoint import API_PREFIX, ASYNC_HEADER, RESOLVE_HEADER
from emoji_mock.contract.hosts import is_elsewhere
from emoji_mock.contract.routes import origin_form
from emoji_mock.contract.rows import gateway
from emoji_mock.fake.accounting import api_keys
from emoji_mock.fake.accounting.api_keys import NOBODY, Caller, identify, key_of
from emoji_mock.fake.accounting.journal import HeadTexts, journal_texts
from emoji_mock.fake.network.addresses import FORWARDING, SCHEME, SERVER, Address, public_address, read_address
from emoji_mock.fake.rules.magic_urls import HOST

if TYPE_CHECKING:
    from emoji_mock.contract.exchange import Request
    from emoji_mock.contract.row import Row

READ_HEADERS = frozenset(
    {
        "host",
        "user-agent",
        "content-type",
        "range",
        "if-range",
        ASYNC_HEADER,
        RESOLVE_HEADER,
        SCHEME,
        SERVER,
        *FORWARDING,
    }
)
"""The headers on which an answer or the journal may depend, beside Authorization; a `RequestHead` has no others."""
_FLAGS = ((ASYNC_HEADER, "async"), (RESOLVE_HEADER, "resolve"))
"""Headers whose presence the journal notes, and by which word."""
_KEPT = ("content-type", "range", "if-range", ASYNC_HEADER, RESOLVE_HEADER)
"""The headers that the journal keeps, beside User-Agent and Host."""
_SLASH = re.compile("%2f", re.IGNORECASE)
_SHORT = 1024
"""How many characters a head that is kept may have."""
NEVER = -1
"""The age of a head that must not be kept."""


class RequestHead(Struct, frozen=True):
    """The facts in the head of a request, of which equal heads share one as long as `is_current`."""

    method: str
    target: str
    headers: dict[str, str]
    """Those of READ_HEADERS, by lower-case name."""
    host: str
    """The requested host, in lower case and without a port."""
    path: str
    """The requested path, without the API prefix and a trailing slash."""
    caller: Caller
    """The caller by the key in the Authorization header."""
    refused_as: Row | None
    """The row with which authentication refuses the call, if it does."""
    has_short_key: bool
    """Whether its key is too short to be recognised in any text, so that the journal must look for it."""
    texts: HeadTexts
    """What the journal keeps of it."""
    age: int
    """How often the set of recognised keys had changed when it was read, or NEVER."""

    @property
    def origin(self) -> tuple[str, Address]:
        """The scheme and the address at which the client reached the fake, also through proxies.

        A request that names no host gets the address of the server's socket: never a name of the vendor's.
        """
        scheme = "https" if self.target[:8].lower() == "https://" else self.headers.get(SCHEME, "http")
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

    def is_current(self) -> bool:
        """Return whether it may be used for another request: a key that was used since may stand in its texts."""
        return self.age == api_keys.age()


def read_head(request: Request) -> RequestHead:
    """Return the facts in the head of `request`."""
    named, method, target = request.by_name(), request.method, request.target
    authorization = named.get("authorization", "")
    headers = {name: value for name, value in named.items() if name in READ_HEADERS}
    given_host = headers.get("host", "")
    host = host_of(target, given_host)
    caller, refused_as = _authenticate(authorization, host)
    age, key = api_keys.age(), key_of(authorization)
    has_short_key = bool(key) and not api_keys.is_recognised(key)
    secret = key if has_short_key else ""
    flags = " ".join([flag for name, flag in _FLAGS if name in headers])
    others = "\n".join([f"{name}: {headers[name]}" for name in _KEPT if name in headers])
    given = (headers.get("user-agent", ""), method, target, given_host, others)
    client, shown_method, shown_target, shown_host, shown_others = kept = journal_texts(given, secret)
    texts = HeadTexts(client, shown_method, shown_target, shown_host, flags, kept is given, shown_others)
    if not _may_be_kept(target, f"{method} {target} {' '.join(headers.values())}", secret):
        age = NEVER
    path = normal_path(target)
    return RequestHead(method, target, headers, host, path, caller, refused_as, has_short_key, texts, age)


def _authenticate(authorization: str, host: str) -> tuple[Caller, Row | None]:
    """Return the caller, and the row that refuses it. A repeated header holds no key."""
    scheme, _, key = authorization.strip().partition(" ")
    key, scheme = key.lstrip(), scheme.lower()
    if scheme == "bearer" and key and key.isascii() and key.isprintable() and " " not in key:
        caller = identify(key)
        is_refused = caller.refused_as is gateway.INVALID_KEY or is_elsewhere(host)
        return caller, gateway.INVALID_KEY if is_refused else None
    api_keys.note_key(authorization)  # one of another scheme than Bearer identifies nobody, but is a key
    return NOBODY, gateway.NO_KEY if not key and scheme in ("", "bearer") else gateway.INVALID_KEY


def _may_be_kept(target: str, together: str, secret: str) -> bool:
    # A query may hold a signature, and a key by mistake may stand anywhere.
    if len(together) >= _SHORT or "?" in target or (secret and secret in together):
        return False
    return not api_keys.may_hold_key(together)


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

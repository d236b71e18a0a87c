"""The address at which a client reached the fake: its Host header, and what proxies in front say (RFC 7239).

Nothing here decides access: any caller may send any of these headers. They only decide which address answers name.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

SERVER = ":server"
"""The name under which a way in passes the address of its socket if a request names none; no header has a colon."""
SCHEME = ":scheme"
"""The name under which a way in passes the scheme, if a connection is secure and targets have none."""
FORWARDING = ("forwarded", "x-forwarded-proto", "x-forwarded-host", "x-forwarded-port")
"""The headers of proxies that are read."""
USUAL_PORTS = {"http": "80", "https": "443"}
"""The port that a URL of each scheme has when it names none."""


class Address(NamedTuple):
    """A host, in lower case, an IPv6 address in brackets; and a port, "" if none is named."""

    host: str
    port: str = ""

    def __str__(self) -> str:
        return f"{self.host}:{self.port}" if self.port else self.host


@cache
def _authority() -> re.Pattern[str]:
    return re.compile(r"([\w.-]+|\[[0-9A-Fa-f:.]+\])(?::(\d{0,5}))?", re.ASCII)


@cache
def _pair() -> re.Pattern[str]:
    # A parameter of Forwarded, and what ends it; RFC 7239, 4.
    token = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # noqa: S105 - the grammar's word
    return re.compile(rf'\s*({token})=({token}|"(?:[^"\\]|\\.)*")\s*(;|,|\Z)')


def authority_of(host: str, port: int) -> str:
    """Return host and port as a URL and a Host header have them: an IPv6 address in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def read_address(text: str) -> Address | None:
    """Return the host and port that `text` names, or None if it is anything but `host` or `host:port`."""
    found = _authority().fullmatch(text)
    if found is None or not found[1].strip(".") or int(found[2] or 1) not in range(1, 65_536):
        return None
    return Address(found[1].lower(), found[2] or "")


def public_address(scheme: str, authority: str, headers: Mapping[str, str]) -> tuple[str, Address | None]:
    """Return the scheme and address that the client used; `headers` have lower-case names.

    `scheme` and `authority` are the request's own. Of what proxies say, the first valid value counts, which is that of
    the proxy nearest to the client: of Forwarded, or else of X-Forwarded-Proto, -Host and -Port.
    """
    forwarded = _forwarded(headers.get("forwarded", ""))
    for proto in (forwarded.get("proto", ""), _first(headers, "x-forwarded-proto")):
        if proto.lower() in USUAL_PORTS:
            scheme = proto.lower()
            break
    if address := read_address(forwarded.get("host", "")):
        return scheme, address
    address = read_address(_first(headers, "x-forwarded-host")) or read_address(authority)
    port = _first(headers, "x-forwarded-port")
    if address is not None and port and read_address(f"x:{port}"):
        address = Address(address.host, "" if port == USUAL_PORTS[scheme] else port)
    return scheme, address


def _first(headers: Mapping[str, str], name: str) -> str:
    return headers.get(name, "").partition(",")[0].strip()


def _forwarded(value: str) -> dict[str, str]:
    """Return the parameters of a Forwarded header, the first one of each name; none if it is malformed."""
    found: dict[str, str] = {}
    place = 0
    while place < len(value):
        pair = _pair().match(value, place)
        if pair is None:
            return {}
        text = pair[2]
        found.setdefault(pair[1].lower(), re.sub(r"\\(.)", r"\1", text[1:-1]) if text.startswith('"') else text)
        place = pair.end()
    return found

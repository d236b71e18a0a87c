"""Who may open our own pages: programs, and pages of this server; pages of other sites in a browser may not.

Only a known host name counts: with DNS rebinding, a page of another site gives its own name the address of this server,
and its browser then takes the two for one site. The vendor's routes take any name, because callers give them the
vendor's.
"""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING, NamedTuple

from emoji_mock.fake.network.addresses import USUAL_PORTS, Address, read_address

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_LINKED = frozenset({"/", "/docs"})  # pages that a link of any site may open


class Refusal(NamedTuple):
    """Why a request for a page of ours is refused: the header, and what is wrong with it."""

    field: str
    problem: str


class KnownHosts:
    """The host names of this server: loopback's, the address that it listens on, and `names`.

    A server that listens on all addresses of the machine is known by each: `any_address`.
    """

    def __init__(self, names: Iterable[str] = (), *, any_address: bool = False) -> None:
        self._names = frozenset(name.lower().rstrip(".") for name in names)
        self._any_address = any_address

    @classmethod
    def of_listener(cls, host: str, names: Iterable[str] = ()) -> KnownHosts:
        """Return the hosts of a server that listens on `host`, as its user has written it."""
        try:
            any_address = not host or ip_address(host).is_unspecified
        except ValueError:
            return cls((host, *names))
        return cls(names, any_address=any_address)

    def knows(self, host: str, own_address: str) -> bool:
        """Return whether `host` is one of them; `own_address` is where the connection came in."""
        host = host.rstrip(".").strip("[]")
        if host in self._names or host == "localhost" or host.endswith(".localhost"):
            return True
        try:
            address = ip_address(host)
        except ValueError:
            return False
        if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        return address.is_loopback or self._any_address or str(address) == own_address


def find_refusal(
    path: str, method: str, headers: Collection[tuple[bytes, bytes]], own_address: str, known: KnownHosts
) -> Refusal | None:
    """Return why a request for a page of ours is refused, or None. `headers` have lower-case names."""
    hosts = [value.decode("latin-1").strip() for name, value in headers if name == b"host"]
    named = {name: value.decode("latin-1").strip() for name, value in reversed(list(headers))}
    origin, site = named.get(b"origin"), named.get(b"sec-fetch-site")
    for name in (b"host", b"origin"):
        if sum(each == name for each, _ in headers) > 1:
            return Refusal(name.decode(), "must be given once")
    host = hosts[0] if hosts else ""
    if host or origin is not None or site is not None:  # a program without a browser may name no host
        address = read_address(host)
        if address is None:
            return Refusal("host", "must be a name or an address, with or without a port")
        if not known.knows(address.host, own_address):
            return Refusal(
                "host",
                f"unknown name {address.host!r}; use 127.0.0.1 or localhost, or start the server with"
                f" --allow-host {address.host}",
            )
        if origin is not None and not _is_same(origin, address):
            return Refusal("origin", "these pages are closed to pages of other sites")
    is_link = method in ("GET", "HEAD") and path in _LINKED and named.get(b"sec-fetch-mode") == "navigate"
    if site not in (None, "none", "same-origin") and not is_link:
        return Refusal("sec-fetch-site", "these pages are closed to pages of other sites")
    return None


def _is_same(origin: str, host: Address) -> bool:
    scheme, _, authority = origin.lower().partition("://")
    address = read_address(authority)
    if address is None or scheme not in USUAL_PORTS:  # such as "null", the origin of a sandboxed page
        return False
    usual = USUAL_PORTS[scheme]
    return (address.host, address.port or usual) == (host.host, host.port or usual)

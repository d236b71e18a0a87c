"""Addresses to which a proxy that other machines reach never connects: this machine's own, and its cloud's."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_NEVER = tuple(
    map(
        ip_network,
        (
            # https://www.iana.org/assignments/iana-ipv4-special-registry: this host, loopback, link-local, multicast.
            *("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4"),
            # Metadata: of Alibaba Cloud, Azure and Oracle. AWS's, Google's and most others' are link-local.
            *("100.100.100.200/32", "168.63.129.16/32", "192.0.0.192/32"),
            # Unspecified, loopback and IPv4-compatible; link-local and site-local; multicast; the local NAT64.
            *("::/96", "fe80::/10", "fec0::/10", "ff00::/8", "64:ff9b:1::/48"),
            # Metadata of AWS and of Google Cloud.
            *("fd00:ec2::/32", "fd20:ce::254/128"),
        ),
    )
)
_ENDING_IN_IPV4 = tuple(map(ip_network, ("::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96")))
"""IPv4-mapped (RFC 4291), IPv4-translated (RFC 2765), NAT64 (RFC 6052)."""
NEVER_BY_NAME = frozenset({"localhost", "metadata", "metadata.google.internal", "instance-data"})
"""Names for such addresses, for where another proxy looks names up."""


def is_internal(address: str) -> bool:
    """Return whether `address`, an IP address, is one of them, or has one of them in it."""
    return any(one in network for one in _forms(ip_address(address.partition("%")[0])) for network in _NEVER)


def _forms(address: IPv4Address | IPv6Address) -> Iterator[IPv4Address | IPv6Address]:
    yield address
    if isinstance(address, IPv4Address):
        return
    if any(address in network for network in _ENDING_IN_IPV4) or address.packed[8:12] in (
        b"\0\0\x5e\xfe",
        b"\2\0\x5e\xfe",
    ):
        yield IPv4Address(address.packed[12:])  # the latter is ISATAP (RFC 5214)
    if address.sixtofour is not None:
        yield address.sixtofour
    if address.teredo is not None:
        yield from address.teredo

"""What the first bytes of a TLS connection say, which are not encrypted: which host the client names."""

from __future__ import annotations

import re

from emoji_mock.contract.hosts import is_vendor_host

HANDSHAKE = 0x16
"""The first byte of a connection that begins with a TLS handshake (RFC 8446, 5.1)."""
_LARGEST = 16_384 + 5
"""Bytes of a TLS record (RFC 8446, 5.1)."""
_SERVER_NAME = re.compile(rb"(?=\0\0\0(.)\0(.)\0\0(.))", re.DOTALL)
"""The extension `server_name` (RFC 6066, 3): its type, three lengths, each of what follows, with a type between."""
_BEFORE_NAME = 9


def named_host(hello: bytes) -> str:
    """Return the host of the vendor's that a ClientHello names; "" for any other host, or none in its first record.

    Takes linear time: the bytes may be anything.
    """
    hello = hello[:_LARGEST]
    for found in _SERVER_NAME.finditer(hello):
        extension, names, length = (one[0] for one in found.groups())
        if extension == length + 5 and names == length + 3:
            begin = found.start() + _BEFORE_NAME
            name = hello[begin : begin + length].decode("latin-1").lower()
            if is_vendor_host(name):
                return name
    return ""

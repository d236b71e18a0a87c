"""Read where a request to a proxy is meant to go, and write its head as the next server gets it."""

from __future__ import annotations

import re
from ipaddress import IPv6Address
from typing import TYPE_CHECKING, NamedTuple

from emoji_mock.server.proxy.problems import ProxyError

if TYPE_CHECKING:
    from collections.abc import Iterable

    import h11

_LABEL = "[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_AUTHORITY = re.compile(
    rf"(?:\[(?P<ipv6>[0-9A-Fa-f:.]+(?:%[\w.~-]+)?)\]|(?P<name>{_LABEL}(?:\.{_LABEL})*)\.?)(?::(?P<port>\d*))?"
)
_ABSOLUTE = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<authority>[^/?#]*)(?P<path>[^#]*)(?:#.*)?")
_LONGEST_NAME = 253
"""RFC 1035, 2.3.4."""
_HTTP_PORT = 80
_LARGEST_PORT = 65535

# RFC 9110, 7.6.1. A body is passed on as it comes, so the headers that say where it ends stay whatever Connection says.
_OF_ONE_CONNECTION = frozenset(
    {b"connection", b"keep-alive", b"proxy-authorization", b"proxy-connection", b"te", b"upgrade"}
)
_FRAMING = frozenset({b"content-length", b"transfer-encoding"})


class Destination(NamedTuple):
    """Where a request is meant to go."""

    host: str
    """In lower case, without a dot at the end and without brackets."""
    port: int
    authority: str = ""
    path: str = ""
    """In origin-form."""


def read_authority(authority: str) -> Destination:
    """Return the target of CONNECT. Raises ProxyError."""
    return _read_authority(authority, None, "use a host and a port, as in CONNECT example.com:443")


def read_absolute(request: h11.Request) -> Destination:
    """Return the target of a request in absolute-form. Raises ProxyError."""
    target = request.target.decode("ascii")
    parts = _ABSOLUTE.fullmatch(target)
    if parts is None:
        raise ProxyError(400, "the target of the request is not a URL", "use http://host/path, or CONNECT for https")
    if parts["scheme"].lower() != "http":
        advice = "a client opens a tunnel for https, by CONNECT host:443; other schemes are not served"
        raise ProxyError(400, "the URL of a request to a proxy begins with http://", advice)
    authority = parts["authority"].rpartition("@")[2]
    found = _read_authority(authority, _HTTP_PORT, "use http://host/path or http://host:port/path")
    path = parts["path"] or ("*" if request.method == b"OPTIONS" else "/")
    return found._replace(authority=authority, path=path if path[0] in "/*" else f"/{path}")


def _read_authority(authority: str, port: int | None, advice: str) -> Destination:
    parts = _AUTHORITY.fullmatch(authority)
    if parts is None:
        raise ProxyError(400, "the request names no host, or one with characters that no host has", advice)
    if parts["port"]:
        port = int(parts["port"]) if len(parts["port"]) <= len(str(_LARGEST_PORT)) else 0
    if port is None or not 0 < port <= _LARGEST_PORT:
        raise ProxyError(400, "the request names no port between 1 and 65535", advice)
    if parts["ipv6"]:
        address = parts["ipv6"].replace("%25", "%")
        try:
            return Destination(str(IPv6Address(address)), port)
        except ValueError:
            raise ProxyError(400, "the request names an IPv6 address that is not one", advice) from None
    if len(parts["name"]) > _LONGEST_NAME:
        raise ProxyError(400, "the request names a host that is too long", advice)
    return Destination(parts["name"].lower(), port)


def user_agent(request: h11.Request) -> str:
    """Return who the client says that it is, shortened."""
    return next((value for name, value in request.headers if name == b"user-agent"), b"").decode("latin-1")[:200]


def asks_for_websocket(request: h11.Request) -> bool:
    """Return whether the client wants to go on with WebSocket. Other upgrades (h2c) a server may ignore; so do we."""
    names = [value.strip().lower() for name, value in request.headers if name == b"upgrade"]
    return names == [b"websocket"] and b"upgrade" in _connection_tokens(request)


def rewritten(
    request: h11.Request,
    target: Destination,
    *,
    upgrade: bool = False,
    added: Iterable[tuple[str, str]] = (),
    absolute: bool = False,
) -> bytes:
    """Return the head of `request` for the next server: in origin-form, or `absolute` for another proxy.

    The connection ends with the response, as the next request of the client may be for another host.
    """
    dropped = {*_OF_ONE_CONNECTION, *_connection_tokens(request), b"host"} - _FRAMING
    if any(name == b"transfer-encoding" for name, _ in request.headers):
        dropped.add(b"content-length")  # RFC 9112, 6.3
    url = f"http://{target.authority}{target.path if target.path != '*' else ''}" if absolute else target.path
    lines = [
        b"%b %b HTTP/%b" % (request.method, url.encode(), request.http_version),
        b"Host: " + target.authority.encode(),
        *(b"%b: %b" % (name, value) for name, value in request.headers.raw_items() if name.lower() not in dropped),
        *(f"{name}: {value}".encode() for name, value in added),
        *([b"Connection: Upgrade", b"Upgrade: websocket"] if upgrade else [b"Connection: close"]),
    ]
    return b"\r\n".join([*lines, b"", b""])


def _connection_tokens(request: h11.Request) -> set[bytes]:
    return {
        token.strip().lower() for name, value in request.headers if name == b"connection" for token in value.split(b",")
    }

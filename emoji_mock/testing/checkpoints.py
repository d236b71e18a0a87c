"""Where the leak guard stands: the places through which Python's clients go on their way to a host.

Names are looked up first, so that is where most are stopped. Some take another way: through a proxy, which looks the
name up itself; with a resolver in C; with a function taken from `socket` before. They still say the name to a proxy, or
to TLS. What speaks TLS in C as well (pycurl) is not seen.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from emoji_mock._support import active_fakes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    HostOf = Callable[[tuple[Any, ...], Mapping[str, Any]], object]


class Checkpoint(NamedTuple):
    """A function of a class, or of a module, and how its arguments tell the host that is meant."""

    module: str
    owner: str
    name: str
    host_of: HostOf


def _argument(place: int, name: str) -> HostOf:
    def host_of(given: tuple[Any, ...], named: Mapping[str, Any]) -> object:
        return given[place] if len(given) > place else named.get(name)

    return host_of


def _address(given: tuple[Any, ...], _: Mapping[str, Any]) -> object:
    address = given[-1]
    return address[0] if isinstance(address, tuple) and address else None  # pyright: ignore[reportUnknownVariableType]


# What is said to an HTTP proxy (a tunnel, or a request in absolute form) and to a SOCKS5 proxy.
_TO_PROXY = rb"(?s)(?:(?P<plain>[A-Z]+ http://)|CONNECT |\x05\x01\x00\x03.)(?P<host>[\w.-]+)"


def _proxied(given: tuple[Any, ...], named: Mapping[str, Any]) -> object:
    stream, *said = given or (None,)
    try:
        found = re.match(_TO_PROXY, said[0] if said else named.get("item", named.get("data")))
    except TypeError:
        return None
    # In absolute form to one of our own servers is a fake that is used as a proxy.
    return None if found is None or (found["plain"] and _is_ours(stream)) else found["host"]


def _is_ours(stream: Any) -> bool:  # noqa: ANN401 - a socket, or a stream of anyio's or trio's over one
    try:
        return _peer(stream) in active_fakes.serving()
    except (AttributeError, OSError):
        return False


def _peer(stream: Any) -> object:  # noqa: ANN401
    extra = getattr(stream, "extra", None)
    if extra is None:
        return getattr(stream, "socket", stream).getpeername()
    from anyio.abc import SocketAttribute  # noqa: PLC0415 - the stream is anyio's

    return extra(SocketAttribute.remote_address, None)


def _proxied_by_aiohttp(given: tuple[Any, ...], _: Mapping[str, Any]) -> object:
    request = given[1]
    ours = (request.proxy.host, request.proxy.port) in active_fakes.serving()
    return None if ours and request.url.scheme == "http" else request.url.raw_host


CHECKPOINTS = (
    Checkpoint("socket", "", "getaddrinfo", _argument(0, "host")),
    Checkpoint("socket", "", "gethostbyname", _argument(0, "")),
    Checkpoint("socket", "", "gethostbyname_ex", _argument(0, "")),
    Checkpoint("socket", "socket", "connect", _address),
    Checkpoint("socket", "socket", "connect_ex", _address),
    Checkpoint("socket", "socket", "send", _proxied),
    Checkpoint("socket", "socket", "sendall", _proxied),
    # trio took `send` from `socket` before, and uvloop writes in C: here the bytes still pass through Python.
    Checkpoint("anyio._backends._asyncio", "SocketStream", "send", _proxied),
    Checkpoint("anyio._backends._trio", "SocketStream", "send", _proxied),
    Checkpoint("trio._highlevel_socket", "SocketStream", "send_all", _proxied),
    Checkpoint("aiohttp.connector", "TCPConnector", "_create_proxy_connection", _proxied_by_aiohttp),
    # Here the caller is still on the stack; in the resolver's thread it is not.
    Checkpoint("asyncio.base_events", "BaseEventLoop", "getaddrinfo", _argument(1, "host")),
    # These two look names up past Python's sockets.
    Checkpoint("uvloop", "Loop", "getaddrinfo", _argument(1, "host")),
    Checkpoint("uvloop", "Loop", "create_connection", _argument(2, "host")),
    Checkpoint("aiodns", "DNSResolver", "getaddrinfo", _argument(1, "host")),
    Checkpoint("ssl", "SSLContext", "wrap_socket", _argument(5, "server_hostname")),
    Checkpoint("ssl", "SSLContext", "wrap_bio", _argument(4, "server_hostname")),
)
"""Every place where the guard stands, once somebody has imported the module."""

"""What the leak guard watches: every call of a Python client to a host goes through one of these.

Most calls are stopped by an audit event, when the name is looked up or the socket connects: no other code can undo it.
Others look no name up in Python: they use a proxy, or a resolver in C. These still send the name to a proxy, or pass it
to TLS or to libcurl, by a function that the guard patches.
"""

from __future__ import annotations

import os
import re
import sys
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import SplitResult, urlsplit
from weakref import WeakKeyDictionary, WeakSet

from emoji_mock._support import active_fakes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    HostOf = Callable[[tuple[Any, ...], Mapping[str, Any]], object]


class Checkpoint(NamedTuple):
    """A function of a class or, without `owner`, of a module; `host_of` returns the called host from its arguments."""

    module: str
    owner: str
    name: str
    host_of: HostOf
    redirected: bool = False
    """Whether the preload of `emoji-mock run` sends what passes here to a fake."""


def is_redirected() -> bool:
    """Return whether that preload is in place in this process."""
    return getattr(sys.modules.get("emoji_mock_changes"), "in_place", False)


def _argument(place: int, name: str) -> HostOf:
    def host_of(given: tuple[Any, ...], named: Mapping[str, Any]) -> object:
        return given[place] if len(given) > place else named.get(name)

    return host_of


def _address(given: tuple[Any, ...], _: Mapping[str, Any]) -> object:
    address = given[-1]
    return address[0] if isinstance(address, tuple) and address else None  # pyright: ignore[reportUnknownVariableType]


def _first(given: tuple[Any, ...], _: Mapping[str, Any]) -> object:
    return given[0]


# What a client sends to an HTTP proxy (CONNECT, or a request in absolute form) and to a SOCKS5 proxy.
_TO_PROXY = rb"(?s)(?:(?P<plain>[A-Z]+ http://)|CONNECT |\x05\x01\x00\x03.)(?P<host>[\w.-]+)"


def _proxied(given: tuple[Any, ...], named: Mapping[str, Any]) -> object:
    stream, *sent = given or (None,)
    try:
        found = re.match(_TO_PROXY, sent[0] if sent else named.get("item", named.get("data")))
    except TypeError:
        return None
    if found is None:
        return None
    if _is_ours(stream):  # the fake itself is the proxy, and the name may follow in TLS
        if found["plain"] is None:
            _note_tunnel(found["host"], stream)
        return None
    return found["host"]


_tunnels: dict[bytes, WeakSet[object]] = {}
"""The connections on which a proxy of ours was asked for a host, as long as they are used."""


def _note_tunnel(host: bytes, connection: object) -> None:
    _tunnels.setdefault(bytes(host), WeakSet()).add(connection)


def _secured(given: tuple[Any, ...], named: Mapping[str, Any]) -> object:
    """Return the host of TLS over a socket, unless that is connected to one of our own servers."""
    stream = given[1] if len(given) > 1 else named.get("sock")
    return None if _is_ours(stream) else _argument(5, "server_hostname")(given, named)


def _secured_in_memory(given: tuple[Any, ...], named: Mapping[str, Any]) -> object:
    """Return the host of TLS over buffers, unless a proxy of ours was asked for it."""
    host = _argument(4, "server_hostname")(given, named)
    name = host.encode() if isinstance(host, str) else host  # anyio and trio encode it themselves
    return None if isinstance(name, bytes) and _tunnels.get(name) else host


def _is_ours(stream: Any) -> bool:  # noqa: ANN401 - a socket, or a stream of anyio's or trio's over one
    try:
        return _peer(stream) in _ours()
    except (AttributeError, OSError):
        return False


def _ours() -> frozenset[object]:
    """Return where fakes of this process listen, and the proxy of the `emoji-mock run` that started it."""
    host, _, port = os.environ.get("EMOJI_MOCK_PROXY", "").removeprefix("http://").rpartition(":")
    serving = active_fakes.serving()
    return serving | {(host, int(port))} if port.isdecimal() else serving


def _peer(stream: Any) -> object:  # noqa: ANN401
    extra = getattr(stream, "extra", None)
    if extra is None:
        return getattr(stream, "socket", stream).getpeername()
    from anyio.abc import SocketAttribute  # noqa: PLC0415 - the stream is anyio's

    return extra(SocketAttribute.remote_address, None)


def _proxied_by_aiohttp(given: tuple[Any, ...], _: Mapping[str, Any]) -> object:
    request = given[1]
    host: str = request.url.raw_host
    if (request.proxy.host, request.proxy.port) not in _ours():
        return host
    if request.url.scheme == "https":
        _note_tunnel(host.encode(), request)  # as uvloop sends the name in C
    return None


def _queried(given: tuple[Any, ...], named: Mapping[str, Any]) -> object:
    name = given[1] if len(given) > 1 else named.get("qname", named.get("name"))
    return str(name)  # a text or dnspython's own type


_CURLOPT_URL, _CURLOPT_PROXY = 10002, 10004
_curl_options: WeakKeyDictionary[object, dict[int, str]] = WeakKeyDictionary()
"""The URL and the proxy of each handle of libcurl, which may be set in any order."""


def _curl_set(given: tuple[Any, ...], _: Mapping[str, Any]) -> None:
    """Note an option; nothing is called yet."""
    if len(given) > 2 and given[1] in {_CURLOPT_URL, _CURLOPT_PROXY}:  # noqa: PLR2004 - handle, option and value
        value = given[2]
        text = value.decode("ascii", "replace") if isinstance(value, bytes) else str(value or "")
        _curl_options.setdefault(given[0], {})[given[1]] = text


def _curl_reset(given: tuple[Any, ...], _: Mapping[str, Any]) -> None:
    _curl_options.pop(given[0], None)


def _curl_call(given: tuple[Any, ...], _: Mapping[str, Any]) -> object:
    """Return the host that a handle is about to call, unless by a proxy of ours."""
    options = _curl_options.get(given[0], {})
    url = options.get(_CURLOPT_URL, "")
    scheme = "https" if url.lower().startswith("https:") else "http"
    proxy = options.get(_CURLOPT_PROXY)
    if proxy is None:
        proxy = os.environ.get(f"{scheme}_proxy") or (os.environ.get("HTTPS_PROXY") if scheme == "https" else "") or ""
    try:
        parts = _split(proxy)
        ours = (parts.hostname, parts.port) in _ours()
    except ValueError:  # no port
        ours = False
    return None if ours else _split(url).netloc


def _curl_added(given: tuple[Any, ...], named: Mapping[str, Any]) -> object:
    return _curl_call((_argument(1, "curl")(given, named),), {})


def _split(url: str) -> SplitResult:
    return urlsplit(url if "://" in url else f"//{url}")


AUDITED: Mapping[str, HostOf] = MappingProxyType(
    {
        "socket.getaddrinfo": _first,
        "socket.gethostbyname": _first,
        "socket.connect": _address,
        "socket.sendto": _address,
        "socket.sendmsg": _address,
    }
)
"""Every audit event that the guard listens to; `host_of` takes the event's arguments."""

CHECKPOINTS = (
    # Python looks the name up in C before it raises the event.
    Checkpoint("socket", "socket", "connect", _address, redirected=True),
    Checkpoint("socket", "socket", "connect_ex", _address, redirected=True),
    Checkpoint("socket", "socket", "send", _proxied),
    Checkpoint("socket", "socket", "sendall", _proxied),
    # gevent and eventlet put sockets, resolvers and TLS of their own in place of the standard ones.
    Checkpoint("gevent._socketcommon", "SocketMixin", "send", _proxied),
    Checkpoint("gevent._socketcommon", "SocketMixin", "sendall", _proxied),
    Checkpoint("gevent.resolver", "AbstractResolver", "getaddrinfo", _argument(1, "host"), redirected=True),
    Checkpoint("gevent.resolver.thread", "Resolver", "getaddrinfo", _argument(1, "host"), redirected=True),
    Checkpoint("gevent.ssl", "SSLContext", "wrap_socket", _secured, redirected=True),
    Checkpoint("eventlet.greenio.base", "GreenSocket", "send", _proxied),
    Checkpoint("eventlet.greenio.base", "GreenSocket", "sendall", _proxied),
    Checkpoint("eventlet.support.greendns", "ResolverProxy", "query", _queried),
    Checkpoint("eventlet.green.ssl", "GreenSSLContext", "wrap_socket", _argument(5, "server_hostname")),
    # trio took `send` from `socket` earlier, and uvloop writes in C; here the bytes still pass through Python.
    Checkpoint("anyio._backends._asyncio", "SocketStream", "send", _proxied),
    Checkpoint("anyio._backends._trio", "SocketStream", "send", _proxied),
    Checkpoint("trio._highlevel_socket", "SocketStream", "send_all", _proxied),
    Checkpoint("aiohttp.connector", "TCPConnector", "_create_proxy_connection", _proxied_by_aiohttp),
    # The caller is on the stack here, and not in the resolver's thread.
    Checkpoint("asyncio.base_events", "BaseEventLoop", "getaddrinfo", _argument(1, "host"), redirected=True),
    # uvloop, aiodns and dnspython look names up without Python's `socket`.
    Checkpoint("uvloop", "Loop", "getaddrinfo", _argument(1, "host"), redirected=True),
    Checkpoint("uvloop", "Loop", "create_connection", _argument(2, "host"), redirected=True),
    Checkpoint("aiodns", "DNSResolver", "getaddrinfo", _argument(1, "host"), redirected=True),
    Checkpoint("dns.resolver", "Resolver", "resolve", _queried),
    Checkpoint("dns.asyncresolver", "Resolver", "resolve", _queried),
    Checkpoint("ssl", "SSLContext", "wrap_socket", _secured, redirected=True),
    Checkpoint("ssl", "SSLContext", "wrap_bio", _secured_in_memory, redirected=True),
    # libcurl does everything in C, but is told the URL before.
    *(
        Checkpoint(module, "Curl", name, host_of)
        for module in ("curl_cffi.curl", "pycurl")
        for name, host_of in (
            ("setopt", _curl_set),
            ("reset", _curl_reset),
            ("perform", _curl_call),
            ("perform_rb", _curl_call),
            ("perform_rs", _curl_call),
            ("duphandle", _curl_call),
        )
    ),
    Checkpoint("curl_cffi.aio", "AsyncCurl", "add_handle", _curl_added),
    Checkpoint("pycurl", "CurlMulti", "add_handle", _curl_added),
)
"""Every function that the guard patches, where it can be found; libraries have it in some of their versions only."""

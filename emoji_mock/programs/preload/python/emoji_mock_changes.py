"""What is changed in which module, once this program has imported it. See `sitecustomize.py`."""

from __future__ import annotations

import os
import sys

from emoji_mock_redirection import Redirection, report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    Change = Callable[[Any, Redirection], None]


def change_lookups(_socket: Any, to: Redirection) -> None:
    """Change the functions below `socket`, which gevent and `socket` itself call."""
    look_up, look_up_by_name, look_up_by_name_ex = _socket.getaddrinfo, _socket.gethostbyname, _socket.gethostbyname_ex

    def getaddrinfo(host: Any, port: Any, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0) -> Any:  # noqa: A002
        if flags & _socket.AI_NUMERICHOST and to.is_vendor(host):
            raise _socket.gaierror(_socket.EAI_NONAME, "Name or service not known")  # as it is no number
        if not flags & (_socket.AI_NUMERICHOST | _socket.AI_PASSIVE):
            turned = to.looked_up(host)
            if turned is not host:  # AI_ADDRCONFIG finds no address on a machine that has loopback alone
                host, flags = turned, flags & ~getattr(_socket, "AI_ADDRCONFIG", 0)
        return look_up(host, port, family, type, proto, flags)

    def gethostbyname(hostname: Any) -> Any:
        return look_up_by_name(to.looked_up(hostname))

    def gethostbyname_ex(hostname: Any) -> Any:
        return look_up_by_name_ex(to.looked_up(hostname))

    _socket.getaddrinfo, _socket.gethostbyname, _socket.gethostbyname_ex = getaddrinfo, gethostbyname, gethostbyname_ex


def change_socket(socket: Any, to: Redirection) -> None:
    """Change the standard module, to which some of those functions were copied if it was imported before."""
    import _socket

    socket.gethostbyname, socket.gethostbyname_ex = _socket.gethostbyname, _socket.gethostbyname_ex
    change_connections(socket, to)


def change_connections(socket: Any, to: Redirection) -> None:
    """Change how the sockets of the standard module, or of gevent's, connect."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def turned_connect(self: Any, address: Any) -> None:
        connect(self, to.address(address, self))

    def turned_connect_ex(self: Any, address: Any) -> Any:
        try:
            return connect_ex(self, to.address(address, self))
        except ConnectionRefusedError as error:
            return error.errno

    socket.socket.connect, socket.socket.connect_ex = turned_connect, turned_connect_ex


def change_uvloop(uvloop: Any, to: Redirection) -> None:
    """Change what uvloop does in C."""
    look_up, create_connection = uvloop.Loop.getaddrinfo, uvloop.Loop.create_connection

    async def getaddrinfo(self: Any, host: Any, port: Any, **options: Any) -> Any:
        return await look_up(self, to.looked_up(host), port, **options)

    async def connect(self: Any, protocol_factory: Any, host: Any = None, port: Any = None, **options: Any) -> Any:
        if options.get("ssl") and options.get("server_hostname") is None and to.is_vendor(host):
            options["server_hostname"] = host
        host, port = to.address((host, port))
        return await create_connection(self, protocol_factory, host, port, **options)

    uvloop.Loop.getaddrinfo, uvloop.Loop.create_connection = getaddrinfo, connect


def change_windows_events(windows_events: Any, to: Redirection) -> None:
    """Change what asyncio on Windows connects in C."""
    sock_connect = windows_events.ProactorEventLoop.sock_connect

    async def turned(self: Any, sock: Any, address: Any) -> Any:
        return await sock_connect(self, sock, to.address(address, sock))

    windows_events.ProactorEventLoop.sock_connect = turned


def change_aiodns(aiodns: Any, to: Redirection) -> None:
    """Change the resolver in C that aiohttp uses where it is installed."""
    look_up = aiodns.DNSResolver.getaddrinfo

    def getaddrinfo(self: Any, host: Any, *arguments: Any, **options: Any) -> Any:
        return look_up(self, to.looked_up(host), *arguments, **options)

    aiodns.DNSResolver.getaddrinfo = getaddrinfo


def change_certifi(core: Any, to: Redirection) -> None:
    """Give the bundle that has the fake's authority in place of certifi's."""

    def where() -> str:
        return to.bundle

    def contents() -> str:
        with open(to.bundle, encoding="ascii", errors="replace") as file:
            return file.read()

    if os.path.exists(to.bundle):
        modules: list[Any] = [core, sys.modules["certifi"]]
        for module in modules:  # the second copies both, and may have done so before
            module.where, module.contents = where, contents


def change_truststore(truststore: Any, to: Redirection) -> None:
    """Trust the fake's authority besides those of the system, which ignores SSL_CERT_FILE on macOS and Windows."""
    create = truststore.SSLContext.__init__

    def __init__(self: Any, *arguments: Any, **options: Any) -> None:  # noqa: N807
        create(self, *arguments, **options)
        self.load_verify_locations(to.authority)

    if os.path.exists(to.authority):
        truststore.SSLContext.__init__ = __init__


in_place = False
"""Whether the environment was complete, so that calls to the vendor do not leave this machine."""

CHANGES: dict[str, Change] = {
    "_socket": change_lookups,
    "socket": change_socket,
    "gevent.socket": change_connections,
    "uvloop": change_uvloop,
    "asyncio.windows_events": change_windows_events,
    "aiodns": change_aiodns,
    "certifi.core": change_certifi,
    "truststore": change_truststore,
}


def changes_to(environ: Mapping[str, str]) -> dict[str, Callable[[Any], None]]:
    """Return what is to be called with each module; nothing, and a line to stderr, if the environment is incomplete."""
    try:
        to = Redirection(environ)
    except (KeyError, ValueError) as error:
        report(error)
        return {}
    global in_place  # noqa: PLW0603 - a module is the one thing that a process has once
    in_place = True
    return {name: _applied(change, to) for name, change in CHANGES.items()}


def _applied(change: Change, to: Redirection) -> Callable[[Any], None]:
    def apply(module: Any) -> None:
        try:
            change(module, to)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with a module, the program must run
            report(error)

    return apply

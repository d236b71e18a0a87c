"""Which other hosts the proxy may reach, and how."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
from secrets import token_hex
from typing import TYPE_CHECKING, NamedTuple

from emoji_mock.contract.hosts import DOMAINS, is_vendor_host
from emoji_mock.server.proxy.addresses import NEVER_BY_NAME, is_internal
from emoji_mock.server.proxy.problems import ProxyError
from emoji_mock.server.proxy.tunnels import TunnelAnswer
from emoji_mock.server.proxy.upstream import UpstreamProxy, UserProxies
from emoji_mock.server.tls.notices import NoticeKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from emoji_mock.server.proxy.heads import Destination

CONNECT_SECONDS = 30.0
"""How long to look up a name, to connect, and to open a tunnel may take in all."""
_ATTEMPT_SECONDS = 5.0
"""How long an address may take while there are others."""
_MOST_ADDRESSES = 8
_NO_HOST = {socket.EAI_NONAME: "no such host", socket.EAI_AGAIN: "its name cannot be looked up now"}


class SocketAddress(NamedTuple):
    """An address to connect to, as looked up."""

    family: int
    protocol: int
    socket_address: tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]


class Destinations:
    """Which other hosts may be reached: none if `offline`, and no internal ones if `open_to_others`.

    A proxy that `environ` names is used for those that it names it for. Raises ValueError for one that is not served.
    """

    def __init__(self, *, offline: bool, open_to_others: bool, environ: Mapping[str, str]) -> None:
        self._offline, self._open_to_others = offline, open_to_others
        self._proxies = UserProxies({} if offline else environ)
        self.via = f"1.1 emoji-mock-{token_hex(4)}"
        """How requests to another proxy name this one, so that a circle of proxies is found (RFC 9110, 7.6.3)."""

    def find_proxy(self, target: Destination, scheme: str) -> UpstreamProxy | None:
        """Return the proxy by which `target` is reached, None if directly. Raises ProxyError if it may not be."""
        if _is_vendors(target.host):
            raise _refused(f"{target.host} is the vendor's, which emoji-mock never calls")
        if self._offline and not _is_loopback(target.host):
            advice = f"to let the program reach {target.host}, start emoji-mock without --offline"
            raise _refused(f"--offline lets no program reach {target.host}", advice)
        proxy = self._proxies.find(scheme, target.host, target.port)
        if proxy is not None and self._open_to_others:
            self._check_name(target.host)
        return proxy

    async def connect(
        self, target: Destination, proxy: UpstreamProxy | None, protocol: asyncio.Protocol, *, tunnel: bool
    ) -> None:
        """Connect `protocol` to `target`, or to `proxy` for it. Raises ProxyError."""
        through = f" through {proxy}, the proxy of your environment" if proxy else ""
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                if proxy is None:
                    await _connect(await self._look_up(target.host, target.port), lambda: protocol)
                    return
                addresses = await _resolve(proxy.host, proxy.port)
                if not tunnel:
                    await _connect(addresses, lambda: protocol)
                    return
                answer = TunnelAnswer(proxy, target, protocol, self.via)
                try:
                    await _connect(addresses, lambda: answer)
                    await answer.opened
                except BaseException:
                    answer.close()
                    raise
        except TimeoutError:
            reason = f"{target.host} port {target.port} did not answer in {CONNECT_SECONDS:.0f} seconds{through}"
            raise ProxyError(504, reason, "", NoticeKind.UNREACHABLE) from None
        except OSError as error:
            number = error.errno or errno.ECONNABORTED
            problem = _NO_HOST.get(number) or os.strerror(number)
            reason = f"{target.host} port {target.port} cannot be reached{through}: {problem}"
            raise ProxyError(502, reason, "", NoticeKind.UNREACHABLE) from None

    async def _look_up(self, host: str, port: int) -> list[SocketAddress]:
        addresses = await _resolve(host, port)
        if self._open_to_others:
            for address in addresses:
                self._check_address(host, str(address.socket_address[0]))
        return addresses

    def _check_name(self, host: str) -> None:
        """Refuse what is known to be internal without looking it up, as another proxy will do that."""
        if host in NEVER_BY_NAME or host.endswith(".localhost"):
            raise _internal(host)
        if (address := _literal(host)) is not None:
            self._check_address(host, address)

    def _check_address(self, host: str, address: str) -> None:
        if is_internal(address):
            raise _internal(host)


def _refused(reason: str, advice: str = "") -> ProxyError:
    return ProxyError(403, reason, advice, NoticeKind.REFUSED)


def _internal(host: str) -> ProxyError:
    advice = "a proxy that other machines can reach connects to no such address; listen on 127.0.0.1 to allow it"
    return _refused(f"{host} is this machine itself, link-local, multicast or a cloud's metadata", advice)


def _is_vendors(host: str) -> bool:
    """Return whether `host` is one that the fake answers for, or beside one that it does not."""
    return is_vendor_host(host) or f".{host}".endswith(tuple(f".{domain}" for domain in DOMAINS))


def _literal(host: str) -> str | None:
    """Return the IP address that `host` is, also in decimal, octal or hexadecimal form; None if it is a name."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return None
    return str(found[0][4][0])


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    address = _literal(host)
    return address is not None and (address == "::1" or address.startswith("127."))


async def _resolve(host: str, port: int) -> list[SocketAddress]:
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP, flags=socket.AI_CANONNAME
        )
    except UnicodeError:
        raise socket.gaierror(socket.EAI_NONAME, "no such host") from None
    if any(_is_vendors(one[3]) for one in found):  # by a search domain of the system's
        raise _refused(f"{host} is the vendor's, which emoji-mock never calls")
    return [SocketAddress(family, protocol, address) for family, _, protocol, _, address in found[:_MOST_ADDRESSES]]


async def _connect(addresses: list[SocketAddress], factory: Callable[[], asyncio.Protocol]) -> None:
    """Connect to the first of `addresses` that answers. Raises OSError."""
    loop = asyncio.get_running_loop()
    for number, address in enumerate(addresses, 1):
        connection = socket.socket(address.family, socket.SOCK_STREAM, address.protocol)
        try:
            connection.setblocking(False)  # noqa: FBT003 - its only argument
            async with asyncio.timeout(None if number == len(addresses) else _ATTEMPT_SECONDS):
                await loop.sock_connect(connection, address.socket_address)
            await loop.create_connection(factory, sock=connection)
        except BaseException as error:
            connection.close()
            if isinstance(error, OSError) and number < len(addresses):
                continue
            raise
        return
    raise socket.gaierror(socket.EAI_NONAME, "no such host")

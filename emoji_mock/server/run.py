"""Run the server until it is stopped."""

from __future__ import annotations

import gc
import logging
import signal
import socket
import sys
from contextlib import suppress
from errno import EADDRNOTAVAIL
from functools import cache
from importlib.util import find_spec
from ipaddress import ip_address
from itertools import count
from typing import TYPE_CHECKING, Any

import uvicorn

from emoji_mock._support import active_fakes
from emoji_mock._support.event_loops import loop_sleep, stop_listening
from emoji_mock.fake.network.addresses import authority_of
from emoji_mock.server.app import Front

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable
    from types import FrameType

    from emoji_mock.server.access import KnownHosts
    from emoji_mock.server.control.probes import Scrape
    from emoji_mock.server.control.steered import SteeredFake
    from emoji_mock.server.vendor_listeners import VendorListeners

STOP_SECONDS = 31
"""How long running requests may take at shutdown: a little longer than `ENDING_SECONDS`."""

_TICK = 0.1
"""Seconds between two looks at whether the server should end."""
_TICKS_OF_A_DAY = 864_000


def bind(host: str, port: int) -> socket.socket:
    """Return a socket that listens on `host` and `port` (0: any free port). Raises OSError."""
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    # asyncio sets TCP_NODELAY only on a socket with an explicit protocol; without it a call takes 45 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(2048)
    except OSError:
        listener.close()
        raise
    active_fakes.serve_at(listener.getsockname())
    return listener


def listen(host: str, port: int, flag: str) -> socket.socket:
    """Return a socket as `bind` does. Raises ValueError, which names the address, and `flag` for another port."""
    try:
        return bind(host, port)
    except (OSError, UnicodeError) as error:
        problem = getattr(error, "strerror", None) or error
        raise ValueError(f"cannot listen on {host} port {port}: {problem}{_advice(error, flag)}") from None


def _advice(error: Exception, flag: str) -> str:
    if "in use" in str(error):
        return f"; {flag} 0 takes any free one"
    if isinstance(error, PermissionError):
        return f"; only an administrator may use this port, and {flag} 0 takes any free one"
    if isinstance(error, (socket.gaierror, UnicodeError)) or getattr(error, "errno", 0) == EADDRNOTAVAIL:
        return "; --host must be an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all of them"
    return ""


def stopping_signals() -> list[int]:
    """Return the signals that end a server: not the end of the terminal where it is ignored, as nohup does."""
    numbers: list[int] = [signal.SIGINT, signal.SIGTERM]
    end_of_terminal: int | None = getattr(signal, "SIGHUP", None)
    if end_of_terminal is not None and signal.getsignal(end_of_terminal) is not signal.SIG_IGN:
        numbers.append(end_of_terminal)
    return numbers


def is_loopback(host: str) -> bool:
    """Return whether only this machine reaches a listener on `host`."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def url_at(host: str, port: int) -> str:
    """Return the URL at which this machine reaches a server that listens on `host` and `port`."""
    shown = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://{authority_of(shown, port)}"


class Server(uvicorn.Server):
    """A uvicorn server, which can listen for TLS and as a proxy, too.

    It ticks by its own loop: where tests run, `asyncio.sleep` may be another function.
    """

    vendor_listeners: VendorListeners | None = None

    def __init__(self, config: uvicorn.Config, front: Front) -> None:
        super().__init__(config)
        self.front = front

    def new_protocol(self) -> asyncio.Protocol:
        """Return a protocol for one connection, as uvicorn makes it for its own sockets."""
        protocol: Any = self.config.http_protocol_class
        made: asyncio.Protocol = protocol(self.config, self.server_state, self.lifespan.state)
        return made

    async def listen(self, listeners: VendorListeners) -> None:
        """Answer at `listeners`, too, until the end. Call it in the loop of the running server."""
        self.vendor_listeners = listeners
        await listeners.start(self.new_protocol)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, also at the vendor listeners that are set before the start."""
        await super().startup(sockets)
        if self.vendor_listeners is not None:
            await self.listen(self.vendor_listeners)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close the vendor listeners, then the server."""
        self.front.ending.set()
        if self.vendor_listeners is not None:
            await self.vendor_listeners.close()
        await stop_listening(self.servers)
        for listener in sockets or ():
            listener.close()
        # uvicorn sleeps for a tenth of a second, also where there is nothing to wait for.
        if self.server_state.connections or self.server_state.tasks:
            await super().shutdown(sockets)
        self.front.fake.leave_loop()

    async def main_loop(self) -> None:
        """Tick until the end."""
        ticks = count()
        while not await self.on_tick(next(ticks) % _TICKS_OF_A_DAY):
            await loop_sleep(_TICK)


def server(
    fake: SteeredFake, hosts: KnownHosts | None = None, *, page: bool = True, scrape: Scrape | None = None
) -> Server:
    """Return a uvicorn server for `fake`, with httptools and uvloop if they are installed.

    `hosts` are the names by which its own pages may be opened; `page` is whether it shows one at `/`; `scrape` returns
    the metrics, if there are any.
    """
    front = Front(fake, hosts, page=page, scrape=scrape)
    fast = find_spec("httptools") is not None
    http: Any = "h11"
    if fast:
        http = _protocol_for(fake, front)
    return Server(
        uvicorn.Config(
            front,
            http=http,
            loop="uvloop" if find_spec("uvloop") else "asyncio",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=60,
            timeout_graceful_shutdown=STOP_SECONDS,
        ),
        front,
    )


def _protocol_for(fake: SteeredFake, front: Front) -> type[Any]:
    from emoji_mock.server.protocols.known_heads import protocol_for  # noqa: PLC0415 - needs httptools

    if not fake.suspends:
        return protocol_for(fake, front.bodies)
    from emoji_mock.server.protocols.suspended import SuspendedProtocol  # noqa: PLC0415 - needs the extra `valkey`

    return protocol_for(fake, front.bodies, SuspendedProtocol)


def serve(
    fake: SteeredFake,
    listener: socket.socket,
    hosts: KnownHosts,
    started: Callable[[], None],
    vendor_listeners: VendorListeners | None = None,
    *,
    page: bool = True,
    scrape: Scrape | None = None,
) -> None:
    """Serve `fake` on `listener`, and at the vendor listeners, until Ctrl-C, SIGTERM or the end of the terminal.

    `hosts` are the names of its own pages; `started` is called before it accepts connections; `scrape` returns the
    metrics, if there are any.
    """
    running = server(fake, hosts, page=page, scrape=scrape)
    running.vendor_listeners = vendor_listeners

    def stop(_number: int, _frame: FrameType | None) -> None:
        # uvicorn replaces these handlers while it runs, and raises the signal again at its end; then this does nothing.
        running.should_exit = True

    for number in stopping_signals():
        signal.signal(number, stop)
    _allow_many_connections()
    quieten()
    # There is hardly any cyclic garbage: to collect seldom, and never among the modules, saves a tenth.
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    started()
    running.run(sockets=[listener])


@cache
def quieten() -> None:
    """Keep what clients send off the terminal: there may be very many bad requests, and all are answered."""
    log = logging.getLogger("uvicorn.error")
    log.propagate = False
    log.addHandler(logging.NullHandler())
    report = sys.unraisablehook

    def report_others(unraisable: sys.UnraisableHookArgs) -> None:
        # `ssl` reports a host in a ClientHello that is not ASCII, with its bytes, before it ends the handshake.
        if not (isinstance(unraisable.exc_value, UnicodeDecodeError) and isinstance(unraisable.object, bytes)):
            report(unraisable)

    sys.unraisablehook = report_others


def _allow_many_connections() -> None:
    with suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415 - not on Windows

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = 65_536 if hard == resource.RLIM_INFINITY else min(65_536, hard)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))

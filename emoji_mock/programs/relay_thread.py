"""The listeners for programs in a thread of their own, from which calls go on to a fake that runs already."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from emoji_mock._support.event_loops import settle
from emoji_mock.server.proxy.problems import ProxyError
from emoji_mock.server.proxy.relay import ByteRelay

if TYPE_CHECKING:
    from ssl import SSLContext

    from emoji_mock.server.vendor_listeners import VendorListeners

_CONNECT_SECONDS = 30.0
_STOP_SECONDS = 5.0


class RelayThread:
    """Accepts connections at `listeners`, decrypts them, and passes their bytes on to the server at `url`.

    It calls the server with TLS if there is a `context`. It listens before the constructor returns.
    """

    def __init__(self, url: str, context: SSLContext | None, listeners: VendorListeners) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "", parts.port or (80 if context is None else 443)
        self._context, self._listeners = context, listeners
        self._relays: set[ByteRelay] = set()
        self._started = threading.Event()
        self._runner = asyncio.Runner()
        self._stopped = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="emoji-mock-relay", daemon=True)
        self._thread.start()
        self._started.wait()

    def stop(self) -> None:
        """Take what has come, then close all connections."""
        if self._thread.is_alive():
            self._runner.get_loop().call_soon_threadsafe(self._stopped.set)
            self._thread.join(_STOP_SECONDS)

    def _run(self) -> None:
        with self._runner:
            self._runner.run(self._serve())

    async def _serve(self) -> None:
        await self._listeners.start(self._new_relay)
        self._started.set()
        await self._stopped.wait()
        await settle()
        await self._listeners.close()
        for relay in list(self._relays):
            relay.shutdown()
        await asyncio.sleep(0)

    def _new_relay(self) -> ByteRelay:
        relay = ByteRelay(self._connect, self._relays.discard)
        self._relays.add(relay)
        return relay

    async def _connect(self, protocol: asyncio.Protocol) -> None:
        loop, context = asyncio.get_running_loop(), self._context
        name = None if context is None else self._host
        try:
            async with asyncio.timeout(_CONNECT_SECONDS):
                await loop.create_connection(
                    lambda: protocol, self._host, self._port, ssl=context, server_hostname=name
                )
        except OSError as error:
            raise ProxyError(502, "the fake that --url names cannot be reached", str(error)) from None

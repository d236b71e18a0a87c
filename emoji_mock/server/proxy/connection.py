"""A connection to the proxy."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emoji_mock.server.proxy.destinations import Destinations
    from emoji_mock.server.tls.handshake import Attach
    from emoji_mock.server.tls.notices import Notices


class ProxyConnection(asyncio.Protocol):
    """A connection to the proxy; it stands in `connections` while it has no other protocol."""

    def __init__(
        self, attach: Attach, destinations: Destinations, notices: Notices, connections: set[ProxyConnection]
    ) -> None:
        self._attach, self._destinations, self._notices, self._connections = attach, destinations, notices, connections

    def shutdown(self) -> None:
        """Close the connection."""

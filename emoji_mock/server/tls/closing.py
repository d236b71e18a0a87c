"""A secure transport that closes its connection as soon as all is sent, as other servers do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    import asyncio


def close_promptly(secured: asyncio.Transport, carrier: asyncio.Transport) -> asyncio.Transport:
    """Return `secured`, which runs over `carrier`, with a `close` that does not wait for the client's.

    The event loops wait half a minute for the client's own end of TLS. A client may wait for the end of the connection
    instead: Java's does, and would meet a timeout where without TLS it learns at once that no more will come.
    """
    return cast("asyncio.Transport", _PromptlyClosed(secured, carrier))


class _PromptlyClosed:
    def __init__(self, secured: asyncio.Transport, carrier: asyncio.Transport) -> None:
        self._secured, self._carrier = secured, carrier

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - a method of the transport
        return getattr(self._secured, name)

    def write(self, data: bytes) -> None:
        """Send `data`, unless the connection is lost: the event loops warn of that on stderr."""
        # `secured` does not tell of the client's end.
        if not (self._secured.is_closing() or self._carrier.is_closing()):
            self._secured.write(data)

    def close(self) -> None:
        """Send what is left, the end of TLS behind it, and the end of the connection."""
        if self._carrier.is_closing():  # nothing can be sent any more, and asyncio fails where it is asked again
            return
        if self._secured.is_closing():  # asyncio's own transport knows nothing any more after a second call
            return
        self._secured.close()
        # A client that reads slowly still gets the rest: then the loop's own way to close holds.
        if not self._secured.get_write_buffer_size():
            self._carrier.close()

"""Play a script on a real socket: silence, bytes, and the end of the connection, which may be abrupt."""

from __future__ import annotations

import socket
import struct
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from emoji_mock.fake.network.faults import End

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from emoji_mock.fake.network.script import Script

_LINGER = 0.05
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class FaultPlayer:
    """Play `script` on `transport`; at its end call `waited_out` with its number, `done` if the connection stays."""

    def __init__(
        self,
        script: Script,
        transport: asyncio.Transport,
        loop: asyncio.AbstractEventLoop,
        waited_out: Callable[[int], None],
        done: Callable[[], None],
    ) -> None:
        self._script, self._transport, self._loop = script, transport, loop
        self._waited_out, self._done = waited_out, done
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Start playing."""
        self._go_on(0)

    @property
    def sends_bytes(self) -> bool:
        """Whether the script sends bytes to its end, without a final silence."""
        return bool(self._script.steps) and not self._script.silence

    def stop(self) -> None:
        """Stop playing, because the connection is lost."""
        if self._timer is not None:
            self._timer.cancel()

    def _go_on(self, number: int) -> None:
        last = number == len(self._script.steps)
        seconds = self._script.silence if last else self._script.steps[number].after
        act = self._end if last else partial(self._write, number)
        if seconds:
            self._timer = self._loop.call_later(seconds, act)
        else:
            act()

    def _write(self, number: int) -> None:
        self._transport.write(self._script.steps[number].data)
        self._go_on(number + 1)

    def _end(self) -> None:
        if self._script.number:
            self._waited_out(self._script.number)
        if self._script.end is End.KEEP:
            self._done()
        elif self._script.end is End.CLOSE:
            self._close()
        else:  # a listening socket cannot refuse a connection; a reset is the nearest
            reset(self._transport)

    def _close(self) -> None:
        if self._script.steps or not self._transport.can_write_eof():  # as TLS, which ends in both directions at once
            self._transport.close()
            return
        # The system resets a connection closed with unread bytes, so let the client see the end first.
        self._transport.write_eof()
        self._timer = self._loop.call_later(_LINGER, self._transport.close)


def reset(transport: asyncio.Transport) -> None:
    """Close the connection of `transport` with a reset."""
    with suppress(OSError, AttributeError):
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
    transport.abort()

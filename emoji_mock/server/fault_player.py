"""Acting out on a real socket what a script says: silence, bytes, and an end that may be none of HTTP's."""

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
    """Plays `script` on `transport`; `sat_through` hears of its end, `done` when the connection can go on."""

    def __init__(
        self,
        script: Script,
        transport: asyncio.Transport,
        loop: asyncio.AbstractEventLoop,
        sat_through: Callable[[int], None],
        done: Callable[[], None],
    ) -> None:
        self._script, self._transport, self._loop = script, transport, loop
        self._sat_through, self._done = sat_through, done
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Begin."""
        self._go_on(0)

    @property
    def speaks(self) -> bool:
        """Whether it ends with bytes, and not in silence."""
        return bool(self._script.steps) and not self._script.silence

    def stop(self) -> None:
        """Play no more: the connection is gone."""
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
            self._sat_through(self._script.number)
        if self._script.end is End.KEEP:
            self._done()
        elif self._script.end is End.CLOSE:
            self._close()
        else:  # a socket that listens cannot refuse; to be reset is the nearest that it can do
            _reset(self._transport)

    def _close(self) -> None:
        if self._script.steps:
            self._transport.close()
            return
        # What is closed with some of the request unread is reset by the system: the caller shall see the end first.
        self._transport.write_eof()
        self._timer = self._loop.call_later(_LINGER, self._transport.close)


def _reset(transport: asyncio.Transport) -> None:
    with suppress(OSError, AttributeError):
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
    transport.abort()

"""Find the end of a request whose body is passed on as it comes."""

from __future__ import annotations

import h11

_SWITCHED = b"HTTP/1.1 101"


class RequestBody:
    """The body of a request of which `parser` has returned the head.

    What a client sends behind it may be for another host, so it is not passed on.
    """

    def __init__(self, parser: h11.Connection, *, upgrade: bool) -> None:
        self._parser, self._upgrade = parser, upgrade
        self._complete = False
        self._passes_all = False
        self._status_line = b""
        self.first = self._part_of(parser.trailing_data[0])
        """What has come of it together with the head."""

    def take(self, data: bytes) -> bytes | None:
        """Return what of `data` belongs to the request; None if the client goes on where the server did not switch."""
        if self._passes_all:
            return data
        if self._complete:
            return None if self._upgrade else b""
        self._parser.receive_data(data)
        return self._part_of(data)

    def answered(self, data: bytes) -> None:
        """Note the begin of the response: behind 101 all bytes are passed on."""
        if self._upgrade and len(self._status_line) < len(_SWITCHED):
            self._status_line += data[: len(_SWITCHED) - len(self._status_line)]
            self._passes_all |= self._status_line == _SWITCHED

    def _part_of(self, data: bytes) -> bytes:
        try:
            while True:
                event = self._parser.next_event()
                if isinstance(event, h11.EndOfMessage):
                    self._complete = True
                    return data[: len(data) - len(self._parser.trailing_data[0])]
                if event is h11.NEED_DATA:
                    return data
        except h11.RemoteProtocolError:
            self._passes_all = True  # let the server judge what is wrong with it
            return data

"""The protocol for a fake that may wait for a store in another process: one connection waits, the loop does not."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from emoji_mock._support.threads.suspension import start_call
from emoji_mock.contract.exchange import Response
from emoji_mock.fake.network.script import script, serialise
from emoji_mock.fake.port import ask
from emoji_mock.server.protocols.known_heads import KnownHeadProtocol

if TYPE_CHECKING:
    from emoji_mock.contract.exchange import SocketRequest


class _Pending:
    """Stands where a player of faults does while an answer is awaited: what the client sends meanwhile is held."""

    sends_bytes = True

    def stop(self) -> None:
        """Do nothing: the call takes effect, although its caller is gone."""


class SuspendedProtocol(KnownHeadProtocol):
    """The protocol for a fake that may wait for its store; subclass it with a `fake`, `bodies` and `layouts`."""

    def _answer(self, request: SocketRequest) -> None:
        """Answer a whole request, by and by."""
        pending: Any = _Pending()
        self._player = pending
        start_call(partial(self._finish, pending, request))

    def _finish(self, pending: object, request: SocketRequest) -> None:
        reply = ask(self.fake, request)
        if self._player is not pending:
            return  # the connection is lost
        if isinstance(reply, Response) and not reply.delay:
            self.transport.write(serialise(reply))
            self._played()
            return
        self._player = None
        self.play(script(request.method, reply))

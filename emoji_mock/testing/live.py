"""A server for a whole session of tests, whose fake changes from test to test."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, cast

from emoji_mock.doors.server.run import bind, server
from emoji_mock.fake.service import Fake

if TYPE_CHECKING:
    from emoji_mock.contract.exchange import Request, Response
    from emoji_mock.contract.row import Row
    from emoji_mock.fake.store import Store

STOP_SECONDS = 5.0


class Relay:
    """Stands where a server expects a fake, and hands everything on to the fake of the test that runs."""

    def __init__(self) -> None:
        self.fake = self._nobody = Fake()

    @property
    def store(self) -> Store:
        """The memory of the fake that answers now."""
        return self.fake.store

    def answer(self, request: Request) -> Response:
        """Return what the fake of the test that runs says."""
        return self.fake.answer(request)

    def refuse(self, row: Row) -> Response:
        """Return the answer of `row` outside any call."""
        return self.fake.refuse(row)

    def leave(self) -> None:
        """Let nobody's fake answer: whoever still calls is in no test's journal."""
        self.fake = self._nobody


class LiveServer:
    """A server in a thread of its own on a free loopback port; it listens before the constructor returns."""

    def __init__(self) -> None:
        self.relay = Relay()
        listener = bind("127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self._running = server(cast("Fake", self.relay))
        sockets = {"sockets": [listener]}
        self._thread = threading.Thread(target=self._running.run, kwargs=sockets, name="emoji-mock", daemon=True)
        self._thread.start()
        while not self._running.started and self._thread.is_alive():
            time.sleep(0.0005)

    def stop(self) -> None:
        """End the server."""
        self._running.should_exit = True
        self._thread.join(STOP_SECONDS)

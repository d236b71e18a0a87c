"""A server for a whole session of tests, whose fake changes from test to test."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

from emoji_mock._support import active_fakes
from emoji_mock.assembly import Fake
from emoji_mock.contract.rows import service
from emoji_mock.server.run import bind, server

if TYPE_CHECKING:
    from collections.abc import Generator

    from emoji_mock.contract.exchange import Reply, Request, Response
    from emoji_mock.contract.row import Row
    from emoji_mock.fake.options import Options
    from emoji_mock.fake.store.ports import Store

STOP_SECONDS = 5.0


class Relay:
    """Stands where a server expects a fake, and hands everything on to the fake of the test that runs."""

    def __init__(self) -> None:
        self._nobody = Fake()
        self._fakes: list[Fake] = []

    @property
    def fake(self) -> Fake:
        """The fake that answers now: that of the innermost fixture, or one that is nobody's."""
        return self._fakes[-1] if self._fakes else self._nobody

    @property
    def store(self) -> Store:
        """The memory of the fake that answers now."""
        return self.fake.store

    @property
    def options(self) -> Options:
        """How the fake that answers now behaves."""
        return self.fake.options

    def answer(self, request: Request) -> Reply:
        """Return what the fake of the test that runs says; between tests the service is unavailable."""
        return self.fake.answer(request) if self._fakes else self._nobody.refuse(service.UNAVAILABLE)

    def refuse(self, row: Row) -> Response:
        """Return the answer of `row` outside any call."""
        return self.fake.refuse(row)

    @contextmanager
    def turned_to(self, fake: Fake) -> Generator[None]:
        """Let `fake` answer, and then whoever did before."""
        self._fakes.append(fake)
        try:
            yield
        finally:
            self._fakes.remove(fake)


class LiveServer:
    """A server in a thread of its own on a free loopback port; it listens before the constructor returns."""

    def __init__(self) -> None:
        self.relay = Relay()
        listener = bind("127.0.0.1", 0)
        self._address = listener.getsockname()
        self.url = f"http://127.0.0.1:{self._address[1]}"
        self._running = server(cast("Fake", self.relay))
        sockets = {"sockets": [listener]}
        self._thread = threading.Thread(target=self._running.run, kwargs=sockets, name="emoji-mock", daemon=True)
        self._thread.start()
        while not self._running.started and self._thread.is_alive():
            time.sleep(0.0005)

    def stop(self) -> None:
        """End the server."""
        active_fakes.leave(self._address)
        self._running.should_exit = True
        self._thread.join(STOP_SECONDS)

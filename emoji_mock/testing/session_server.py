"""A server for a whole test session, whose fake changes from test to test."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager, suppress
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING

from emoji_mock._support import active_fakes, real_time
from emoji_mock._support.threads import native
from emoji_mock.assembly import Fake
from emoji_mock.contract.rows import service
from emoji_mock.server.run import bind, server

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Generator

    from emoji_mock.contract.exchange import Reply, Request, Response
    from emoji_mock.contract.row import Row
    from emoji_mock.fake.endpoints.registry import EndpointRegistry
    from emoji_mock.fake.options import Options
    from emoji_mock.fake.port import PortClock, Preparation
    from emoji_mock.fake.rules.active_rule import ActiveRule
    from emoji_mock.fake.rules.scenario import Scenario
    from emoji_mock.fake.store.ports import Store

STOP_SECONDS = 5.0


class Relay:
    """A fake that delegates to the fake of the test that runs; between tests the service is unavailable."""

    def __init__(self) -> None:
        self._idle = Fake()
        self._fakes: list[Fake] = []

    @property
    def fake(self) -> Fake:
        """The fake of the innermost fixture, or an unused one between tests."""
        return self._fakes[-1] if self._fakes else self._idle

    @property
    def clock(self) -> PortClock:
        """The clock of the current fake."""
        return self.fake.clock

    @property
    def store(self) -> Store:
        """The store of the current fake."""
        return self.fake.store

    @property
    def options(self) -> Options:
        """The options of the current fake."""
        return self.fake.options

    @property
    def scenario(self) -> Scenario | None:
        """The scenario of the current fake."""
        return self.fake.scenario

    @property
    def waited_out(self) -> Callable[[int], None]:
        """`waited_out` of the current fake. A fault keeps it, because it may end when the next test runs."""
        return self.fake.waited_out

    def prepare(self, head: Request) -> Preparation:
        """Return what the current fake says of `head`."""
        return self.fake.prepare(head)

    def answer(self, request: Request) -> Reply:
        """Return the reply of the current fake."""
        return self.fake.answer(request) if self._fakes else self._idle.refuse(service.UNAVAILABLE)

    def refuse(self, row: Row) -> Response:
        """Return the response of `row`; nothing is recorded."""
        return self.fake.refuse(row)

    @property
    def registry(self) -> EndpointRegistry:
        """The endpoints of the current fake."""
        return self.fake.registry

    def play(self, scenario: Scenario) -> list[ActiveRule]:
        """Play `scenario` on the current fake."""
        return self.fake.play(scenario)

    def reset(self, namespace: str | None = None) -> None:
        """Reset the current fake."""
        self.fake.reset(namespace)

    @contextmanager
    def turned_to(self, fake: Fake) -> Generator[None]:
        """Delegate to `fake` inside the context, and to the previous one after it."""
        self._fakes.append(fake)
        try:
            yield
        finally:
            self._fakes.remove(fake)


class LiveServer:
    """A server in its own thread on a free loopback port; it listens before the constructor returns.

    The thread is one of the operating system's, also under gevent, where only uvloop runs in it. Raises RuntimeError
    where it cannot be served.
    """

    def __init__(self) -> None:
        green = _green_library()
        self.relay = Relay()
        listener = bind("127.0.0.1", 0)
        self._address = listener.getsockname()
        self.url = f"http://127.0.0.1:{self._address[1]}"
        if green:
            listener = native.original("socket", "socket")(fileno=listener.detach())
        self._running = server(self.relay)
        self._runner = asyncio.Runner(loop_factory=_new_loop)
        self._stopped = asyncio.Event()
        self._ended = threading.Event()
        self._running.main_loop = self._wait  # type: ignore[method-assign]
        native.start(partial(self._run, listener), "emoji-mock", daemon=True)
        while not self._running.started and not self._ended.is_set():
            real_time.sleep(0.0005)

    @property
    def is_running(self) -> bool:
        """Whether its thread still runs."""
        return not self._ended.is_set()

    def stop(self) -> None:
        """Stop the server."""
        active_fakes.leave(self._address)
        with suppress(RuntimeError):  # it has ended by itself
            self._runner.get_loop().call_soon_threadsafe(self._stopped.set)
        self._ended.wait(STOP_SECONDS)

    def _run(self, listener: socket.socket) -> None:
        try:
            with self._runner:
                self._runner.run(self._running.serve(sockets=[listener]))
        finally:
            self._ended.set()

    async def _wait(self) -> None:
        """Wait for the end, not by looking every 0.1 s: a test may replace `asyncio.sleep` in this process."""
        await self._stopped.wait()


def _green_library() -> str:
    """Return "gevent" if it has replaced the threads of this process, or "". Raises RuntimeError."""
    library = native.threads_replaced_by()
    if library == "eventlet" or (library and find_spec("uvloop") is None):
        needs = "needs uvloop" if library == "gevent" else "cannot be served"
        raise RuntimeError(
            f"emoji_server {needs} where {library} has replaced the threads of this process: use emoji_api, which"
            " answers in the process, or start `emoji-mock serve` beside the tests"
        )
    return library


def _new_loop() -> asyncio.AbstractEventLoop:
    """Return an event loop whose clock no test holds: uvloop's is in C."""
    if find_spec("uvloop") is None:
        loop = asyncio.new_event_loop()
        loop.time = real_time.monotonic  # type: ignore[method-assign]
        return loop
    from uvloop import new_event_loop  # noqa: PLC0415 - not everywhere

    fast: asyncio.AbstractEventLoop = new_event_loop()
    if native.threads_replaced_by():
        from emoji_mock._support.threads.executor import NativeExecutor  # noqa: PLC0415 - under gevent only

        fast.set_default_executor(NativeExecutor())
    return fast

"""A server in a thread of its own, beside what this process does otherwise."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, TypeVar

from emoji_mock._support import active_fakes, real_time
from emoji_mock._support.threads import native
from emoji_mock.server.run import bind, server

if TYPE_CHECKING:
    import socket
    from collections.abc import Coroutine

    from emoji_mock.server.access import KnownHosts
    from emoji_mock.server.control.probes import Scrape
    from emoji_mock.server.control.steered import SteeredFake

T = TypeVar("T")

STOP_SECONDS = 5.0
"""How long the end of the thread is waited for."""


class ServerThread:
    """A server of `fake` in its own thread on `listener`, or on a free port of loopback.

    It listens before the constructor returns. The thread is one of the operating system's, also under gevent, where
    only uvloop runs in it. Raises RuntimeError where it cannot be served.
    """

    def __init__(
        self,
        fake: SteeredFake,
        listener: socket.socket | None = None,
        hosts: KnownHosts | None = None,
        *,
        page: bool = True,
        scrape: Scrape | None = None,
    ) -> None:
        green = _green_library()
        bound = listener or bind("127.0.0.1", 0)
        self._address = bound.getsockname()
        self.port: int = self._address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        if green:
            bound = native.original("socket", "socket")(fileno=bound.detach())
        self.server = server(fake, hosts, page=page, scrape=scrape)
        self._runner = asyncio.Runner(loop_factory=_new_loop)
        self._stopped = asyncio.Event()
        self._ended = threading.Event()
        self.server.main_loop = self._wait  # type: ignore[method-assign]
        native.start(partial(self._run, bound), "emoji-mock", daemon=True)
        while not self.server.started and not self._ended.is_set():
            real_time.sleep(0.0005)

    @property
    def is_running(self) -> bool:
        """Whether its thread still runs."""
        return not self._ended.is_set()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run `work` in the loop of the server, and return what it returns."""
        loop = self._runner.get_loop()
        tasks: list[asyncio.Task[T]] = []
        loop.call_soon_threadsafe(lambda: tasks.append(loop.create_task(work)))
        # Not by a future of another thread, whose lock would be one of gevent's.
        while not (tasks and tasks[0].done()):
            if not self.is_running:
                raise RuntimeError("the server has ended")
            real_time.sleep(0.0005)
        return tasks[0].result()

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Stop the server, and wait up to `seconds` until it has ended."""
        active_fakes.leave(self._address)
        with suppress(RuntimeError):  # it has ended by itself
            self._runner.get_loop().call_soon_threadsafe(self._stopped.set)
        self._ended.wait(seconds)

    def _run(self, listener: socket.socket) -> None:
        try:
            with self._runner:
                self._runner.run(self.server.serve(sockets=[listener]))
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

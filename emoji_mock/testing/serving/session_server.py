"""A server for a whole test session, whose fake changes from test to test."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from emoji_mock.assembly import Fake
from emoji_mock.contract.rows import service
from emoji_mock.programs.server_thread import STOP_SECONDS, ServerThread
from emoji_mock.testing.serving.program_listeners import ProgramListeners

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from emoji_mock.contract.exchange import Reply, Request, Response
    from emoji_mock.contract.row import Row
    from emoji_mock.fake.clock import Clock
    from emoji_mock.fake.endpoints.registry import EndpointRegistry
    from emoji_mock.fake.options import Options
    from emoji_mock.fake.port import PortClock, Preparation
    from emoji_mock.fake.rules.active_rule import ActiveRule
    from emoji_mock.fake.rules.scenario import Scenario
    from emoji_mock.fake.store.ports import Store


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

    @property
    def suspends(self) -> bool:
        """Whether the current fake may wait for a store."""
        return self.fake.suspends

    def leave_loop(self) -> None:
        """Close what the current fake has open for the running event loop."""
        self.fake.leave_loop()

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

    @property
    def store_address(self) -> str:
        """Where the store of the current fake is, if it is shared."""
        return self.fake.store_address

    def refresh(self) -> None:
        """Let the current fake take over what holds for all replicas."""
        self.fake.refresh()

    def settable_clock(self) -> Clock:
        """Return the clock of the current fake."""
        return self.fake.settable_clock()

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


class LiveServer(ServerThread):
    """A server in its own thread on a free loopback port; `relay` says which fake answers.

    `explained` turns the error where the listeners for programs cannot be opened into the exception to raise.
    """

    def __init__(self, explained: Callable[[Exception], BaseException] = lambda error: error) -> None:
        self.relay = Relay()
        super().__init__(self.relay)
        self.programs = ProgramListeners(self, explained)
        """How unmodified programs reach it."""

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Close the listeners for programs, stop the server, and wait up to `seconds` until it has ended."""
        self.programs.close()
        super().stop(seconds)

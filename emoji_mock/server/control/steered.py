"""The interface of a fake to the server: the port for the vendor's API, and what the control API reads and changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from emoji_mock.fake.port import FakePort

if TYPE_CHECKING:
    from emoji_mock.fake.clock import Clock
    from emoji_mock.fake.endpoints.registry import EndpointRegistry
    from emoji_mock.fake.options import Options
    from emoji_mock.fake.rules.active_rule import ActiveRule
    from emoji_mock.fake.rules.scenario import Scenario
    from emoji_mock.fake.store.ports import Store


class SteeredFake(FakePort, Protocol):
    """A fake, or what delegates to one, such as the server of a whole test session."""

    @property
    def store(self) -> Store:
        """The rules, limits, journal, ledger, uploads and tasks."""
        ...

    @property
    def options(self) -> Options:
        """The behaviour in force."""
        ...

    @property
    def scenario(self) -> Scenario | None:
        """The scenario that is played."""
        ...

    @property
    def registry(self) -> EndpointRegistry:
        """The endpoints."""
        ...

    @property
    def store_address(self) -> str:
        """Where the store is, without its password, if other replicas use it, too; else empty."""
        ...

    def refresh(self) -> None:
        """Take over `scenario`, `options` and `clock` as they hold for all replicas now."""
        ...

    def settable_clock(self) -> Clock:
        """Return a clock that can be frozen and advanced. Raises ValueError where the fake's own cannot be replaced."""
        ...

    def play(self, scenario: Scenario) -> list[ActiveRule]:
        """Replace the rules, limits and latency for everyone by those of `scenario`. Raises ValueError."""
        ...

    def reset(self, namespace: str | None = None) -> None:
        """Clear the state of `namespace`, or of all."""
        ...

"""A fake whose state is in a store that it shares with other replicas."""

from __future__ import annotations

import time
from dataclasses import replace
from random import Random
from secrets import token_bytes
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct, structs

from emoji_mock.assembly import Fake
from emoji_mock.fake.clock import Clock, ClockSetting, Waited
from emoji_mock.fake.network.random_source import RandomSource
from emoji_mock.fake.rules.active_rule import EVERYONE
from emoji_mock.fake.rules.scenario import Scenario
from emoji_mock.fake.store.ports import StaleStateError, StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from emoji_mock.contract.exchange import Reply, Request
    from emoji_mock.fake.accounting.journal import Entry
    from emoji_mock.fake.options import Options
    from emoji_mock.fake.rules.active_rule import ActiveRule
    from emoji_mock.stores.valkey.store import ValkeyStore

ATTEMPTS = 50
"""How often a call is answered again because rules, limits or settings changed meanwhile."""
_KEY_BYTES = 32


class SharedSettings(Struct, frozen=True, omit_defaults=True):
    """What holds for all replicas beside rules and limits: the scenario played, the lasting one, and the clock."""

    scenario: Scenario | None = None
    lasting: Scenario | None = None
    clock: ClockSetting | None = None


class SharedClock(Clock):
    """A clock that is set for all replicas: `change` applies a change to the clock that holds for all."""

    def __init__(self, change: Callable[[Callable[[Clock], object]], None]) -> None:
        super().__init__()
        self._change = change

    def freeze(self, at: float | None = None) -> None:
        """Freeze the time for all replicas. Raises ValueError for one that is in no calendar."""
        self._change(lambda clock: clock.freeze(at))

    def unfreeze(self) -> None:
        """Let a frozen time run on for all replicas."""
        self._change(Clock.unfreeze)

    def restore(self) -> None:
        """Return to the real time, for all replicas."""
        self._change(Clock.restore)

    def advance(self, seconds: float) -> Waited:
        """Advance the clock of all replicas. Raises ValueError for a negative number, and beyond the calendar."""
        self._change(lambda clock: clock.advance(seconds))
        return Waited()

    def reach(self, at: float) -> None:
        """Advance the frozen clock of all replicas to a second since the epoch, unless it is later already."""
        self._change(lambda clock: clock.reach(at))


class SharedFake(Fake):
    """A fake as `Fake`, with a store that other replicas use, too. Scenario, clock and the signing key are theirs.

    With a seed, request ids and chance depend on how many replicas came before this one, so that no two make the same.
    Raises StoreUnavailableError.
    """

    suspends = True
    store: ValkeyStore

    def __init__(
        self, options: Options, store: ValkeyStore, *, listener: Callable[[Entry], None] | None = None
    ) -> None:
        if options.policy_key is None:
            options = replace(options, policy_key=store.policy_key(token_bytes(_KEY_BYTES)))
        super().__init__(options, store=store, clock=time.time, listener=listener)
        self._make_clock = lambda: SharedClock(self._change_clock)
        if options.seed is not None:
            seed = f"{options.seed} {store.replica}"
            self._random = Random(seed)  # noqa: S311 - request ids are not secret
            self._random_source = self._first_random_source = RandomSource(seed)
        self._settings, self._packed = SharedSettings(), b""
        self._has_joined = False
        self._follow()

    def answer(self, request: Request) -> Reply:
        """Return what the vendor would send to `request`, by the rules, limits and settings that hold for all now."""
        engine = self.store.engine
        for _ in range(ATTEMPTS):
            epoch = self._follow()
            try:
                with engine.relying(epoch):
                    return super().answer(request)
            except StaleStateError:
                self.store.refresh()
        raise StoreUnavailableError(
            f"the rules at {engine.address} change too fast for an answer; change them less often"
        )

    @property
    def store_address(self) -> str:
        """Where the store is, without its password."""
        return str(self.store.engine.address)

    def leave_loop(self) -> None:
        """Close the connection of the running event loop to the engine."""
        self.store.engine.leave_loop()

    def refresh(self) -> None:
        """Take over scenario, limits and clock as they hold for all replicas now. Raises StoreUnavailableError."""
        self.store.refresh()
        self._follow()

    def play(self, scenario: Scenario, *, lasting: bool = False) -> list[ActiveRule]:
        """Replace everyone's rules, limits and latency by those of `scenario`, for all replicas.

        A `lasting` one is played again after a reset. One that the replicas play already changes nothing, nor does an
        empty one the first time: a replica that joins leaves the others' rules as they are.
        """
        if lasting:
            self.refresh()
            is_joining, self._has_joined = not self._has_joined, True
            self._lasting = scenario
            if self._packed and (scenario == self._settings.lasting or (is_joining and scenario == Scenario())):
                return self.store.rules(EVERYONE)
        active_rules = self.store.replace_rules(list(scenario.rules))
        self.store.set_limits(None)
        own = {"lasting": scenario} if lasting else {}
        self._share(lambda settings: structs.replace(settings, scenario=scenario, **own))
        return active_rules

    def reset(self, namespace: str | None = None) -> None:
        """Forget the state of `namespace`; or of all, with scenario and set time. Play a lasting scenario again."""
        self.store.reset(namespace)
        self._random_source.clear(namespace)
        if namespace is not None:
            return
        self._share(lambda settings: SharedSettings(scenario=settings.lasting, lasting=settings.lasting))
        lasting = self._settings.lasting
        if lasting is not None:
            self.store.replace_rules(list(lasting.rules))

    def _change_clock(self, change: Callable[[Clock], object]) -> None:
        def changed(settings: SharedSettings) -> SharedSettings:
            clock = Clock()
            clock.follow(settings.clock or ClockSetting())
            change(clock)
            return structs.replace(settings, clock=clock.setting)

        self._share(changed)

    def _share(self, change: Callable[[SharedSettings], SharedSettings]) -> None:
        """Change what holds for all replicas; if another one changes it meanwhile, change what holds then."""
        engine = self.store.engine
        for _ in range(ATTEMPTS):
            self.store.refresh()
            epoch = self._follow()
            settings = change(self._settings)
            try:
                with engine.relying(epoch):
                    self.store.share_settings(msgspec.msgpack.encode(settings))
            except StaleStateError:
                continue
            self.refresh()
            return
        raise StoreUnavailableError(f"the settings at {engine.address} change too fast to be set; try again")

    def _follow(self) -> str:
        """Apply the settings of the store, if they have changed, and return the epoch at which they hold.

        Play the lasting scenario if the store has lost all.
        """
        state = self.store.engine.state
        if state.settings != self._packed:
            self._apply(state.settings)
        return state.epoch

    def _apply(self, packed: bytes) -> None:
        if not packed:
            self._settings, self._packed = SharedSettings(), b""
            self.play(self._lasting or Scenario(), lasting=True)
            return
        before, settings = self._settings, msgspec.msgpack.decode(packed, type=SharedSettings)
        if settings.lasting is not None:  # of the replica that reloaded its files last
            self._lasting = settings.lasting
        if settings.scenario != before.scenario or before == SharedSettings():
            self._behave_as(settings.scenario or Scenario(latency=self._at_first.latency, limits=self._at_first.limits))
            self.scenario = settings.scenario
        self.store.engine.is_frozen = settings.clock is not None and settings.clock.stopped is not None
        if settings.clock is not None:
            self.settable_clock().follow(settings.clock)
        elif self._set_clock is not None:
            self._set_clock.follow(ClockSetting())
        # Not before: a call in another thread would be answered by what held before.
        self._settings, self._packed = settings, packed

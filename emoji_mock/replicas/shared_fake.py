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
    """A clock that passes on how it was set."""

    def __init__(self, publish: Callable[[ClockSetting], None]) -> None:
        super().__init__()
        self._publish = publish

    def freeze(self, at: float | None = None) -> None:
        """Freeze the time for all replicas. Raises ValueError for one that is in no calendar."""
        super().freeze(at)
        self._publish(self.setting)

    def unfreeze(self) -> None:
        """Let a frozen time run on for all replicas."""
        super().unfreeze()
        self._publish(self.setting)

    def restore(self) -> None:
        """Return to the real time, for all replicas."""
        super().restore()
        self._publish(self.setting)

    def advance(self, seconds: float) -> Waited:
        """Advance the clock of all replicas. Raises ValueError for a negative number, and beyond the calendar."""
        waited = super().advance(seconds)
        self._publish(self.setting)
        return waited


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
        if options.seed is not None:
            seed = f"{options.seed} {store.replica}"
            self._random = Random(seed)  # noqa: S311 - request ids are not secret
            self._random_source = self._first_random_source = RandomSource(seed)
        self._settings, self._packed = SharedSettings(), b""
        self._follow()

    def answer(self, request: Request) -> Reply:
        """Return what the vendor would send to `request`, by the rules, limits and settings that hold for all now."""
        engine = self.store.engine
        for _ in range(ATTEMPTS):
            self._follow()
            engine.rely()
            try:
                return super().answer(request)
            except StaleStateError:
                self.store.refresh()
            finally:
                engine.rely(on_state=False)
        raise StoreUnavailableError(f"the rules at {engine.address} change all the time")

    def refresh(self) -> None:
        """Read from the store what holds for all replicas now."""
        self.store.refresh()
        self._follow()

    def play(self, scenario: Scenario, *, lasting: bool = False) -> list[ActiveRule]:
        """Replace everyone's rules, limits and latency by those of `scenario`, for all replicas.

        A `lasting` one is played again after a reset. One that the replicas play already, or an empty one, changes
        nothing: a replica that joins leaves the others' rules as they are.
        """
        if lasting:
            self._lasting = scenario
            if self._packed and scenario in (Scenario(), self._settings.lasting):
                return self.store.rules(EVERYONE)
        active_rules = self.store.replace_rules(list(scenario.rules))
        self.store.set_limits(None)
        own = scenario if lasting else self._settings.lasting
        self._share(structs.replace(self._settings, scenario=scenario, lasting=own))
        return active_rules

    def reset(self, namespace: str | None = None) -> None:
        """Forget the state of `namespace`; or of all, with scenario and set time. Play a lasting scenario again."""
        self.store.reset(namespace)
        self._random_source.clear(namespace)
        if namespace is not None:
            return
        lasting = self._settings.lasting
        self._share(SharedSettings(scenario=lasting, lasting=lasting))
        if lasting is not None:
            self.store.replace_rules(list(lasting.rules))

    def _make_clock(self) -> Clock:
        return SharedClock(lambda setting: self._share(structs.replace(self._settings, clock=setting)))

    def _share(self, settings: SharedSettings) -> None:
        self.store.share_settings(msgspec.msgpack.encode(settings))
        self.refresh()

    def _follow(self) -> None:
        """Apply the settings of the store, if they have changed; play the lasting scenario if it has lost all."""
        packed = self.store.engine.state.settings
        if packed == self._packed:
            return
        self._packed = packed
        if not packed:
            self._settings = SharedSettings()
            self.play(self._lasting or Scenario(), lasting=True)
            return
        before, self._settings = self._settings, msgspec.msgpack.decode(packed, type=SharedSettings)
        settings = self._settings
        if settings.scenario != before.scenario or before == SharedSettings():
            self._behave_as(settings.scenario or Scenario(latency=self._at_first.latency, limits=self._at_first.limits))
            self.scenario = settings.scenario
        if settings.clock is not None:
            self.settable_clock().follow(settings.clock)
        elif self._set_clock is not None:
            self._set_clock.follow(ClockSetting())

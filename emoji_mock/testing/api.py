"""The API of a test: `passes`, `fails`, `errors`, `when`, and assertions about calls and costs."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Unpack

from emoji_mock._support import real_time
from emoji_mock._support.event_loops import in_event_loop
from emoji_mock.assembly import TASKS_AT_ONCE, Fake
from emoji_mock.fake.accounting.ledger import Ledger
from emoji_mock.fake.accounting.limits import LimitsGiven, make_limits
from emoji_mock.fake.clock import Clock
from emoji_mock.fake.rules.active_rule import EVERYONE
from emoji_mock.interceptors.registry import intercept as intercept_all
from emoji_mock.testing import cost as cost_module
from emoji_mock.testing import messages
from emoji_mock.testing.criteria import Criteria, check, misses
from emoji_mock.testing.decorator import ContextDecorator
from emoji_mock.testing.rule_registry import RuleRegistry, Steering

if TYPE_CHECKING:
    from collections.abc import Collection, Generator
    from decimal import Decimal

    from emoji_mock.fake.accounting.journal import Entry
    from emoji_mock.verdict.verdict import Verdict


class EmojiApi(Steering):
    """The fake in a test: set its answers, then inspect the calls and their cost."""

    def __init__(self, registry: RuleRegistry) -> None:
        super().__init__(registry)
        self.fake = registry.fake

    @property
    def clock(self) -> Clock:
        """The fake's clock: after `freeze()` waiting takes no time, and `advance(seconds)` lets time pass.

        Raises TypeError if the fake has a clock of another type.
        """
        if not isinstance(self.fake.clock, Clock):
            raise TypeError("this fake must have an emoji_mock.Clock for that; make it by Fake(clock=Clock())")
        return self.fake.clock

    def when(
        self,
        image_url: str | None = None,
        *,
        model: str | None = None,
        key: str | None = None,
        endpoint: str | None = None,
    ) -> Steering:
        """Return what adds rules for some calls: by image URL (shell pattern), model, key or endpoint (`task`)."""
        return Steering(self._registry, image_url=image_url, model=model, key=key, endpoint=endpoint)

    def limit(self, **limits: Unpack[LimitsGiven]) -> None:
        """Limit every account from now on; limits that are left out stay as they are, None lifts one.

        `rps`, `burst`, `concurrency`, `images` and `seconds` (the free tier of each model), `spend` (CNY), `task_qps`,
        `retry_after`, `documented` (the vendor's numbers for each model): see Limits.
        Raises TypeError for an unknown limit, ValueError for an invalid value.
        """
        __tracebackhide__ = True
        current = self.fake.store.limits_for(EVERYONE) or self.fake.options.limits
        try:
            self.fake.store.set_limits(make_limits(limits, current))
        except (TypeError, ValueError) as error:
            raise type(error)(str(error)) from None

    @property
    def calls(self) -> list[Entry]:
        """Every exchange so far, oldest first."""
        return self._registry.calls()

    @property
    def ledger(self) -> Ledger:
        """What the real service would have charged so far: images, seconds of video, and cost and saved in CNY."""
        total = Ledger()
        for ledger in self.fake.store.ledgers().values():
            total.add(ledger)
        return total

    @property
    def verdict(self) -> Verdict:
        """What the callers did wrong so far, the worst first: a list to print (see docs/explanations/verdict.md)."""
        from emoji_mock.verdict.verdict import judge  # noqa: PLC0415 - needed for a verdict only

        return judge(self.calls)

    def reset(self) -> None:
        """Drop rules, limits that were set here, the scenario, calls and costs."""
        self.fake.reset()

    def assert_called(self, times: int | None = None, **criteria: Unpack[Criteria]) -> None:
        """Fail unless there was a matching call, or exactly `times` of them."""
        __tracebackhide__ = True
        check(criteria)
        if times is not None and (type(times) is not int or times < 0):
            hint = f"a picture is image_url={str(times)!r}"
            raise TypeError(f"times: must be a whole number from 0 on, not {times!r}; {hint}")
        count = len(self._matching(criteria))
        if count == 0 if times is None else count != times:
            wanted = "a call" if times is None else f"{times} call{'s' * (times != 1)}"
            raise AssertionError(messages.wrong_count(wanted, criteria, count, self._registry))

    def assert_not_called(self, **criteria: Unpack[Criteria]) -> None:
        """Fail if there was a matching call."""
        __tracebackhide__ = True
        check(criteria)
        if count := len(self._matching(criteria)):
            raise AssertionError(messages.wrong_count("no call", criteria, count, self._registry))

    def assert_cost_at_most(self, *, images: int | None = None, cost: Decimal | str | None = None) -> None:
        """Fail if more images were billed, or more CNY than `cost` for images and videos together."""
        __tracebackhide__ = True
        try:
            cap = cost_module.read_cap(images, cost)
        except (TypeError, ValueError) as error:
            raise type(error)(str(error)) from None
        ledger = self.ledger
        if not cap.allows(ledger):
            raise AssertionError(cost_module.too_expensive(cap, ledger, self.calls))

    def assert_resilient(self, *, strict: bool = False, ignore: Collection[str] = ()) -> None:
        """Fail if a caller did something wrong, or with `strict` something wasteful or risky, or if there was no call.

        `ignore` names findings that do not count. Raises ValueError for an unknown name.
        """
        __tracebackhide__ = True
        verdict = self.verdict
        try:
            against = verdict.against(strict=strict, ignore=ignore)
        except ValueError as error:
            raise ValueError(str(error)) from None
        if against or not verdict.judged:
            raise AssertionError(messages.not_resilient(against, len(verdict) - len(against), self._registry))

    def wait_for_call(self, timeout: float = 2.0, **criteria: Unpack[Criteria]) -> Entry:
        """Return the first matching call; wait up to `timeout` seconds for a thread or another process to make it.

        Raises RuntimeError in an event loop, which would have to make the call itself.
        """
        __tracebackhide__ = True
        check(criteria)
        deadline = real_time.monotonic() + timeout
        while not (matching := self._matching(criteria)):
            if in_event_loop():
                raise RuntimeError(
                    "wait_for_call would block the event loop that has to make the call;"
                    " await asyncio.to_thread(emoji_api.wait_for_call), or use anyio.to_thread.run_sync"
                )
            if real_time.monotonic() > deadline:
                raise AssertionError(messages.wrong_count(f"a call within {timeout:g} s", criteria, 0, self._registry))
            real_time.sleep(0.005)
        return matching[0]

    def _matching(self, criteria: Criteria) -> list[Entry]:
        return [entry for entry in self.calls if not misses(criteria, entry)]


def intercept(fake: Fake | None = None) -> ContextDecorator[EmojiApi]:
    """Answer every call of this process to a host of the vendor's by `fake`, or by a fresh fake.

    A context manager that returns an EmojiApi, like the fixture `emoji_api`, and a decorator, sync and async: the fake
    answers until what the function returned is done (a coroutine, a generator, a future, a context manager).
    """
    return ContextDecorator(lambda: partial(_intercepting, RuleRegistry(fake or Fake(TASKS_AT_ONCE, clock=Clock()))))


@contextmanager
def _intercepting(registry: RuleRegistry) -> Generator[EmojiApi]:
    with registry.processes, intercept_all(registry.fake):
        yield EmojiApi(registry)

"""The words of a test: `passes`, `fails`, `errors`, `when`, and what must have been called."""

from __future__ import annotations

import time
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Unpack

from emoji_mock._support.event_loops import in_event_loop
from emoji_mock.assembly import Fake
from emoji_mock.contract.row import Outcome
from emoji_mock.fake.accounting.ledger import Ledger
from emoji_mock.fake.accounting.limits import LimitsGiven, make_limits
from emoji_mock.fake.clock import Clock
from emoji_mock.fake.network.latency import Latency, read_latency
from emoji_mock.fake.options import Options
from emoji_mock.fake.rules.active_rule import EVERYONE
from emoji_mock.fake.rules.rule import Rule
from emoji_mock.interceptors.registry import intercept as at_every_door
from emoji_mock.testing import cost as cost_module
from emoji_mock.testing import messages
from emoji_mock.testing.criteria import Criteria, check, misses
from emoji_mock.testing.decorator import ContextDecorator
from emoji_mock.testing.rule_registry import RuleRegistry

if TYPE_CHECKING:
    from collections.abc import Collection, Generator
    from decimal import Decimal

    from emoji_mock.contract.codes import Code
    from emoji_mock.fake.accounting.journal import Entry
    from emoji_mock.fake.network.faults import FaultKind
    from emoji_mock.verdict.verdict import Verdict


class Steering:
    """Says what calls get from now on; what was said last is tried first, and what stood before comes back after it."""

    def __init__(self, book: RuleRegistry, **criteria: str | None) -> None:
        self._book = book
        self._criteria: dict[str, Any] = criteria

    def passes(
        self,
        *,
        face: tuple[int, int, int, int] | None = None,
        image_size: tuple[int, int] | None = None,
        times: int | None = None,
    ) -> None:
        """Let pictures pass, with this face (x1, y1, x2, y2) or this size (width, height) in pixels."""
        __tracebackhide__ = True
        self._write(Outcome.PASSED, None, times, face=face, image_size=image_size)

    def fails(self, code: Code | str, *, times: int | None = None) -> None:
        """Let pictures (HTTP 200, billed) or tasks fail with `code`. Raises ValueError that names the nearest codes."""
        __tracebackhide__ = True
        self._write(Outcome.FAILED, code, times)

    def errors(self, code: Code | str, *, times: int | None = None, retry_after: int | None = None) -> None:
        """Refuse calls with `code` (4xx or 5xx, not billed); `retry_after` adds that header. Raises ValueError."""
        __tracebackhide__ = True
        self._write(Outcome.ERROR, code, times, retry_after=retry_after)

    def faults(
        self,
        kind: FaultKind | str,
        *,
        seconds: float | None = None,
        times: int | None = None,
        chance: float | None = None,
    ) -> None:
        """Let the network misbehave instead of answering; `seconds` is how long a stall or a drip takes.

        Raises ValueError, which names the kinds of fault that there are.
        """
        __tracebackhide__ = True
        self._write(None, None, times, fault=kind, seconds=seconds, chance=chance)

    def slow(self, latency: float | str | Latency, *, times: int | None = None, chance: float | None = None) -> None:
        """Hold answers back, whatever they are, for seconds or a distribution (`lognormal:0.2,0.5`); waits add up."""
        __tracebackhide__ = True
        self._write(None, None, times, latency=latency, chance=chance)

    def _write(self, outcome: Outcome | None, code: str | None, times: int | None, **rest: Any) -> None:  # noqa: ANN401
        __tracebackhide__ = True  # pytest then shows the line of the test
        try:
            if isinstance(rest.get("latency"), str):
                rest["latency"] = read_latency(rest["latency"])
            rule = Rule(outcome=outcome, code=code, times=times, **rest, **self._criteria)
        except ValueError as error:
            raise ValueError(f"{error}{messages.other_verb(outcome, code)}") from None
        self._book.write(rule)


class EmojiApi(Steering):
    """The fake as a test sees it: steer it, then look at what was called and what it would have cost."""

    def __init__(self, book: RuleRegistry) -> None:
        super().__init__(book)
        self.fake = book.fake

    @property
    def clock(self) -> Clock:
        """The fake's clock: `freeze()` it and waiting takes no time, `advance(seconds)` it and time has passed.

        Raises TypeError if the fake was given a clock of another kind.
        """
        if not isinstance(self.fake.clock, Clock):
            raise TypeError("this fake has a clock of its own; give it an emoji_mock.Clock: Fake(clock=Clock())")
        return self.fake.clock

    def when(
        self,
        image_url: str | None = None,
        *,
        model: str | None = None,
        key: str | None = None,
        endpoint: str | None = None,
    ) -> Steering:
        """Steer only calls like this: a shell pattern for the picture's URL, a model, a key, an endpoint (`task`)."""
        return Steering(self._book, image_url=image_url, model=model, key=key, endpoint=endpoint)

    def limit(self, **limits: Unpack[LimitsGiven]) -> None:
        """Hold every account to limits from now on; those that are not said stay, None lifts one.

        `rps`, `burst`, `concurrency`, `images` (the free tier), `spend` (CNY), `task_qps`, `retry_after`: see Limits.
        Raises TypeError for a limit that there is not, ValueError for a value that it cannot have.
        """
        __tracebackhide__ = True
        standing = self.fake.store.limits_for(EVERYONE) or self.fake.options.limits
        try:
            self.fake.store.set_limits(make_limits(limits, standing))
        except (TypeError, ValueError) as error:
            raise type(error)(str(error)) from None

    @property
    def calls(self) -> list[Entry]:
        """Every exchange so far, oldest first."""
        return self._book.calls()

    @property
    def ledger(self) -> Ledger:
        """What the real service would have charged so far: images, cost and saved (CNY)."""
        total = Ledger()
        for ledger in self.fake.store.ledgers().values():
            total.add(ledger)
        return total

    @property
    def verdict(self) -> Verdict:
        """What the callers did wrong so far, the worst first: a list that prints well (see docs/verdict.md)."""
        from emoji_mock.verdict.verdict import judge  # noqa: PLC0415 - only who asks for a verdict needs it

        return judge(self.calls)

    def reset(self) -> None:
        """Forget rules, limits that were set here, the scenario, calls and costs."""
        self.fake.reset()

    def assert_called(self, times: int | None = None, **criteria: Unpack[Criteria]) -> None:
        """Fail unless there was a matching call, or exactly `times` of them."""
        __tracebackhide__ = True
        check(criteria)
        if times is not None and (type(times) is not int or times < 0):
            raise TypeError(f"times: {times!r} is not a whole number from 0 on; a picture is image_url={str(times)!r}")
        fitting = len(self._fitting(criteria))
        if fitting == 0 if times is None else fitting != times:
            wanted = "a call" if times is None else f"{times} call{'s' * (times != 1)}"
            raise AssertionError(messages.wrong_count(wanted, criteria, fitting, self._book))

    def assert_not_called(self, **criteria: Unpack[Criteria]) -> None:
        """Fail if there was a matching call."""
        __tracebackhide__ = True
        check(criteria)
        if fitting := len(self._fitting(criteria)):
            raise AssertionError(messages.wrong_count("no call", criteria, fitting, self._book))

    def assert_cost_at_most(self, *, images: int | None = None, cost: Decimal | str | None = None) -> None:
        """Fail if more images were billed, or more CNY than `cost`."""
        __tracebackhide__ = True
        try:
            most = cost_module.most_images(images, cost)
        except (TypeError, ValueError) as error:
            raise type(error)(str(error)) from None
        ledger = self.ledger
        if ledger.images > most:
            raise AssertionError(cost_module.too_dear(most, ledger, self.calls))

    def assert_resilient(self, *, strict: bool = False, ignore: Collection[str] = ()) -> None:
        """Fail if a caller did something wrong; with `strict`, if it did something wasteful or risky, too.

        Or if nobody called. `ignore` names findings that do not count. Raises ValueError for a name that there is not.
        """
        __tracebackhide__ = True
        verdict = self.verdict
        try:
            against = verdict.against(strict=strict, ignore=ignore)
        except ValueError as error:
            raise ValueError(str(error)) from None
        if against or not verdict.judged:
            raise AssertionError(messages.not_resilient(against, len(verdict) - len(against), self._book))

    def wait_for_call(self, timeout: float = 2.0, **criteria: Unpack[Criteria]) -> Entry:
        """Return the first matching call, made already or within `timeout` seconds by a thread or another process.

        Raises RuntimeError in an event loop that would have to make the call itself.
        """
        __tracebackhide__ = True
        check(criteria)
        deadline = time.monotonic() + timeout
        while not (fitting := self._fitting(criteria)):
            if in_event_loop():
                raise RuntimeError(
                    "wait_for_call would keep this thread's event loop from making the call:"
                    " await asyncio.to_thread(emoji_api.wait_for_call), or anyio.to_thread.run_sync"
                )
            if time.monotonic() > deadline:
                raise AssertionError(messages.wrong_count(f"a call within {timeout:g} s", criteria, 0, self._book))
            time.sleep(0.005)
        return fitting[0]

    def _fitting(self, criteria: Criteria) -> list[Entry]:
        return [entry for entry in self.calls if not misses(criteria, entry)]


def intercept(fake: Fake | None = None) -> ContextDecorator[EmojiApi]:
    """Let `fake`, or a fresh one, answer every call of this process to one of the vendor's hosts.

    A context manager that gives what the fixture `emoji_api` gives, and a decorator, sync and async.
    """
    return ContextDecorator(partial(_intercepting, fake))


@contextmanager
def _intercepting(fake: Fake | None) -> Generator[EmojiApi]:
    book = RuleRegistry(fake or Fake(Options(time_scale=0), clock=Clock()))
    with at_every_door(book.fake):
        yield EmojiApi(book)


class EmojiServer(EmojiApi):
    """The same fake on a real socket: `url` is its root, `base_url` what the official SDK wants (with /api/v1)."""

    def __init__(self, book: RuleRegistry, url: str) -> None:
        super().__init__(book)
        self.url = book.url = url
        self.base_url = f"{url}/api/v1"

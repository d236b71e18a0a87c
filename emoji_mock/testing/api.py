"""The words of a test: `passes`, `fails`, `errors`, `when`, and what must have been called."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Unpack

from emoji_mock.contract.row import Outcome
from emoji_mock.fake.ledger import Ledger
from emoji_mock.fake.rules import Rule
from emoji_mock.testing import text
from emoji_mock.testing.criteria import Criteria, check, misses

if TYPE_CHECKING:
    from emoji_mock.contract.codes import Code
    from emoji_mock.fake.journal import Entry
    from emoji_mock.testing.book import Book


class Steering:
    """Says what calls get from now on; what was said last is tried first, and what stood before comes back after it."""

    def __init__(
        self, book: Book, *, image_url: str | None = None, model: str | None = None, key: str | None = None
    ) -> None:
        self._book = book
        self._criteria: dict[str, Any] = {"image_url": image_url, "model": model, "key": key}

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
        """Let pictures fail with `code` (HTTP 200, billed). Raises ValueError, which names the nearest codes."""
        __tracebackhide__ = True
        self._write(Outcome.FAILED, code, times)

    def errors(self, code: Code | str, *, times: int | None = None) -> None:
        """Refuse calls with `code` (4xx or 5xx, not billed). Raises ValueError, which names the nearest codes."""
        __tracebackhide__ = True
        self._write(Outcome.ERROR, code, times)

    def _write(self, outcome: Outcome, code: str | None, times: int | None, **picture: Any) -> None:  # noqa: ANN401
        __tracebackhide__ = True  # pytest then shows the line of the test
        try:
            rule = Rule(outcome=outcome, code=code, times=times, **picture, **self._criteria)
        except ValueError as error:
            raise ValueError(str(error)) from None
        self._book.write(rule)


class EmojiApi(Steering):
    """The fake as a test sees it: steer it, then look at what was called and what it would have cost."""

    def __init__(self, book: Book) -> None:
        super().__init__(book)
        self.fake = book.fake

    def when(self, *, image_url: str | None = None, model: str | None = None, key: str | None = None) -> Steering:
        """Steer only calls like this: a shell pattern for the picture's URL, a model, a key."""
        return Steering(self._book, image_url=image_url, model=model, key=key)

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

    def reset(self) -> None:
        """Forget rules, calls and costs."""
        self.fake.store.reset()

    def assert_called(self, times: int | None = None, **criteria: Unpack[Criteria]) -> None:
        """Fail unless there was a matching call, or exactly `times` of them."""
        __tracebackhide__ = True
        fitting = len(self._fitting(criteria))
        if fitting == 0 if times is None else fitting != times:
            wanted = "a call" if times is None else f"{times} call{'s' * (times != 1)}"
            raise AssertionError(text.wrong_count(wanted, criteria, fitting, self._book))

    def assert_not_called(self, **criteria: Unpack[Criteria]) -> None:
        """Fail if there was a matching call."""
        __tracebackhide__ = True
        if fitting := len(self._fitting(criteria)):
            raise AssertionError(text.wrong_count("no call", criteria, fitting, self._book))

    def wait_for_call(self, timeout: float = 2.0, **criteria: Unpack[Criteria]) -> Entry:
        """Return the first matching call, made already or within `timeout` seconds by a thread or another process."""
        __tracebackhide__ = True
        deadline = time.monotonic() + timeout
        while not (fitting := self._fitting(criteria)):
            if time.monotonic() > deadline:
                raise AssertionError(text.wrong_count(f"a call within {timeout:g} s", criteria, 0, self._book))
            time.sleep(0.005)
        return fitting[0]

    def _fitting(self, criteria: Criteria) -> list[Entry]:
        __tracebackhide__ = True
        check(criteria)
        return [entry for entry in self.calls if not misses(criteria, entry)]


class EmojiServer(EmojiApi):
    """The same fake on a real socket: `url` is its root, `base_url` what the official SDK wants (with /api/v1)."""

    def __init__(self, book: Book, url: str) -> None:
        super().__init__(book)
        self.url = url
        self.base_url = f"{url}/api/v1"

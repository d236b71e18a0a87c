"""What goes on for a whole run: the leak guard, and the sum of what was faked."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from pytest_emoji_mock import take_book

if TYPE_CHECKING:
    from collections.abc import Generator

    from emoji_mock.testing.guard import Guard

_SUM = "emoji_mock"


class Session:
    """One run of pytest, or one worker of it."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._guard: Guard | None = None
        self._calls = 0
        self._images = 0

    def pytest_runtestloop(self) -> None:
        """Stand guard while tests run."""
        from emoji_mock.testing.guard import Guard as LeakGuard  # noqa: PLC0415 - not needed to collect

        self._guard = LeakGuard()
        self._guard.install()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Open the guard for a test that may reach the vendor, and count what a test has faked."""
        if self._guard is not None:
            live = item.get_closest_marker("emoji_live") is not None
            self._guard.open = live and bool(self._config.getoption("emoji_live"))
            self._guard.where = f"{item.path}:{(item.location[1] or 0) + 1} ({item.name})"
        result = yield
        book = take_book(item)
        if book is not None:
            ledgers = book.fake.store.ledgers().values()
            self._calls += sum(ledger.images + ledger.errors for ledger in ledgers)
            self._images += sum(ledger.images for ledger in ledgers)
        return result

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self) -> Generator[None, Any, Any]:
        """Fail a test whose fixtures tried to reach the vendor."""
        return (yield from self._watching())

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self) -> Generator[None, Any, Any]:
        """Fail a test that tried to reach the vendor, even if its code swallowed the error."""
        return (yield from self._watching())

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self) -> Generator[None, Any, Any]:
        """Fail a test whose fixtures tried to reach the vendor when they ended."""
        return (yield from self._watching())

    def _watching(self) -> Generator[None, Any, Any]:
        try:
            result = yield
        except (KeyboardInterrupt, pytest.exit.Exception):
            raise
        except BaseException as error:
            self._tell_leaks(error)
            raise
        self._tell_leaks(None)
        return result

    def _tell_leaks(self, error: BaseException | None) -> None:
        leaks = self._guard.take() if self._guard is not None else []
        if not leaks:
            return
        lines = [
            *leaks,
            "Use the fixture emoji_api or emoji_server; or mark the test emoji_live and run with --emoji-live.",
        ]
        if error is not None and "past the fake" not in str(error):
            lines.append(f"The test itself ended with {type(error).__name__}: {error}")
        pytest.fail("\n".join(lines), pytrace=False)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Stop guarding; a worker hands its sums to the controller."""
        if self._guard is not None:
            self._guard.uninstall()
        output = getattr(session.config, "workeroutput", None)
        if output is not None:
            output[_SUM] = (self._calls, self._images)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:  # noqa: ANN401 - xdist's
        """Take the sums of a worker."""
        calls, images = getattr(node, "workeroutput", {}).get(_SUM, (0, 0))
        self._calls += calls
        self._images += images

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what was faked, in one line."""
        if not self._calls:
            return
        from emoji_mock.contract.endpoint import PRICE  # noqa: PLC0415

        spared = Decimal(self._images) * PRICE
        plural = "s" * (self._calls != 1)
        terminalreporter.write_line(f"emoji-mock: {self._calls} call{plural} faked, {spared} CNY not spent")

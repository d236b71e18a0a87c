"""The plugin of a whole run: the leak guard and the tally of faked calls."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from emoji_mock.fake.listeners import LISTENERS
from pytest_emoji_mock._late import OUTPUT, wait_for_threads
from pytest_emoji_mock._registry import drop_registry
from pytest_emoji_mock._tally import Spent, Tally

if TYPE_CHECKING:
    from collections.abc import Generator

    from emoji_mock.testing.lazy_guard import LazyGuard

_SPENT = "emoji_mock_spent"
_ADVICE = "Use the fixture emoji_api or emoji_server; or mark the test emoji_live and run with --emoji-live."


class Session:
    """One run of pytest, or of one of its workers."""

    def __init__(self, config: pytest.Config, guard: LazyGuard, max_images: int | None) -> None:
        self._config = config
        self._guard = guard
        self._late_leaks = ""
        self._worker_leaks: list[str] = []
        self._threads = frozenset(threading.enumerate())
        self.tally = Tally(max_images)
        LISTENERS.append(self.tally.put)

    def pytest_unconfigure(self) -> None:
        """Stop counting."""
        LISTENERS.remove(self.tally.put)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionstart(self) -> None:
        """End the run if a conftest file or a plugin tried to call the vendor. Raises UsageError."""
        if leaks := self._take_leaks():
            raise pytest.UsageError(leaks)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_make_collect_report(
        self, collector: pytest.Collector
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """Fail a module that tried to call the vendor when it was imported, even if it caught the error."""
        self._guard.step(str(collector.path))
        self._guard.renew()
        report = yield
        if (leaks := self._take_leaks()) and "past the fake" not in report.longreprtext:
            report.outcome, report.longrepr = "failed", leaks
        return report

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Let a live test call the vendor."""
        live = item.get_closest_marker("emoji_live") is not None
        where = f"{item.path}:{(item.location[1] or 0) + 1} ({item.name})"
        self._guard.step(where, is_open=live and bool(self._config.getoption("emoji_live")))
        result = yield
        self._guard.step(where)
        drop_registry(item)
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Add to the last report of a test what it has spent; xdist sends the reports of workers to the controller."""
        report = yield
        if call.when == "teardown" and any(spent := self.tally.take()):
            vars(report)[_SPENT] = list(spent)
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add what a test has spent to the tally."""
        self.tally.add(report.nodeid, Spent(*vars(report).get(_SPENT, ())))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self) -> Generator[None, Any, Any]:
        """Fail a test whose fixtures tried to call the vendor."""
        return (yield from self._failing_on_leaks())

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self) -> Generator[None, Any, Any]:
        """Fail a test that tried to call the vendor, even if its code caught the error."""
        return (yield from self._failing_on_leaks())

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self) -> Generator[None, Any, Any]:
        """Fail a test whose fixtures tried to call the vendor in their teardown."""
        return (yield from self._failing_on_leaks())

    def _failing_on_leaks(self) -> Generator[None, Any, Any]:
        self._guard.renew()  # whoever has put a function of `socket` back, as pytest-socket does after each test
        try:
            result = yield
        except (KeyboardInterrupt, pytest.exit.Exception):
            raise
        except BaseException as error:
            if leaks := self._take_leaks():
                own = (
                    ""
                    if "past the fake" in str(error)
                    else f"The test itself ended with {type(error).__name__}: {error}"
                )
                raise pytest.fail.Exception(f"{leaks}\n{own}".rstrip(), pytrace=False) from None
            raise
        if leaks := self._take_leaks():
            pytest.fail(leaks, pytrace=False)
        return result

    def _take_leaks(self) -> str:
        return _text(self._guard.take())

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:  # noqa: ANN401 - of pytest-xdist
        """Take over what the end of a worker has found."""
        self._worker_leaks += getattr(node, "workeroutput", {}).get(OUTPUT, ())

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None, Any, Any]:
        """Fail a run that exceeded its budget or tried to call the vendor at its end."""
        self._guard.step("the end of the session")
        result = yield
        wait_for_threads(self._threads)
        leaks = self._guard.take()
        output: dict[str, Any] | None = getattr(self._config, "workeroutput", None)
        if output is not None:
            output[OUTPUT] = leaks
        self._late_leaks = _text([*self._worker_leaks, *leaks])
        if (self._late_leaks or self.tally.is_over) and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        return result

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print what was faked, whether it exceeds the budget, and late leaks."""
        for place, line in enumerate(self.tally.lines()):
            terminalreporter.write_line(line, red=place > 0)
        for line in self._late_leaks.splitlines():
            terminalreporter.write_line(line, red=True)


def _text(leaks: list[str]) -> str:
    return "\n".join([*dict.fromkeys(leaks), _ADVICE]) if leaks else ""

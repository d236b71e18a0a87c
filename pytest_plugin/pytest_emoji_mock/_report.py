"""The report of a run as an HTML file: `--emoji-report FILE`. It is loaded where one was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from emoji_mock._support.files import describe_error, write_output
from emoji_mock.fake.listeners import LISTENERS
from pytest_emoji_mock._registry import registry_of
from pytest_emoji_mock._run_report import RunReport

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

_OUTPUT = "emoji_mock_report"


def report_path(config: pytest.Config) -> Path | None:
    """Return the file that the flag or the ini key names: from where pytest was started, or from the ini file."""
    flag, line = config.getoption("emoji_report"), config.getini("emoji_report")
    if flag:
        return config.invocation_params.dir / str(flag)
    if not line:
        return None
    return (config.rootpath if config.inipath is None else config.inipath.parent) / str(line)


class ReportWriter:
    """Collects the calls of a run, or of one of its workers, and writes the report at the end."""

    def __init__(self, config: pytest.Config, path: Path) -> None:
        self._config, self._path = config, path
        self._report = RunReport()
        self._said, self._failed = "", False
        LISTENERS.append(self._report.put)

    def pytest_unconfigure(self) -> None:
        """Stop collecting."""
        LISTENERS.remove(self._report.put)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Collect the calls of a test."""
        self._report.begin(item.nodeid)
        result = yield
        registry = registry_of(item)
        self._report.end(None if registry is None else registry.fake.store)
        self._report.begin("")
        return result

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:  # noqa: ANN401 - of pytest-xdist
        """Take over what a worker has collected."""
        if (encoded := getattr(node, "workeroutput", {}).get(_OUTPUT)) is not None:
            self._report.add(encoded)

    @pytest.hookimpl(wrapper=True, trylast=True)  # a worker sends its output behind this
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None, Any, Any]:
        """Write the report; a worker of pytest-xdist sends what it has to the controller."""
        result = yield
        output: dict[str, Any] | None = getattr(self._config, "workeroutput", None)
        if output is not None:
            output[_OUTPUT] = self._report.encoded()
            return result
        html, count = self._report.html()
        try:
            write_output(self._path, html.encode())
            self._said = f"emoji-mock: report of {count} call{'s' * (count != 1)} in {self._path}"
        except OSError as error:
            self._said, self._failed = f"emoji-mock: --emoji-report: {describe_error(error)}", True
            if session.exitstatus == pytest.ExitCode.OK:
                session.exitstatus = pytest.ExitCode.TESTS_FAILED
        return result

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say where the report is, or why there is none."""
        if self._said:
            terminalreporter.write_line(self._said, red=self._failed)

"""The pytest plugin of emoji-mock: the flags and the hooks. Fixtures and the rest have modules of their own.

Until a fixture is first used it imports nothing of emoji_mock but the settings, and what starts the leak guard.
"""

from __future__ import annotations

import sys
import threading
from argparse import BooleanOptionalAction
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from emoji_mock.config.setting import Place
from emoji_mock.config.settings import settings_in
from emoji_mock.testing.lazy_guard import LazyGuard
from pytest_emoji_mock import _fixtures

if TYPE_CHECKING:
    from collections.abc import Generator

_GUARD = pytest.StashKey[LazyGuard]()
# The flags of `pytest --pyargs emoji_mock.conformance`.
_CONFORMANCE = (
    ("target", "URL", "target of the contract suite: fake (default), a URL, or live"),
    ("budget", "N", "images that the live service may bill (default: 0)"),
    ("picture", "NAME=URL", "an image for the live service, such as passed=https://… (may be repeated)"),
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add a flag and an ini key for each setting, and the flags that are no settings of a fake."""
    group = parser.getgroup("emoji-mock", "emoji-mock: a fake of Alibaba Cloud's emoji-detect-v1")
    for setting in settings_in(Place.PYTEST):
        form: dict[str, Any] = {"metavar": setting.metavar}
        if setting.type.is_switch:
            form = {"action": BooleanOptionalAction}
        text = setting.help_in(Place.PYTEST)
        group.addoption(setting.pytest_flag, dest=setting.ini_key, help=text, **form)
        parser.addini(setting.ini_key, text)
    group.addoption(
        "--emoji-live", dest="emoji_live", action="store_true", help="let tests marked emoji_live call the vendor"
    )
    for name, metavar, text in _CONFORMANCE:
        repeated: dict[str, Any] = {"action": "append", "default": []} if name == "picture" else {}
        group.addoption(f"--emoji-{name}", dest=f"emoji_{name}", metavar=metavar, help=text, **repeated)


def _leak_guard(config: pytest.Config) -> LazyGuard:
    """Return the leak guard of the run, which watches from the first call on."""
    if _GUARD not in config.stash:
        guard = config.stash[_GUARD] = LazyGuard()
        guard.watch()
        config.add_cleanup(partial(_retire, guard, frozenset(threading.enumerate())))
    return config.stash[_GUARD]


def _retire(guard: LazyGuard, before: frozenset[threading.Thread]) -> None:
    if guard.is_idle and before.issuperset(threading.enumerate()):
        guard.stop()
    else:
        from pytest_emoji_mock._late import retire  # noqa: PLC0415 - for threads, and for a guard that was needed

        retire(guard, before)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, Any, Any]:
    """Install the leak guard before conftest files and plugins of the project are imported."""
    _leak_guard(early_config).step("a conftest file, or a plugin")
    return (yield)


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marks, check the settings, and register the fixtures and what accompanies a run."""
    config.pluginmanager.register(_fixtures, "emoji_mock_fixtures")
    arguments = ", ".join(setting.name for setting in settings_in(Place.MARK))
    config.addinivalue_line("markers", f"emoji(*, {arguments}): how the fake of a test behaves")
    config.addinivalue_line("markers", "emoji_live: may call the vendor, and runs only with --emoji-live")
    max_images = None
    keys = [setting.ini_key for setting in settings_in(Place.PYTEST)]
    if any(config.getoption(key) is not None or config.getini(key) for key in keys):
        from pytest_emoji_mock._settings import max_images_of  # noqa: PLC0415 - needed if something is set

        max_images = max_images_of(config)  # reads them all, so that a mistake ends the run before any test
    if not config.option.collectonly:
        from pytest_emoji_mock._session import Session  # noqa: PLC0415 - not needed to collect

        config.pluginmanager.register(Session(config, _leak_guard(config), max_images), "emoji_mock_session")
        if config.getoption("emoji_report") or config.getini("emoji_report"):
            from pytest_emoji_mock._report import ReportWriter, report_path  # noqa: PLC0415 - few runs have one

            if (path := report_path(config)) is not None:
                config.pluginmanager.register(ReportWriter(config, path), "emoji_mock_report")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip tests marked `emoji_live` unless --emoji-live is given."""
    if config.getoption("emoji_live"):
        return
    skip = pytest.mark.skip(reason="calls the vendor and may cost money: needs --emoji-live")
    for item in items:
        if item.get_closest_marker("emoji_live"):
            item.add_marker(skip)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Fail a test whose mark is invalid or has no effect, also if no fixture reads the mark."""
    _fixtures.begin_test(item.config)
    if item.get_closest_marker("emoji") is not None:
        from pytest_emoji_mock._registry import mark_applies  # noqa: PLC0415 - few tests are marked
        from pytest_emoji_mock._settings import setup_for  # noqa: PLC0415 - likewise

        setup_for(item)
        if any(mark.name == "emoji" for mark in item.own_markers) and not mark_applies(item):
            pytest.fail("@pytest.mark.emoji has no effect on a session's fake: use emoji_api, or flags", pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Fail a test that passed but left rules unused."""
    outcome = yield
    from pytest_emoji_mock._registry import REGISTRY, STRICT  # noqa: PLC0415 - not needed to collect

    registry = item.stash.get(REGISTRY, None)
    if registry is not None and item.stash[STRICT] and registry.unused():
        from emoji_mock.testing.messages import unused_rules  # noqa: PLC0415

        pytest.fail(unused_rules(registry), pytrace=False)
    return outcome


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, Any, Any]:
    """Reset the key and the address of the official SDK if the test was the first to import it."""
    try:
        return (yield)
    finally:
        if "dashscope" in sys.modules:
            from pytest_emoji_mock import _sdk  # noqa: PLC0415 - few projects use the SDK

            if not item.stash.get(_sdk.HAD_SDK, True):
                _sdk.reload()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the calls to the report of a test that failed."""
    report = yield
    if not report.failed:
        return report
    from pytest_emoji_mock._registry import registry_of  # noqa: PLC0415 - not needed to collect

    registry = registry_of(item)
    if registry is not None:
        from emoji_mock.testing.messages import journal  # noqa: PLC0415

        text = journal(registry)
        if text.partition("\n")[0] not in report.longreprtext:  # a failed assertion of ours lists them already
            report.sections.append(("emoji-mock", text))
    return report

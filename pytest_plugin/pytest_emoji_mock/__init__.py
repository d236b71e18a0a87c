"""The pytest plugin of emoji-mock: options, the marks, the fixtures, the leak guard, and what a failing test shows.

Nothing but pytest is imported here, and the leak guard when a run begins; the rest of emoji_mock loads when a fixture
is first used.
"""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import pytest

from emoji_mock.config.settings import Place, settings_in
from pytest_emoji_mock import _sdk
from pytest_emoji_mock._environment import KEY, lend
from pytest_emoji_mock._leak_guard import stand_guard
from pytest_emoji_mock._options import pytest_addoption as pytest_addoption
from pytest_emoji_mock._registries import BOOK, SESSION_BOOK, STRICT, book_of, is_read

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from emoji_mock.client import EmojiDetect
    from emoji_mock.interceptors.respx import FakeRouter
    from emoji_mock.testing.api import EmojiApi, EmojiServer
    from emoji_mock.testing.rule_registry import RuleRegistry
    from emoji_mock.testing.session_server import LiveServer

_SDK = pytest.StashKey[bool]()
_LIVE = pytest.StashKey["LiveServer"]()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, Any, Any]:
    """Stand guard before anything of the user's is imported."""
    stand_guard(early_config).where = "a conftest file, or a plugin"
    return (yield)


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marks, and stand guard."""
    arguments = ", ".join(setting.name for setting in settings_in(Place.MARK))
    config.addinivalue_line("markers", f"emoji(*, {arguments}): how the fake of a test behaves")
    config.addinivalue_line("markers", "emoji_live: may call the vendor, and runs only with --emoji-live")
    max_images = None
    keys = [setting.ini_key for setting in settings_in(Place.PYTEST)]
    if any(config.getoption(key) is not None or config.getini(key) for key in keys):
        from pytest_emoji_mock._settings import max_images_of  # noqa: PLC0415 - needed if something is set

        max_images = max_images_of(config)  # reads them all, so that a mistake ends the run before any test
    if not config.option.collectonly:
        from pytest_emoji_mock._session import Session  # noqa: PLC0415 - collecting costs nothing

        config.pluginmanager.register(Session(config, stand_guard(config), max_images), "emoji_mock_session")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what may reach the vendor, unless it was asked for."""
    if config.getoption("emoji_live"):
        return
    skip = pytest.mark.skip(reason="reaches the vendor and may cost money: needs --emoji-live")
    for item in items:
        if item.get_closest_marker("emoji_live"):
            item.add_marker(skip)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Tell a mark that is misspelt, or that cannot reach the test's fake, also where no fixture would read it."""
    if item.get_closest_marker("emoji") is not None:
        from pytest_emoji_mock._settings import setup_for  # noqa: PLC0415 - few tests are marked

        setup_for(item)
        if any(mark.name == "emoji" for mark in item.own_markers) and not is_read(item):
            pytest.fail("@pytest.mark.emoji does not reach a session's fake: use emoji_api, or flags", pytrace=False)


@pytest.fixture
def _emoji_book(request: pytest.FixtureRequest) -> RuleRegistry:
    from pytest_emoji_mock._settings import new_registry, setup_for  # noqa: PLC0415

    setup = setup_for(request.node)
    book = request.node.stash[BOOK] = new_registry(setup, request.node.nodeid)
    request.node.stash[STRICT] = setup.strict
    return book


@pytest.fixture
def _emoji_environment(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    request.node.stash[_SDK] = _sdk.is_imported()
    lend(monkeypatch)
    return monkeypatch


@pytest.fixture
def emoji_api(
    request: pytest.FixtureRequest, _emoji_book: RuleRegistry, _emoji_environment: pytest.MonkeyPatch
) -> Iterator[EmojiApi]:
    """Let every HTTP client of this process that calls the vendor meet a fresh fake."""
    live = request.config.stash.get(_LIVE, None)  # a session's server serves the test's own fake, too
    with live.relay.turned_to(_emoji_book.fake) if live is not None else nullcontext():
        yield from _api(_emoji_book)


@pytest.fixture(scope="session")
def _emoji_live_server(request: pytest.FixtureRequest) -> Iterator[LiveServer]:
    from emoji_mock.testing.session_server import LiveServer as Live  # noqa: PLC0415

    live = request.config.stash[_LIVE] = Live()
    yield live
    del request.config.stash[_LIVE]
    live.stop()


@pytest.fixture
def emoji_server(
    _emoji_book: RuleRegistry, _emoji_live_server: LiveServer, _emoji_environment: pytest.MonkeyPatch
) -> Iterator[EmojiServer]:
    """Serve the same fake on a loopback socket, for subprocesses, other languages, clients that take a base URL."""
    yield from _server(_emoji_book, _emoji_live_server, _emoji_environment)


@pytest.fixture(scope="session")
def _emoji_session_book(request: pytest.FixtureRequest) -> RuleRegistry:
    from pytest_emoji_mock._settings import new_registry, setup_of_session  # noqa: PLC0415

    book = request.config.stash[SESSION_BOOK] = new_registry(setup_of_session(request.config))
    return book


@pytest.fixture(scope="session")
def _emoji_session_environment() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as environment:
        lend(environment)
        yield environment


@pytest.fixture(scope="session")
def emoji_api_session(
    _emoji_session_book: RuleRegistry, _emoji_session_environment: pytest.MonkeyPatch
) -> Iterator[EmojiApi]:
    """Let every HTTP client of this process meet one fake for the whole session; no unused rule fails anything."""
    yield from _api(_emoji_session_book)


@pytest.fixture(scope="session")
def emoji_server_session(
    _emoji_session_book: RuleRegistry, _emoji_live_server: LiveServer, _emoji_session_environment: pytest.MonkeyPatch
) -> Iterator[EmojiServer]:
    """Serve one fake on a loopback socket for the whole session; a test with a fixture of its own goes before it."""
    yield from _server(_emoji_session_book, _emoji_live_server, _emoji_session_environment)


def _api(book: RuleRegistry) -> Iterator[EmojiApi]:
    from emoji_mock.interceptors.registry import intercept  # noqa: PLC0415
    from emoji_mock.testing.api import EmojiApi as Api  # noqa: PLC0415

    with intercept(book.fake):
        yield Api(book)


def _server(book: RuleRegistry, live: LiveServer, environment: pytest.MonkeyPatch) -> Iterator[EmojiServer]:
    from emoji_mock.testing.api import EmojiServer as Server  # noqa: PLC0415

    server = Server(book, live.url)
    environment.setenv("DASHSCOPE_HTTP_BASE_URL", server.base_url)
    environment.setenv("DASHSCOPE_BASE_URL", server.url)
    _sdk.lend(environment, base_http_api_url=server.base_url)
    with live.relay.turned_to(book.fake):
        yield server


@pytest.fixture
def emoji_respx(_emoji_book: RuleRegistry, _emoji_environment: pytest.MonkeyPatch) -> Iterator[FakeRouter]:
    """Start a respx router with the route `face_detect`, whose side effect is the fake."""
    try:
        from emoji_mock.interceptors.respx import FakeRouter as Router  # noqa: PLC0415
    except ImportError as error:
        raise _missing("emoji_respx", error, "respx") from None

    router = Router(_emoji_book.fake)
    with router:
        yield router


@pytest.fixture
def emoji_client(_emoji_book: RuleRegistry) -> Iterator[EmojiDetect]:
    """Return a client that meets the test's fake; it repeats as ever, and its waits put the fake's clock forward."""
    try:
        from emoji_mock.client import CallLimits, Timing  # noqa: PLC0415
        from emoji_mock.client import EmojiDetect as Client  # noqa: PLC0415
        from emoji_mock.contract.endpoint import HOME  # noqa: PLC0415
        from emoji_mock.interceptors.httpx2 import transport  # noqa: PLC0415
        from emoji_mock.testing.api import EmojiApi as Api  # noqa: PLC0415
    except ImportError as error:
        raise _missing("emoji_client", error, "client") from None

    clock = Api(_emoji_book).clock
    with Client(
        KEY,
        base_url=HOME,
        transport=transport(_emoji_book.fake),
        limits=CallLimits(per_second=float("inf")),
        timing=Timing(clock=clock, now=clock, sleep=clock.advance),
    ) as client:
        yield client


def _missing(fixture: str, error: ImportError, extra: str) -> BaseException:
    told = f"{fixture} needs {error.name}: pip install 'emoji-mock[{extra}]'"
    return pytest.fail.Exception(told, pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Fail a test that passed otherwise and left rules unused."""
    outcome = yield
    book = item.stash.get(BOOK, None)
    if book is not None and item.stash[STRICT] and book.unused():
        from emoji_mock.testing.messages import unused_rules  # noqa: PLC0415

        pytest.fail(unused_rules(book), pytrace=False)
    return outcome


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, Any, Any]:
    """Let an SDK that a test was the first to import forget the key and address of that test."""
    try:
        return (yield)
    finally:
        if _sdk.is_imported() and not item.stash.get(_SDK, True):
            _sdk.read_again()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show the journal of a test that failed."""
    report = yield
    book = book_of(item)
    if book is not None and report.failed:
        from emoji_mock.testing.messages import journal  # noqa: PLC0415

        told = journal(book)
        if told.partition("\n")[0] not in report.longreprtext:  # a wrong expectation tells it already
            report.sections.append(("emoji-mock", told))
    return report

"""The fixtures. What they need is imported when one is first used, since pytest loads this module in every run."""

from __future__ import annotations

import os
from contextlib import nullcontext
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emoji_mock.client import EmojiDetect
    from emoji_mock.interceptors.respx import FakeRouter
    from emoji_mock.testing.api import EmojiApi
    from emoji_mock.testing.rule_registry import RuleRegistry
    from emoji_mock.testing.serving.emoji_server import EmojiServer
    from emoji_mock.testing.serving.session_server import LiveServer

_LIVE = pytest.StashKey["LiveServer"]()


def begin_test(config: pytest.Config) -> None:
    """Forget what an earlier test's programs did not reach, if the session has a server."""
    live = config.stash.get(_LIVE, None)
    if live is not None:
        live.programs.clear_notices()


@pytest.fixture
def _emoji_registry(request: pytest.FixtureRequest) -> RuleRegistry:
    from pytest_emoji_mock._registry import REGISTRY, STRICT  # noqa: PLC0415
    from pytest_emoji_mock._settings import new_registry, setup_for  # noqa: PLC0415

    setup = setup_for(request.node)
    registry = request.node.stash[REGISTRY] = new_registry(setup, request.node.nodeid)
    request.node.stash[STRICT] = setup.strict
    return registry


@pytest.fixture
def _emoji_environment(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    from pytest_emoji_mock import _sdk  # noqa: PLC0415
    from pytest_emoji_mock._environment import set_environment  # noqa: PLC0415

    request.node.stash[_sdk.HAD_SDK] = _sdk.is_imported()
    set_environment(monkeypatch)
    return monkeypatch


@pytest.fixture
def emoji_api(
    request: pytest.FixtureRequest, _emoji_registry: RuleRegistry, _emoji_environment: pytest.MonkeyPatch
) -> Iterator[EmojiApi]:
    """Answer the calls of every HTTP client of this process to the vendor by a fresh fake."""
    live = request.config.stash.get(_LIVE, None)  # a session's server serves the fake of the test meanwhile
    with live.relay.turned_to(_emoji_registry.fake) if live is not None else nullcontext():
        yield from _api(_emoji_registry)


@pytest.fixture(scope="session")
def _emoji_live_server(request: pytest.FixtureRequest) -> Iterator[LiveServer]:
    from emoji_mock.testing.serving.session_server import LiveServer as Live  # noqa: PLC0415

    try:
        live = request.config.stash[_LIVE] = Live(_unopened)
    except RuntimeError as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None
    yield live
    del request.config.stash[_LIVE]
    live.stop()


@pytest.fixture
def emoji_server(
    _emoji_registry: RuleRegistry, _emoji_live_server: LiveServer, _emoji_environment: pytest.MonkeyPatch
) -> Iterator[EmojiServer]:
    """Serve the same fake on a loopback socket, for subprocesses, other languages, clients with a base URL."""
    yield from _server(_emoji_registry, _emoji_live_server, _emoji_environment)


@pytest.fixture(scope="session")
def _emoji_session_registry(request: pytest.FixtureRequest) -> RuleRegistry:
    from pytest_emoji_mock._registry import SESSION_REGISTRY  # noqa: PLC0415
    from pytest_emoji_mock._settings import new_registry, setup_of_session  # noqa: PLC0415

    registry = request.config.stash[SESSION_REGISTRY] = new_registry(setup_of_session(request.config))
    return registry


@pytest.fixture(scope="session")
def _emoji_session_environment() -> Iterator[pytest.MonkeyPatch]:
    from pytest_emoji_mock._environment import set_environment  # noqa: PLC0415

    with pytest.MonkeyPatch.context() as environment:
        set_environment(environment)
        yield environment


@pytest.fixture(scope="session")
def emoji_api_session(
    _emoji_session_registry: RuleRegistry, _emoji_session_environment: pytest.MonkeyPatch
) -> Iterator[EmojiApi]:
    """Answer the calls of this process by one fake for the whole session; unused rules fail no test."""
    yield from _api(_emoji_session_registry)


@pytest.fixture(scope="session")
def emoji_server_session(
    _emoji_session_registry: RuleRegistry,
    _emoji_live_server: LiveServer,
    _emoji_session_environment: pytest.MonkeyPatch,
) -> Iterator[EmojiServer]:
    """Serve one fake on a loopback socket for the whole session; the fake of a single test takes precedence."""
    yield from _server(_emoji_session_registry, _emoji_live_server, _emoji_session_environment)


def _api(registry: RuleRegistry) -> Iterator[EmojiApi]:
    from emoji_mock.interceptors.registry import intercept  # noqa: PLC0415
    from emoji_mock.testing.api import EmojiApi as Api  # noqa: PLC0415

    with registry.processes, intercept(registry.fake):
        yield Api(registry)


def _server(registry: RuleRegistry, live: LiveServer, environment: pytest.MonkeyPatch) -> Iterator[EmojiServer]:
    from emoji_mock.contract.endpoint import BASE_URL_VARIABLES  # noqa: PLC0415
    from emoji_mock.testing.serving.emoji_server import EmojiServer as Server  # noqa: PLC0415
    from pytest_emoji_mock import _sdk  # noqa: PLC0415
    from pytest_emoji_mock._environment import reach_loopback  # noqa: PLC0415

    addresses = {name: os.environ[name] for name in BASE_URL_VARIABLES if name in os.environ}
    server = Server(registry, live.url, live.programs, addresses)
    for name, address in zip(BASE_URL_VARIABLES, (server.base_url, server.url), strict=True):
        environment.setenv(name, address)
    reach_loopback(environment)
    _sdk.set_variables(environment, base_http_api_url=server.base_url)
    with live.relay.turned_to(registry.fake):
        yield server


@pytest.fixture
def emoji_respx(_emoji_registry: RuleRegistry, _emoji_environment: pytest.MonkeyPatch) -> Iterator[FakeRouter]:
    """Start a respx router whose named routes (`face_detect`, `uploads`, …) are answered by the fake."""
    try:
        from emoji_mock.interceptors.respx import FakeRouter as Router  # noqa: PLC0415
    except ImportError as error:
        raise _missing("emoji_respx", error, "respx") from None

    router = Router(_emoji_registry.fake)
    with router:
        yield router


@pytest.fixture
def emoji_client(_emoji_registry: RuleRegistry) -> Iterator[EmojiDetect]:
    """Return a client of the fake; it retries as usual, and its waits only advance the fake's clock."""
    try:
        # First, as a running fake then loads and installs the interceptor, which must not be half loaded itself.
        import httpx2  # noqa: F401, PLC0415  # pyright: ignore[reportUnusedImport]

        from emoji_mock.client import CallLimits, Timing  # noqa: PLC0415
        from emoji_mock.client import EmojiDetect as Client  # noqa: PLC0415
        from emoji_mock.contract.endpoint import HOME  # noqa: PLC0415
        from emoji_mock.interceptors.httpx2 import transport  # noqa: PLC0415
        from emoji_mock.testing.api import EmojiApi as Api  # noqa: PLC0415
        from pytest_emoji_mock._environment import KEY  # noqa: PLC0415
    except ImportError as error:
        raise _missing("emoji_client", error, "client") from None

    clock = Api(_emoji_registry).clock
    with Client(
        KEY,
        base_url=HOME,
        transport=transport(_emoji_registry.fake),
        limits=CallLimits(per_second=float("inf")),
        timing=Timing(clock=clock, now=clock, sleep=clock.advance),
    ) as client:
        yield client


def _missing(fixture: str, error: ImportError, extra: str) -> BaseException:
    text = f"{fixture} needs {error.name}: pip install 'emoji-mock[{extra}]'"
    return pytest.fail.Exception(text, pytrace=False)


def _unopened(error: Exception) -> BaseException:
    """Return the failure of a test that asks for the environment of a program where the listeners cannot be opened."""
    return pytest.fail.Exception(f"emoji_server.env(), .proxy_url and .ca_bundle: {error}", pytrace=False)

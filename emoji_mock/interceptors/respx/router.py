"""A respx router for httpx and httpx2: named routes whose side effect is the fake; users override them as in respx."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

try:
    import httpx
    import respx
except ModuleNotFoundError as error:
    message = "a respx router needs httpx and respx: pip install 'emoji-mock[respx]'"
    raise ModuleNotFoundError(message, name=error.name) from None

from emoji_mock._support import active_fakes
from emoji_mock._support.respx_internals import sort_routes
from emoji_mock.assembly import default_fake
from emoji_mock.contract.endpoint import API_PREFIX
from emoji_mock.contract.hosts import HOST_PATTERN
from emoji_mock.interceptors.httpx_family.answers import HttpxAnswers
from emoji_mock.interceptors.respx.mocker import IN_EVENT_LOOP, FakeMocker

if TYPE_CHECKING:
    from emoji_mock.assembly import Fake
    from emoji_mock.contract.routes import Route

_ORIGIN = rf"^https?://(?:[^/?#]*@)?(?:{HOST_PATTERN})\.?(?::\d+)?"
_VENDOR = rf"{_ORIGIN}(?:[/?#]|$)"
_PARAMETER = re.compile(r"\{\w+\}")


def _patterns(route: Route) -> dict[str, str]:
    """Return what a respx route for `route` looks up: URL, and the method unless the endpoint takes several."""
    method = {"method": route.methods[0]} if len(route.methods) == 1 else {}
    if route.host:
        return {**method, "url__regex": rf"^https?://{re.escape(route.host)}"}
    path = _PARAMETER.sub("[^/?]+", route.path)
    return {**method, "url__regex": rf"{_ORIGIN}(?:{API_PREFIX})?{path}/?(?:\?|$)"}


_HTTPX = HttpxAnswers(httpx)  # not installed: it translates requests and responses


class FakeRoute(respx.Route):
    """A route that the fake answers until a user overrides it; a router tries the user's own routes before it."""

    @property
    def return_value(self) -> httpx.Response | None:
        """The response with which a user has replaced the fake's."""
        theirs: httpx.Response | None = super().return_value
        return theirs

    @return_value.setter
    def return_value(self, return_value: httpx.Response | None) -> None:
        if return_value is not None:
            self.side_effect = None  # or respx still calls the side effect
        respx.Route.return_value.fset(self, return_value)  # type: ignore[attr-defined]  # a property


class FakeRouter(respx.MockRouter):
    """A respx router in which `fake` answers for the vendor's hosts; calls to other hosts pass through."""

    def __init__(self, fake: Fake | None = None, **settings: Any) -> None:  # noqa: ANN401 - respx's own
        settings = {"assert_all_called": False, **settings, "using": FakeMocker.name}
        super().__init__(**settings)
        self.fake = fake or default_fake()
        sync_effect, async_effect = _HTTPX.handler(self.fake), _HTTPX.async_handler(self.fake)

        def effect(request: httpx.Request) -> Any:  # noqa: ANN401 - a response, or an awaitable of one
            return (async_effect if IN_EVENT_LOOP.get() else sync_effect)(request)

        for name, route in self.fake.registry.routes.items():
            self.add(FakeRoute(**_patterns(route)), name=name).mock(side_effect=effect)
        self.add(FakeRoute(url__regex=_VENDOR), name="vendor").mock(side_effect=effect)
        self.add(FakeRoute(), name="elsewhere").pass_through()

    def start(self) -> None:
        """Route calls to this router."""
        super().start()
        active_fakes.begin(self)

    def stop(self, clear: bool = True, reset: bool = True, quiet: bool = False) -> None:  # noqa: FBT001, FBT002 - respx's
        """Stop routing calls to this router."""
        active_fakes.end(self)
        super().stop(clear, reset, quiet)

    def add(self, route: respx.Route, *, name: str | None = None) -> respx.Route:
        """Add a route; it is tried before the fake's own."""
        added = super().add(route, name=name)
        sort_routes(self, _is_ours)
        return added


def _is_ours(route: respx.Route) -> bool:
    return isinstance(route, FakeRoute)


def router(fake: Fake | None = None) -> FakeRouter:
    """Return a respx router with `fake`, or a new one, behind it: a context manager and a decorator."""
    return FakeRouter(fake)

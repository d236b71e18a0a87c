"""The fake as a respx router, for httpx and httpx2: named routes whose side effect is the fake, overridden as ever."""

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
from emoji_mock.contract.endpoint import (
    API_PREFIX,
    FACE_DETECT,
    RESULT_HOST,
    STORAGE_HOST,
    TASKS,
    UPLOADS,
    VIDEO_SYNTHESIS,
    EndpointName,
)
from emoji_mock.contract.hosts import HOST_PATTERN
from emoji_mock.interceptors._httpx_family import HttpxLike
from emoji_mock.interceptors._respx_mocker import IN_EVENT_LOOP, FakeMocker
from emoji_mock.interceptors.base import asking, fresh

if TYPE_CHECKING:
    from emoji_mock.assembly import Fake

_ORIGIN = rf"^https?://(?:[^/?#]*@)?(?:{HOST_PATTERN})\.?(?::\d+)?"
_VENDOR = rf"{_ORIGIN}(?:[/?#]|$)"


def _at(path: str) -> str:
    return rf"{_ORIGIN}(?:{API_PREFIX})?{path}/?(?:\?|$)"


_ROUTES: dict[str, dict[str, str]] = {
    EndpointName.FACE_DETECT: {"method": "POST", "url__regex": _at(FACE_DETECT)},
    EndpointName.UPLOADS: {"method": "GET", "url__regex": _at(UPLOADS)},
    EndpointName.STORAGE: {"method": "POST", "url__regex": rf"^https?://{re.escape(STORAGE_HOST)}"},
    EndpointName.VIDEO_SYNTHESIS: {"method": "POST", "url__regex": _at(VIDEO_SYNTHESIS)},
    EndpointName.CANCEL_TASK: {"method": "POST", "url__regex": _at(rf"{TASKS}/[^/?]+/cancel")},
    EndpointName.TASK: {"method": "GET", "url__regex": _at(rf"{TASKS}/[^/?]+")},
    EndpointName.TASKS: {"method": "GET", "url__regex": _at(TASKS)},
    EndpointName.VIDEO: {"url__regex": rf"^https?://{re.escape(RESULT_HOST)}"},
    "vendor": {"url__regex": _VENDOR},
}
"""The named routes, the first that fits is taken."""

_HTTPX = HttpxLike(httpx)


class FakeRoute(respx.Route):
    """A route that the fake answers until a user says otherwise; theirs are looked at first."""

    @property
    def return_value(self) -> httpx.Response | None:
        """The response that a user has put in place of the fake."""
        return self._return_value

    @return_value.setter
    def return_value(self, return_value: httpx.Response | None) -> None:
        if return_value is not None:
            self.side_effect = None  # respx would go on asking the side effect
        respx.Route.return_value.fset(self, return_value)  # type: ignore[attr-defined]  # a property


class FakeRouter(respx.MockRouter):
    """A respx router in which `fake` answers for the vendor, and every other host is passed through."""

    def __init__(self, fake: Fake | None = None, **settings: Any) -> None:  # noqa: ANN401 - respx's own
        settings = {"assert_all_called": False, **settings, "using": FakeMocker.name}
        super().__init__(**settings)
        self.fake = fake or fresh()
        sync_effect, async_effect = _HTTPX.handler(asking(self.fake)), _HTTPX.async_handler(asking(self.fake))

        def effect(request: httpx.Request) -> Any:  # noqa: ANN401 - a response, or what gives one when it is awaited
            return (async_effect if IN_EVENT_LOOP.get() else sync_effect)(request)

        for name, patterns in _ROUTES.items():
            self.add(FakeRoute(**patterns), name=name).mock(side_effect=effect)
        self.add(FakeRoute(), name="elsewhere").pass_through()

    def start(self) -> None:
        """Answer from now on."""
        super().start()
        active_fakes.begin(self)

    def stop(self, clear: bool = True, reset: bool = True, quiet: bool = False) -> None:  # noqa: FBT001, FBT002 - respx's
        """Answer no more."""
        active_fakes.end(self)
        super().stop(clear, reset, quiet)

    def add(self, route: respx.Route, *, name: str | None = None) -> respx.Route:
        """Add a route; it is looked at before the fake's own."""
        added = super().add(route, name=name)
        # respx takes the first route that matches, and offers no other way to put one in front.
        self.routes._routes.sort(key=_is_ours)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        return added


def _is_ours(route: respx.Route) -> bool:
    return isinstance(route, FakeRoute)


def router(fake: Fake | None = None) -> FakeRouter:
    """Return a respx router with the fake behind it, to be used as a context manager or as a decorator."""
    return FakeRouter(fake)

"""The fake as a respx router, for httpx and httpx2: named routes whose side effect is the fake, overridden as ever."""

from __future__ import annotations

from typing import Any

import httpx
import respx

from emoji_mock.contract.endpoint import API_PREFIX, FACE_DETECT
from emoji_mock.contract.hosts import HOST_PATTERN
from emoji_mock.doors._door import asking
from emoji_mock.doors._httpx_like import HttpxLike
from emoji_mock.doors._respx_mocker import FakeMocker
from emoji_mock.fake.service import Fake

_ORIGIN = rf"^https?://(?:[^/?#]*@)?(?:{HOST_PATTERN})\.?(?::\d+)?"
_VENDOR = rf"{_ORIGIN}(?:[/?#]|$)"
_FACE_DETECT = rf"{_ORIGIN}(?:{API_PREFIX})?{FACE_DETECT}/?(?:\?|$)"

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
        self.fake = fake or Fake()
        effect = _HTTPX.handler(asking(self.fake))
        self.add(FakeRoute(method="POST", url__regex=_FACE_DETECT), name="face_detect").mock(side_effect=effect)
        self.add(FakeRoute(url__regex=_VENDOR), name="vendor").mock(side_effect=effect)
        self.add(FakeRoute(), name="elsewhere").pass_through()

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

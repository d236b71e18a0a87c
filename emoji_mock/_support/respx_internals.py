"""All use of respx's internals: which routers are started, and the order of a router's routes.

respx offers no public way to either. It patches httpx below our interceptor, so the interceptor has to find out whether
a user's own router answers a request. respx is not imported here. `INTERNALS` names what is used; a test checks it.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

INTERNALS = ("respx.mocks.HTTPCoreMocker.routers", "respx.router.RouteList._routes", "respx.models.Route.pattern")


def started_routers() -> list[Any]:
    """Return the routers that are started, the oldest first; none unless respx was imported."""
    mocks: Any = sys.modules.get("respx.mocks")
    return mocks.HTTPCoreMocker.routers if mocks is not None else []


def is_mocked(request: Any, ignored: frozenset[int]) -> bool:  # noqa: ANN401 - an httpx request
    """Return whether a started router has a route for `request`; routers whose id is in `ignored` do not count."""
    return any(
        not route.is_pass_through and (route.pattern is None or route.pattern.match(request))
        for router in started_routers()
        if id(router) not in ignored
        for route in router.routes
    )


def sort_routes(router: Any, key: Callable[[Any], Any]) -> None:  # noqa: ANN401 - a respx router
    """Sort the routes of `router` by `key`; respx takes the first one that matches."""
    router.routes._routes.sort(key=key)  # noqa: SLF001 - see above

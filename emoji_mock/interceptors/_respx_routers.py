"""Which of the user's respx routers speak: respx patches a floor below our door, so the door has to ask.

This file alone leans on where respx keeps the routers that are started.
"""

from __future__ import annotations

import sys
from typing import Any


def started() -> list[Any]:
    """Return the routers that are started, the oldest first; none unless respx was imported."""
    mocks: Any = sys.modules.get("respx.mocks")
    return mocks.HTTPCoreMocker.routers if mocks is not None else []


def speak_of(request: Any, but: frozenset[int]) -> bool:  # noqa: ANN401 - an httpx request
    """Say whether a router that was started has a route for `request`; those with an id in `but` do not count."""
    return any(
        not route.is_pass_through and (route.pattern is None or route.pattern.match(request))
        for router in started()
        if id(router) not in but
        for route in router.routes
    )

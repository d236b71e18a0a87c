"""The internals of respx that we use exist."""

import httpx
import respx

from emoji_mock._support import respx_internals


def test_respx_still_has_what_we_use():
    """Every internal that the module names exists, and does what we need."""
    assert respx_internals.INTERNALS == (
        "respx.mocks.HTTPCoreMocker.routers",
        "respx.router.RouteList._routes",
        "respx.models.Route.pattern",
    )
    request = httpx.Request("GET", "https://example.org/")
    with respx.mock(assert_all_called=False) as router:
        assert router in respx_internals.started_routers()
        assert not respx_internals.is_mocked(request, frozenset())
        first, second = router.get("https://example.org/"), router.post("https://example.org/")
        assert respx_internals.is_mocked(request, frozenset())
        assert not respx_internals.is_mocked(request, frozenset({id(router)}))
        respx_internals.sort_routes(router, lambda route: route is first)
        assert list(router.routes) == [second, first]
    assert router not in respx_internals.started_routers()

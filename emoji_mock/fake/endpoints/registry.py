"""The registry of endpoints: by method, path and model."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from emoji_mock.contract import routes
from emoji_mock.contract.endpoint import MODELS, EndpointName
from emoji_mock.contract.rows import gateway
from emoji_mock.fake.checks import request
from emoji_mock.fake.checks.head_check import HeadCheck
from emoji_mock.fake.checks.refusal import Refused
from emoji_mock.fake.context import Decision
from emoji_mock.fake.endpoints import detection, other_services
from emoji_mock.fake.endpoints.endpoint import Endpoint
from emoji_mock.fake.endpoints.tasks import task, task_list, video_file
from emoji_mock.fake.endpoints.uploads import policy, storage
from emoji_mock.fake.endpoints.videos import animate_anyone, emo, liveportrait, videoretalk, wan_s2v
from emoji_mock.fake.endpoints.videos import emoji as videos
from emoji_mock.fake.request_head import RequestHead, read_head

if TYPE_CHECKING:
    from collections.abc import Iterable

    from emoji_mock.contract.exchange import Request
    from emoji_mock.contract.routes import Route
    from emoji_mock.contract.row import Row
    from emoji_mock.fake.context import RequestContext


def _not_found(_: RequestContext, __: Decision, ___: str) -> NoReturn:
    raise Refused(gateway.NOT_FOUND)


UNKNOWN_PATH = Endpoint(
    route=routes.UNKNOWN,
    decision=Decision,
    checks=(request.authenticate,),  # observed: an unknown path needs a key, too
    body=_not_found,
    provokes={gateway.NOT_FOUND: "any unknown path"},
)


HEADS = 256
"""How many heads of requests are kept."""


class RoutedHead(NamedTuple):
    """The head of a request, and the endpoint that answers it, without the checks that every call with it passes."""

    head: RequestHead
    endpoint: Endpoint[Any]


class EndpointRegistry:
    """Finds the endpoint of a call. Of two that serve the same model on a route, the first is taken."""

    def __init__(self, endpoints: Iterable[Endpoint[Any]]) -> None:
        self.endpoints = tuple(endpoints)
        self.models = MODELS.union(*(endpoint.models for endpoint in self.endpoints))
        """Every model that is known, served or not."""
        self.routes: dict[EndpointName, Route] = {}
        """The routes by name, in the order of the endpoints."""
        self._exact: dict[tuple[str, str], Endpoint[Any]] = {}
        self._by_host: list[Endpoint[Any]] = []
        self._by_pattern: list[Endpoint[Any]] = []
        self._by_model: dict[tuple[Route, str], Endpoint[Any]] = {}
        self._heads: dict[int, RoutedHead] = {}  # by Python's keyed hash of the head, so that no key is kept
        for endpoint in self.endpoints:
            self._add(endpoint)

    def _add(self, endpoint: Endpoint[Any]) -> None:
        route = endpoint.route
        if route is routes.UNKNOWN:
            return
        if route.name is not None:
            self.routes.setdefault(route.name, route)
        for model in endpoint.models:
            self._by_model.setdefault((route, model), endpoint)
        if route.host:
            self._by_host.append(endpoint)
        elif "{" in route.path:
            self._by_pattern.append(endpoint)
        else:
            for method in (*route.methods, ""):  # the first endpoint of a path refuses all other methods
                for path in route.paths or (route.path,):
                    self._exact.setdefault((method, path), endpoint)

    def read(self, request: Request) -> RoutedHead:
        """Return the head of `request` and its endpoint, which depends on nothing else. Equal heads are read once."""
        method, target, headers, _ = request
        known = hash((method, target, tuple(headers)))
        routed = self._heads.get(known)
        if routed is not None and routed.head.is_current():
            return routed
        head = read_head(request)
        endpoint = self.find(head)
        passed = [check for check in (*endpoint.opening, *endpoint.checks) if isinstance(check, HeadCheck)]
        routed = RoutedHead(head, _without(endpoint, tuple([check for check in passed if check.passes(head)])))
        if head.is_current():
            if len(self._heads) >= HEADS:
                self._heads.clear()
            self._heads[known] = routed
        return routed

    def find(self, head: RequestHead) -> Endpoint[Any]:
        """Return the first endpoint whose route matches `head`; if none accepts the method, one that refuses it."""
        exact = self._exact
        found = exact.get((head.method, head.path)) or exact.get(("", head.path))
        if found is not None:
            return found
        fitting = [
            endpoint
            for endpoint in self._by_host
            if endpoint.route.host == head.host or endpoint.route.pattern.fullmatch(head.path)
        ] or [endpoint for endpoint in self._by_pattern if endpoint.route.pattern.fullmatch(head.path)]
        if not fitting:
            return UNKNOWN_PATH
        first = fitting[0].route
        same_place = (one for one in fitting if (one.route.host, one.route.path) == (first.host, first.path))
        return next((one for one in same_place if head.method in one.route.methods), fitting[0])

    def select(self, endpoint: Endpoint[Any], model: str) -> Endpoint[Any]:
        """Return the endpoint that serves `model` on the route of `endpoint`. Raises Refused if none does."""
        found = self._by_model.get((endpoint.route, model))
        if found is None:
            raise Refused(gateway.WRONG_PATH if model in self.models else gateway.UNKNOWN_MODEL)
        return found

    def ways_to_provoke(self, row: Row) -> list[str]:
        """Return which requests get `row`, without a rule."""
        return list(dict.fromkeys(endpoint.provokes[row] for endpoint in self.endpoints if row in endpoint.provokes))


@lru_cache
def _without(endpoint: Endpoint[Any], checks: tuple[HeadCheck, ...]) -> Endpoint[Any]:
    if not checks:
        return endpoint
    opening, others = (
        tuple([check for check in group if check not in checks]) for group in (endpoint.opening, endpoint.checks)
    )
    return replace(endpoint, opening=opening, checks=others)


ENDPOINTS: tuple[Endpoint[Any], ...] = (
    *detection.ENDPOINTS,
    policy.GET_POLICY,
    storage.POST_OBJECT,
    storage.PREFLIGHT,
    videos.CREATE_VIDEO,
    wan_s2v.CREATE_VIDEO,
    emo.CREATE_VIDEO,
    liveportrait.CREATE_VIDEO,
    animate_anyone.CREATE_VIDEO,
    animate_anyone.CREATE_TEMPLATE,
    videoretalk.CREATE_VIDEO,
    task_list.LIST_TASKS,
    task.GET_TASK,
    task.CANCEL_TASK,
    video_file.GET_VIDEO,
    other_services.OTHER_SERVICE,
    UNKNOWN_PATH,
)
"""What the fake serves by default. Adding a sibling model is a file with its endpoint, and a line here."""
REGISTRY = EndpointRegistry(ENDPOINTS)

"""Make the manual's examples: a fake answers them, so that no document has to be written by hand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec

from emoji_mock.assembly import Fake
from emoji_mock.contract.endpoint import API_PREFIX, ASYNC_HEADER, HOME, MEDIA_TYPE, VIDEO_MODEL
from emoji_mock.contract.exchange import Request, Response
from emoji_mock.contract.model import TaskModel
from emoji_mock.fake.listeners import telling_nobody
from emoji_mock.fake.options import Options

if TYPE_CHECKING:
    from emoji_mock.fake.endpoints.registry import EndpointRegistry

_START = 1_795_366_800.0  # 2026-11-23 01:00 in China
_HEADERS = (("host", HOME.removeprefix("https://")), ("authorization", "Bearer sk-mock-manual"))


class FakeCaller:
    """Calls a fake of its own, whose clock only `advance` changes."""

    def __init__(self, registry: EndpointRegistry) -> None:
        self._now = _START
        self._registry = registry
        self._fake = Fake(Options(seed=7), clock=lambda: self._now, registry=registry)

    def get(self, path: str) -> Any:  # noqa: ANN401 - any JSON
        """Send a GET to `path`, given without the API prefix."""
        return self._call(Request("GET", API_PREFIX + path, _HEADERS))

    def post(self, path: str, document: msgspec.Struct | None = None) -> Any:  # noqa: ANN401 - any JSON
        """Send a POST, with `document` as its JSON; asynchronous calls are enabled."""
        headers = (*_HEADERS, ("content-type", MEDIA_TYPE), (ASYNC_HEADER, "enable"))
        body = b"" if document is None else msgspec.json.encode(document)
        return self._call(Request("POST", API_PREFIX + path, headers, body))

    def create_tasks(self) -> dict[str, str]:
        """Create a task by each model that makes videos, but emoji-v1; return the id of each, by model."""
        created: dict[str, str] = {}
        for endpoint in self._registry.endpoints:
            if isinstance(endpoint.model, TaskModel) and endpoint.documentation and endpoint.model.name != VIDEO_MODEL:
                request = next(iter(endpoint.documentation.request_examples.values()))
                created[endpoint.model.name] = self.post(endpoint.route.path, request)["output"]["task_id"]
        return created

    def advance(self, seconds: float) -> None:
        """Advance the fake's clock."""
        self._now += seconds

    def _call(self, request: Request) -> Any:  # noqa: ANN401 - any JSON
        with telling_nobody():
            reply = self._fake.answer(request)
        assert isinstance(reply, Response)  # noqa: S101 - there are no rules
        return json.loads(reply.body)

"""What leads up to a case: requests that are sent first, whose answers fill in words of those that follow."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from emoji_mock.contract.exchange import Headers, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from emoji_mock.conformance.cases.case import Case, Filled
    from emoji_mock.contract.exchange import Response

_SUCCESS = range(200, 300)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Step:
    """A request that comes before a case's own; after it `wait` seconds pass.

    `learns` says which word stands for what in its answer, such as `{"<task id>": "output.task_id"}`.
    """

    method: str = "POST"
    path: str
    headers: Headers
    body: bytes = b""
    learns: Mapping[str, str] = field(default_factory=dict[str, str])
    wait: float = 0.0

    def request(self, filled: Filled) -> Request:
        """Return the request, with what is known so far filled in."""
        headers = tuple((name, filled.text(value)) for name, value in self.headers)
        return Request(self.method, filled.text(self.path), headers, filled.data(self.body))


class Played(NamedTuple):
    """A case that was asked: what was filled in, its own request, and the answer."""

    filled: Filled
    request: Request
    response: Response


class NotPreparedError(Exception):
    """A step that was not answered as the case needs it; `response` is what it got instead."""

    def __init__(self, step: Step, response: Response) -> None:
        self.response = response
        super().__init__(f"the case could not be prepared: {step.method} {step.path} got {response.status}")


def play(case: Case, filled: Filled, send: Callable[[Request], Response], wait: Callable[[float], None]) -> Played:
    """Send the steps of `case`, then its own request. Raises NotPreparedError, and what `send` raises.

    A target that knows the words already, as a recording does, needs no steps.
    """
    if not filled.learned:
        for step in case.before:
            response = send(step.request(filled))
            filled = filled.knowing(_learned(step, response))
            wait(step.wait)
    request = case.request(filled)
    return Played(filled, request, send(request))


def _learned(step: Step, response: Response) -> dict[str, Any]:
    if response.status not in _SUCCESS:
        raise NotPreparedError(step, response)
    if not step.learns:
        return {}
    try:
        document: Any = json.loads(response.body)
        return {word: _at(document, place) for word, place in step.learns.items()}
    except (ValueError, KeyError, TypeError, RecursionError):
        raise NotPreparedError(step, response) from None


def _at(document: object, place: str) -> object:
    for name in place.split("."):
        if not isinstance(document, dict):
            raise TypeError(place)
        document = cast("dict[str, object]", document)[name]
    return document

"""Send a case to a target: first its setup requests, whose answers contain values for it, then its own request."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple, cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from emoji_mock.conformance.cases.case import Case, SetupRequest
    from emoji_mock.conformance.cases.placeholders import Bindings
    from emoji_mock.contract.exchange import Request, Response

_SUCCESS = range(200, 300)


class CaseExchange(NamedTuple):
    """A case that was sent: the values of its placeholders, its own request, and the answer."""

    bindings: Bindings
    request: Request
    response: Response


class SetupError(Exception):
    """A setup request got another answer than the case needs; `response` is that answer."""

    def __init__(self, setup: SetupRequest, response: Response) -> None:
        self.response = response
        super().__init__(f"the setup failed: {setup.method} {setup.path} got {response.status}")


def send_case(
    case: Case, bindings: Bindings, send: Callable[[Request], Response], wait: Callable[[float], None]
) -> CaseExchange:
    """Send the setup requests of `case`, then its own request. Raises SetupError, and the errors of `send`.

    Bindings that contain captured values, as those of a recording do, need no setup.
    """
    if not bindings.captured:
        for setup in case.setup:
            response = send(setup.request(bindings))
            bindings = bindings.with_captured(_capture(setup, response))
            wait(setup.wait)
    request = case.request(bindings)
    return CaseExchange(bindings, request, send(request))


def _capture(setup: SetupRequest, response: Response) -> dict[str, Any]:
    """Return the values that `setup` captures from `response`, by placeholder."""
    if response.status not in _SUCCESS:
        raise SetupError(setup, response)
    if not setup.captures:
        return {}
    try:
        document: Any = json.loads(response.body)
        return {placeholder: _at(document, place) for placeholder, place in setup.captures.items()}
    except (ValueError, KeyError, TypeError, RecursionError):
        raise SetupError(setup, response) from None


def _at(document: object, place: str) -> object:
    for name in place.split("."):
        if not isinstance(document, dict):
            raise TypeError(place)
        document = cast("dict[str, object]", document)[name]
    return document

"""Check the fields in the body of a detection, in the order in which a mistake is reported (inferred)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from emoji_mock.contract.row import Row
from emoji_mock.contract.rows import service
from emoji_mock.fake.checks.refusal import Refused

if TYPE_CHECKING:
    from emoji_mock.fake.checks.request import JsonDecision
    from emoji_mock.fake.context import RequestContext

Mistake = tuple[Callable[[dict[str, Any]], bool], Row]
"""Whether a body has this mistake, given that it has none that is checked before; and the row that reports it."""


def _image_url(sent: dict[str, Any]) -> object:
    given: dict[str, Any] = sent["input"]
    return given.get("image_url")


NO_INPUT: Mistake = (lambda sent: sent.get("input") is None, service.NO_INPUT)
NO_IMAGE_URL: tuple[Mistake, ...] = (
    (lambda sent: not isinstance(sent["input"], dict), service.ILLEGAL_INPUT),
    (lambda sent: _image_url(sent) is None, service.FIELD_REQUIRED),
    (lambda sent: not isinstance(_image_url(sent), str), service.PARAMETER_INVALID),
)
"""An `input` without a picture's URL."""
NO_OBJECT: Mistake = (
    lambda sent: sent.get("parameters") is not None and not isinstance(sent["parameters"], dict),
    service.PARAMETER_INVALID,
)
"""`parameters` that are there and no object."""
PROVOKES = {
    service.NO_INPUT: "leave input out",
    service.ILLEGAL_INPUT: "send an input that is no object",
    service.FIELD_REQUIRED: "leave image_url out",
}
"""Which request gets a row from these checks."""


def refuse_mistakes(*mistakes: Mistake) -> Callable[[RequestContext, JsonDecision], None]:
    """Return the check that refuses a body which is not wholly valid, with the first of its `mistakes`."""

    def check(_: RequestContext, decision: JsonDecision) -> None:
        if decision.document is None:
            return
        for is_wrong, row in mistakes:
            if is_wrong(decision.document):
                raise Refused(row)

    return check


def ratio_of(decision: JsonDecision, default: str) -> object:
    """Return the parameter `ratio`, which is `default` in a wholly valid request for emoji-detect-v1; None without."""
    if decision.document is None:
        return default
    parameters = decision.document.get("parameters")
    return cast("dict[str, Any]", parameters).get("ratio") if isinstance(parameters, dict) else None

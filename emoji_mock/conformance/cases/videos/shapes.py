"""The documents of a task by its model: key order, the place of the result, and usage, as its own page shows them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from emoji_mock.conformance.cases.documents import ACCEPTED, ENDED, SUCCEEDED, URL
from emoji_mock.contract.endpoint import EMO
from emoji_mock.contract.geometry import Size
from emoji_mock.contract.model import Result

if TYPE_CHECKING:
    from emoji_mock.conformance.cases.documents import Expectation, Shape
    from emoji_mock.contract.model import TaskModel

_TEMPLATE = re.compile(r"AACT\.\S+")
_SIZE = re.compile(r"\d+\*\d+")


def accepted(model: TaskModel) -> Shape:
    """Return the document of an accepted task; the pages of most models put its id first."""
    if not model.task_id_first:
        return ACCEPTED
    output = ACCEPTED.fields["output"]
    assert isinstance(output, dict)  # noqa: S101 - the shape's own
    turned = dict(reversed(output.items()))
    return replace(ACCEPTED, fields={**ACCEPTED.fields, "output": turned})


def succeeded(model: TaskModel, tier: str = "") -> Shape:
    """Return the document of a task that succeeded; a price depends on its `tier`."""
    output = SUCCEEDED.fields["output"]
    assert isinstance(output, dict)  # noqa: S101 - the shape's own
    known = {name: output[name] for name in ("task_id", "task_status", *ENDED)}
    container, _, name = model.result.rpartition(".")
    result: dict[str, Expectation] = {name: _TEMPLATE if name == "template_id" else URL}
    fields: dict[str, Expectation] = {
        "request_id": SUCCEEDED.fields["request_id"],
        "output": {**known, **({container: result} if container else result)},
        "usage": _usage(model, tier or next(iter(model.prices))),
    }
    if model.request_id_last:
        fields["request_id"] = fields.pop("request_id")
    # emo-v1's order was not seen.
    guesses = frozenset({"body", "output"} if model.name == EMO else ())
    return replace(SUCCEEDED, fields=fields, guesses=guesses)


def _usage(model: TaskModel, tier: str) -> dict[str, Expectation]:
    """Return the usage by the model's own function, whose numbers of seconds and pixels may be others."""
    usage: dict[str, Expectation] = msgspec.to_builtins(model.usage(Result(2.5, tier, Size(2, 4))))
    for name, value in usage.items():
        if "duration" in name:
            usage[name] = float
        elif isinstance(value, str) and _SIZE.fullmatch(value):
            usage[name] = _SIZE
    return usage

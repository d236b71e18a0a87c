"""What a model's verdict must hold: the fields of `output` in their order, the code, and the message."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from emoji_mock.conformance.judge.difference import Difference, DifferenceKind, shown
from emoji_mock.conformance.judge.summary import FLAGS, MESSAGES
from emoji_mock.contract import samples
from emoji_mock.contract.model import DetectionModel
from emoji_mock.contract.row import Outcome, Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emoji_mock.contract.model import Model

_TEXTS = ("code", *MESSAGES)
_STYLES = ("full", "half")
# A mirror of the vendor's documents shows it of emo-detect-v1, the vendor's own page does not.
_OPTIONAL = {"humanoid": bool}


class Promise(NamedTuple):
    """What is promised of an answer that is no document of another shape.

    `outcome` is how it counts: a picture that is refused as an HTTP error is an error, and is not billed. `output` are
    the fields of a verdict, empty for an error.
    """

    outcome: Outcome
    code: str
    output: dict[str, Any]


def promise_of(expected: Row | Outcome, model: Model) -> Promise:
    """Return what is promised of an answer of `model` that is `expected`."""
    if isinstance(expected, Outcome):
        return Promise(expected, "", _passed(model.name))
    if not expected.billed or not isinstance(model, DetectionModel):
        outcome = Outcome.ERROR if expected.outcome is Outcome.FAILED else expected.outcome
        return Promise(outcome, str(expected.code or ""), {})
    output = msgspec.to_builtins(model.failed_output(str(expected.code or ""), expected.text(), False))  # noqa: FBT003
    return Promise(Outcome.FAILED, output.get("code", ""), output)


@lru_cache
def _passed(model: str) -> dict[str, Any]:
    output: dict[str, Any] = samples.passed(model)["body"]["output"]
    return output


def compare_verdict(found: dict[str, Any], promise: Promise) -> Iterator[Difference]:
    """Yield where the plain fields of a verdict differ; code, message and boxes are compared elsewhere."""
    for name, wanted in promise.output.items():
        if name not in found or isinstance(wanted, list) or (name in _TEXTS and promise.outcome is Outcome.FAILED):
            continue
        value = found[name]
        if type(value) is not type(wanted):
            kind = "true or false" if isinstance(wanted, bool) else "a string"
            yield Difference(DifferenceKind.TYPE, f"output.{name}", kind, shown(value))
        elif value != wanted and not (wanted in _STYLES and value in _STYLES):
            kind = DifferenceKind.MESSAGE if name in MESSAGES else DifferenceKind.VALUE
            yield Difference(kind, f"output.{name}", shown(wanted), shown(value))


def compare_flag(found: dict[str, Any], promise: Promise) -> Iterator[Difference]:
    """Yield a difference if the field that says whether a picture passed says the opposite."""
    for name in FLAGS:
        wanted = promise.output.get(name)
        if wanted is not None and found.get(name) is (not wanted):
            yield Difference(DifferenceKind.VALUE, f"output.{name}", shown(wanted), shown(found[name]))


def is_optional(name: str, value: object) -> bool:
    """Return whether a verdict may hold this field, although its sample does not."""
    return type(value) is _OPTIONAL.get(name)

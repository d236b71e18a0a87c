"""Read the verdict of each detection model: passed with what it says of the picture, failed, or neither."""

from __future__ import annotations

import sys
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from emoji_mock.client.parse.answer import to_text
from emoji_mock.client.results import AnyPassed, AnyResult, Failed, Passed, PassedAnimate, PassedLivePortrait, PassedS2v
from emoji_mock.contract.endpoint import ANIMATE_DETECT, EMO_DETECT, LIVEPORTRAIT_DETECT, MODEL, S2V_DETECT
from emoji_mock.contract.geometry import Box, Size
from emoji_mock.contract.models import DETECTORS
from emoji_mock.contract.row import Outcome
from emoji_mock.contract.rows import ROWS

if TYPE_CHECKING:
    from collections.abc import Callable

    from emoji_mock.client.options import Detector, EmoDetector, Ratio

_ANY_SIZE = Size(sys.maxsize, sys.maxsize)


class Output(msgspec.Struct):
    """The `output` of any detection model."""

    bbox_face: Box | None = None
    ext_bbox_face: Box | None = None
    face_bbox: Box | None = None
    ext_bbox: Box | None = None
    check_pass: bool | None = None
    is_pass: bool | None = msgspec.field(default=None, name="pass")
    humanoid: bool | None = None
    bodystyle: str | None = None
    code: str | int | None = None
    message: str | None = None
    reason: str | None = None


class Asked(NamedTuple):
    """What a detection asks for."""

    model: Detector
    ratio: Ratio


class Facts(NamedTuple):
    """What all answers with HTTP 200 say."""

    request_id: str
    images: int


def read_verdict(asked: Asked, output: Output, facts: Facts) -> AnyResult | None:
    """Return the result, or None if the output is not a verdict of this model."""
    return _READERS[asked.model](asked, output, facts)


@cache
def failure_codes(model: Detector) -> frozenset[str]:
    """Return the codes that mean a failed detection where this model answers with an HTTP error.

    Some codes of failed detections are codes of errors at another model.
    """
    codes: dict[Outcome, set[str]] = {Outcome.FAILED: set(), Outcome.ERROR: set()}
    for row in ROWS:
        own = DETECTORS[model].failure(row) if row.outcome is Outcome.FAILED else None
        if own is not None and row.code:
            codes[own.outcome].add(row.code)
    return frozenset(codes[Outcome.FAILED] - codes[Outcome.ERROR])


def _emoji(asked: Asked, output: Output, facts: Facts) -> AnyResult | None:
    code = to_text(output.code)
    if code and output.bbox_face is None and output.ext_bbox_face is None:
        return _failed(asked, output, facts)
    boxes = _boxes(output.bbox_face, output.ext_bbox_face)
    return Passed(*boxes, *facts) if boxes and not code else None


def _emo(asked: Asked, output: Output, facts: Facts) -> AnyResult | None:
    if boxes := _boxes(output.face_bbox, output.ext_bbox):
        passed: Passed[EmoDetector] = Passed(
            *boxes, *facts, model=EMO_DETECT, ratio=asked.ratio, humanoid=output.humanoid
        )
        return _checked(output.check_pass, passed, asked, output, facts)
    return _failed(asked, output, facts) if output.check_pass is False else None


def _s2v(asked: Asked, output: Output, facts: Facts) -> AnyResult | None:
    return _checked(output.check_pass, PassedS2v(output.humanoid, *facts), asked, output, facts)


def _liveportrait(asked: Asked, output: Output, facts: Facts) -> AnyResult | None:
    return _checked(output.is_pass, PassedLivePortrait(*facts), asked, output, facts)


def _animate(asked: Asked, output: Output, facts: Facts) -> AnyResult | None:
    return _checked(output.check_pass, PassedAnimate(to_text(output.bodystyle), *facts), asked, output, facts)


_READERS: MappingProxyType[str, Callable[[Asked, Output, Facts], AnyResult | None]] = MappingProxyType(
    {
        MODEL: _emoji,
        EMO_DETECT: _emo,
        S2V_DETECT: _s2v,
        LIVEPORTRAIT_DETECT: _liveportrait,
        ANIMATE_DETECT: _animate,
    }
)


def _checked(
    is_passed: bool | None,  # noqa: FBT001 - a value of the answer
    passed: AnyPassed,
    asked: Asked,
    output: Output,
    facts: Facts,
) -> AnyResult | None:
    """Return what the flag says. With a code, or without the flag, the answer contradicts itself or is another's."""
    if is_passed is False:
        return _failed(asked, output, facts)
    return passed if is_passed and not output.code else None


def _failed(asked: Asked, output: Output, facts: Facts) -> Failed:
    return Failed(to_text(output.code), to_text(output.message or output.reason), *facts, model=asked.model)


def _boxes(face: Box | None, ext: Box | None) -> tuple[Box, Box] | None:
    if face is not None and ext is not None and face.within(_ANY_SIZE) and ext.within(_ANY_SIZE):
        return face, ext
    return None

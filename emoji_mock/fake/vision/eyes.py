"""The thresholds by which held pictures are judged: one table, from which options, messages and documentation derive.

All of them are inferred: the vendor publishes reasons, but no numbers. docs/explanations/vision.md shows how they were
chosen.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct, structs

from emoji_mock._support.validation import unknown
from emoji_mock.contract.codes import Code


def _threshold(code: Code, unit: str, description: str, most: float) -> Meta:
    return Meta(ge=0, le=most, description=description, extra={"code": code, "unit": unit})


class Eyes(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The thresholds by which held pictures are judged. Raises ValueError."""

    light: Annotated[float, _threshold(Code.VALUE, "", "the least mean luminance, from 0 to 1", 1)] = 0.12
    sharpness: Annotated[float, _threshold(Code.VALUE, "", "the least sharpness of the face, from 0 to 1", 1)] = 0.1
    second: Annotated[
        float,
        _threshold(
            Code.MULTI_HUMAN, "", "the least width of another face, as a share of the largest, that is a person", 1
        ),
    ] = 0.3
    smallest: Annotated[
        float,
        _threshold(Code.BODY_PROPORTION, "", "the least width of the face, as a share of the picture's short side", 1),
    ] = 0.1
    largest: Annotated[
        float,
        _threshold(Code.BODY_PROPORTION, "", "the most width of the face, as a share of the picture's short side", 1),
    ] = 0.8
    half: Annotated[
        float,
        _threshold(Code.FULL_BODY, "", "the least room below the face for half a body, in heights of the face", 20),
    ] = 1.0
    whole: Annotated[
        float,
        _threshold(Code.FULL_BODY, "", "the least room below the face for a whole body, in heights of the face", 20),
    ] = 5.0
    cut: Annotated[float, _threshold(Code.FULL_FACE, "", "the most of the face that is outside the picture", 1)] = 0.1
    covered: Annotated[
        float, _threshold(Code.FULL_FACE, "", "the most that may speak for a mask, sunglasses or a hand", 1)
    ] = 0.5
    roll: Annotated[float, _threshold(Code.FACE_POSE, "°", "the most that the head is tilted, in degrees", 180)] = 20.0
    yaw: Annotated[float, _threshold(Code.FACE_POSE, "°", "the most that the head is turned, in degrees", 90)] = 25.0

    def __post_init__(self) -> None:
        for field in structs.fields(Eyes):
            given = getattr(self, field.name)
            try:
                msgspec.convert(given, field.type)
            except msgspec.ValidationError as error:
                from emoji_mock._support.validation import expected_value  # noqa: PLC0415 - needed for an error only

                raise ValueError(f"{field.name}: must be {expected_value(str(error))}, not {given!r}") from None


def make_eyes(given: dict[str, Any]) -> Eyes:
    """Return the eyes with the thresholds `given`. Raises TypeError for an unknown name, ValueError for a value."""
    for name in given:
        if name not in Eyes.__struct_fields__:
            raise TypeError(unknown("threshold", name, Eyes.__struct_fields__))
    return Eyes(**given)


def read_eyes(text: str) -> Eyes:
    """Return the eyes that are written as `roll=25, yaw=30`. Raises ValueError."""
    given: dict[str, float] = {}
    for word in filter(None, re.split(r"[\s,]+", text)):
        name, _, value = word.partition("=")
        if name in ("on", "off"):
            raise ValueError(f"{name} stands alone; leave out the rest, or write thresholds such as roll=25,yaw=30")
        if name not in Eyes.__struct_fields__:
            raise ValueError(unknown("threshold", name, ("on", "off", *Eyes.__struct_fields__)))
        try:
            given[name] = float(value)
        except ValueError:
            raise ValueError(f"{name} has no number; write it like {name}={getattr(Eyes(), name):g}") from None
    return make_eyes(given)

"""Compare two boxes with the contract: whole pixels, rectangles inside the picture, the larger one by the rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from emoji_mock.conformance.judge.difference import Difference, DifferenceKind
from emoji_mock.contract.geometry import Box, Size, ext_box
from emoji_mock.contract.model import DetectionModel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emoji_mock.conformance.cases.case import Case

_TOLERANCE = 1  # in pixels: the rule reproduces the two published pairs to a pixel
_NUMBERS = 4
_SQUARENESS = 0.1
"""How much the sides of a face may differ, as a share of the longer; published faces differ by a pixel."""
_CENTRING = 0.05
"""How far apart the centres of two boxes may be, in widths of the face; published pairs are half a pixel apart."""


def compare_boxes(output: dict[str, Any], size: Size | None, case: Case) -> Iterator[Difference]:
    """Yield where the boxes of `output` differ; `size` is the picture's, in pixels, or None if unknown."""
    model = case.contract
    if not isinstance(model, DetectionModel):
        return
    found: list[Box] = []
    for name in model.boxes:
        if name not in output:
            continue
        box = _box(output[name])
        if box is None:
            yield Difference(DifferenceKind.TYPE, f"output.{name}", "four integers", str(output[name]))
        elif not box.within(size or Size(2**31, 2**31)):
            inside = f" in a picture of {size.width}x{size.height}" if size else ""
            yield Difference(DifferenceKind.BOXES, f"output.{name}", f"a rectangle{inside}", str(list(box)))
        else:
            found.append(box)
    if len(found) == 2:  # noqa: PLR2004 - both
        yield from _compare_pair(found[0], found[1], size, model, case.ratio)


def _compare_pair(face: Box, ext: Box, size: Size | None, model: DetectionModel, ratio: str) -> Iterator[Difference]:
    of_face, where = (f"output.{name}" for name in model.boxes)
    if abs(face.width - face.height) > max(_TOLERANCE, _SQUARENESS * max(face.width, face.height)):
        yield Difference(DifferenceKind.GEOMETRY, of_face, "nearly a square", str(list(face)), guess=True)
    if not (ext.x1 <= face.x1 and ext.y1 <= face.y1 and ext.x2 >= face.x2 and ext.y2 >= face.y2):
        yield Difference(DifferenceKind.BOXES, where, f"holds the face {list(face)}", str(list(ext)))
        return
    # A box given as corner and size, or with y before x, is a rectangle too. It fails this check.
    if abs(ext.x1 + ext.x2 - face.x1 - face.x2) / 2 > max(_TOLERANCE, _CENTRING * face.width):
        centre = f"centred on the face in x, at {(face.x1 + face.x2) / 2:g}"
        yield Difference(DifferenceKind.BOXES, where, centre, str(list(ext)))
        return
    wide, tall = map(int, ratio.split(":"))
    # https://help.aliyun.com/zh/model-studio/emo-detect-api: the larger box has the ratio that was asked for.
    if len(model.ratios) > 1 and abs(ext.height * wide - ext.width * tall) > 2 * max(wide, tall):
        yield Difference(DifferenceKind.BOXES, where, f"width to height as {ratio}", str(list(ext)))
        return
    proportions = model.proportions
    assert proportions is not None  # noqa: S101 - a model with boxes has them
    fits = [ext_box(face, one, proportions, tallness=tall / wide) for one in _sizes(ext, size, model)]
    if not any(_is_close(ext, one) for one in fits):
        yield Difference(DifferenceKind.GEOMETRY, where, f"{list(fits[0])} by the rule", str(list(ext)), guess=True)


def _sizes(ext: Box, size: Size | None, model: DetectionModel) -> list[Size]:
    """Return the possible sizes of the picture: the larger box may end at a border."""
    if size is not None or model.pictures is None:
        return [size or Size(ext.x2, ext.y2)]
    longest = model.pictures.sides[1]
    return [Size(width, height) for width in (longest, ext.x2) for height in (longest, ext.y2)]


def _is_close(one: Box, other: Box) -> bool:
    return all(abs(a - b) <= _TOLERANCE for a, b in zip(one, other, strict=True))


def _box(value: object) -> Box | None:
    numbers = cast("list[object]", value) if isinstance(value, list) else []
    if len(numbers) != _NUMBERS or any(type(number) is not int for number in numbers):
        return None
    return Box(*cast("list[int]", numbers))

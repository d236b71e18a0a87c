"""Compare two boxes with the contract: whole pixels, rectangles inside the picture, the larger one by the rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from emoji_mock.conformance.judge.difference import Difference, DifferenceKind
from emoji_mock.contract.endpoint import IMAGE_SIDES
from emoji_mock.contract.geometry import Box, Size, ext_box

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOLERANCE = 1  # in pixels: the rule reproduces the two published pairs to a pixel
_NUMBERS = 4
_SQUARENESS = 0.1
"""How much the sides of a face may differ, as a share of the longer; published faces differ by a pixel."""
_CENTRING = 0.05
"""How far apart the centres of two boxes may be, in widths of the face; published pairs are half a pixel apart."""


def compare_boxes(output: dict[str, Any], size: Size | None) -> Iterator[Difference]:
    """Yield where the boxes of `output` differ; `size` is the picture's, in pixels, or None if unknown."""
    found: list[Box] = []
    for name in ("bbox_face", "ext_bbox_face"):
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
        yield from _compare_pair(found[0], found[1], size)


def _compare_pair(face: Box, ext: Box, size: Size | None) -> Iterator[Difference]:
    where = "output.ext_bbox_face"
    if abs(face.width - face.height) > max(_TOLERANCE, _SQUARENESS * max(face.width, face.height)):
        yield Difference(DifferenceKind.GEOMETRY, "output.bbox_face", "nearly a square", str(list(face)), guess=True)
    if not (ext.x1 <= face.x1 and ext.y1 <= face.y1 and ext.x2 >= face.x2 and ext.y2 >= face.y2):
        yield Difference(DifferenceKind.BOXES, where, f"holds the face {list(face)}", str(list(ext)))
        return
    # A box given as corner and size, or with y before x, is a rectangle too. It fails this check.
    if abs(ext.x1 + ext.x2 - face.x1 - face.x2) / 2 > max(_TOLERANCE, _CENTRING * face.width):
        centre = f"centred on the face in x, at {(face.x1 + face.x2) / 2:g}"
        yield Difference(DifferenceKind.BOXES, where, centre, str(list(ext)))
        return
    fits = [ext_box(face, one) for one in _sizes(ext, size)]
    if not any(_is_close(ext, one) for one in fits):
        yield Difference(DifferenceKind.GEOMETRY, where, f"{list(fits[0])} by the rule", str(list(ext)), guess=True)


def _sizes(ext: Box, size: Size | None) -> list[Size]:
    """Return the possible sizes of the picture: the larger box may end at a border."""
    if size is not None:
        return [size]
    longest = IMAGE_SIDES[1]
    return [Size(width, height) for width in (longest, ext.x2) for height in (longest, ext.y2)]


def _is_close(one: Box, other: Box) -> bool:
    return all(abs(a - b) <= _TOLERANCE for a, b in zip(one, other, strict=True))


def _box(value: object) -> Box | None:
    numbers = cast("list[object]", value) if isinstance(value, list) else []
    if len(numbers) != _NUMBERS or any(type(number) is not int for number in numbers):
        return None
    return Box(*cast("list[int]", numbers))

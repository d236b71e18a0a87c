"""Warp a picture into a pose: pixels move most around the face, and not at all at the border."""

from __future__ import annotations

from functools import cache, partial
from math import cos, exp, radians, sin
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emoji_mock.media.videos.pose import Pose
    from emoji_mock.media.videos.still import Still

_CELL = 32  # side of a cell of the mesh, in pixels
_CELLS = 32  # that many along the longer side, at most

# The middle of a head and half its width, from the centre of the face's box, in units of half its size.
_HEAD_DOWN, _HEAD_HALF = 0.07, 0.88
# Parts of a face, from the middle of the head, in units of half its width. They are mirrored on the left.
_EYE = (0.4, -0.3)
_MOUTH_CORNER = (0.34, 0.52)
_BROW = (0.44, -0.62)
_SQUEEZE = 1.6  # of a closed eye; from 2.2 on the picture would overlap itself
_CHIN = (0.0, 0.72)
_JAW = 0.22  # how far it falls
_FACE_RADIUS = 1.4


def warp(still: Still, pose: Pose) -> Image.Image:
    """Return the picture with its head in `pose`, at the same size."""
    source = cache(partial(_source, still, pose))
    mesh = [
        (
            (left, top, right, bottom),
            (*source(left, top), *source(left, bottom), *source(right, bottom), *source(right, top)),
        )
        for left, top, right, bottom in _cells(still)
    ]
    return still.image.transform(still.image.size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR)


def _cells(still: Still) -> Iterator[tuple[int, int, int, int]]:
    """Yield the borders of the cells that move as a whole, in pixels; those in the face are smaller."""
    width, height = still.image.size
    cell = max(_CELL, max(width, height) // _CELLS)
    half = cell // 2
    for y in range(0, height, cell):
        for x in range(0, width, cell):
            if max(abs(x + half - still.x), abs(y + half - still.y)) < still.unit:
                parts = [(x, y, half), (x + half, y, half), (x, y + half, half), (x + half, y + half, half)]
            else:
                parts = [(x, y, cell)]
            for left, top, side in parts:
                if left < width and top < height:
                    yield left, top, min(left + side, width), min(top + side, height)


def _source(still: Still, pose: Pose, x: int, y: int) -> tuple[float, float]:
    """Return the point of the picture that is shown at the pixel (x, y)."""
    width, height = still.image.size
    mobility = _mobility(x, width) * _mobility(y, height)
    unit, middle = _HEAD_HALF * still.unit, still.y + _HEAD_DOWN * still.unit
    across, along = (x - still.x) / unit, (y - middle) / unit
    # The body stays in place; the head turns about the neck.
    mobility *= exp(-max(0.0, along - 0.9) * 1.6)
    across, along = _undo_head_motion(pose, mobility, across, along)
    if abs(across) < _FACE_RADIUS and abs(along) < _FACE_RADIUS:
        along += _expression_offset(pose, across, along) * mobility
    source_x, source_y = still.x + across * unit, middle + along * unit
    return min(max(0.0, source_x), width - 0.001), min(max(0.0, source_y), height - 0.001)


def _mobility(place: int, length: int) -> float:
    """Return 0 at the border and 1 from a quarter of the way in."""
    part = min(1.0, 4 * min(place, length - place) / length)
    return part * part * (3 - 2 * part)


def _undo_head_motion(pose: Pose, mobility: float, across: float, along: float) -> tuple[float, float]:
    across, along = across - pose.right * mobility, along - pose.down * mobility - 1.0
    angle, scale = -radians(pose.tilt) * mobility, 1 / (1 + pose.grow * mobility)
    turned_x = across * cos(angle) - along * sin(angle)
    turned_y = across * sin(angle) + along * cos(angle)
    return turned_x * scale, turned_y * scale + 1.0


def _expression_offset(pose: Pose, across: float, along: float) -> float:
    """Return how far below (across, along) the point lies that eyes, mouth and brows show there."""
    rightness = min(1.0, max(0.0, 0.5 + 2.5 * across))
    eye = pose.left_eye + rightness * (pose.right_eye - pose.left_eye)
    offset = _SQUEEZE * eye * (along - _EYE[1]) * _closeness(across, along, _EYE, 0.34, 0.16)
    offset += pose.smile * _closeness(across, along, _MOUTH_CORNER, 0.16, 0.3)
    offset += pose.brows * _closeness(across, along, _BROW, 0.4, 0.2)
    return offset - _JAW * pose.mouth * _closeness(across, along, _CHIN, 0.45, 0.28)


def _closeness(across: float, along: float, place: tuple[float, float], wide: float, high: float) -> float:
    """Return 1 at `place` on either side of the face, and less with the distance from it."""
    return exp(-(((abs(across) - place[0]) / wide) ** 2) - ((along - place[1]) / high) ** 2)

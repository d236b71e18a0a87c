"""A picture in another pose: its pixels are moved, most around the face and not at all at the border."""

from __future__ import annotations

from functools import cache, partial
from math import cos, exp, radians, sin
from typing import TYPE_CHECKING

from PIL import Image

from emoji_mock.contract.endpoint import VIDEO_SIDE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emoji_mock.media.videos.pose import Pose
    from emoji_mock.media.videos.still import Still

_CELL = 32  # pixels

# Where things are in a face, from the centre of its box, in halves of its size.
_EYE = (0.4, -0.3)
_MOUTH_CORNER = (0.34, 0.52)
_BROW = (0.44, -0.62)
_SQUEEZE = 1.6  # 2.2 and more would fold the picture over
_NEAR = 1.4


def warped(still: Still, pose: Pose) -> Image.Image:
    """Return the picture with its head in `pose`."""
    source = cache(partial(_source, still, pose))
    mesh = [
        (
            (x, y, x + cell, y + cell),
            (*source(x, y), *source(x, y + cell), *source(x + cell, y + cell), *source(x + cell, y)),
        )
        for x, y, cell in _cells(still)
    ]
    return still.image.transform(still.image.size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR)


def _cells(still: Still) -> Iterator[tuple[int, int, int]]:
    """Yield where the parts are that move alike, and how large: they are finer in the face."""
    for y in range(0, VIDEO_SIDE, _CELL):
        for x in range(0, VIDEO_SIDE, _CELL):
            half = _CELL // 2
            if max(abs(x + half - still.x), abs(y + half - still.y)) < still.unit:
                yield from ((x, y, half), (x + half, y, half), (x, y + half, half), (x + half, y + half, half))
            else:
                yield x, y, _CELL


def _source(still: Still, pose: Pose, x: int, y: int) -> tuple[float, float]:
    """Return where in the picture the pixel comes from that is seen at (x, y)."""
    held = _looseness(x) * _looseness(y)
    across, along = (x - still.x) / still.unit, (y - still.y) / still.unit
    # The body stays where it is; a head turns about its neck.
    held *= exp(-max(0.0, along - 0.9) * 1.6)
    across, along = _turned_back(pose, held, across, along)
    if abs(across) < _NEAR and abs(along) < _NEAR:
        along += _face(pose, across, along) * held
    edge = VIDEO_SIDE - 0.001
    return min(max(0.0, still.x + across * still.unit), edge), min(max(0.0, still.y + along * still.unit), edge)


def _looseness(place: int) -> float:
    """Return 0 at the border and 1 from a quarter of the way in."""
    part = min(1.0, 4 * min(place, VIDEO_SIDE - place) / VIDEO_SIDE)
    return part * part * (3 - 2 * part)


def _turned_back(pose: Pose, held: float, across: float, along: float) -> tuple[float, float]:
    across, along = across - pose.right * held, along - pose.down * held - 1.0
    angle, scale = -radians(pose.tilt) * held, 1 / (1 + pose.grow * held)
    turned_x = across * cos(angle) - along * sin(angle)
    turned_y = across * sin(angle) + along * cos(angle)
    return turned_x * scale, turned_y * scale + 1.0


def _face(pose: Pose, across: float, along: float) -> float:
    """Return how much further down than (across, along) the pixel lies that is seen there."""
    of_right = min(1.0, max(0.0, 0.5 + 2.5 * across))
    eye = pose.left_eye + of_right * (pose.right_eye - pose.left_eye)
    moved = _SQUEEZE * eye * (along - _EYE[1]) * _near(across, along, _EYE, 0.34, 0.16)
    moved += pose.smile * _near(across, along, _MOUTH_CORNER, 0.16, 0.3)
    return moved + pose.brows * _near(across, along, _BROW, 0.4, 0.2)


def _near(across: float, along: float, place: tuple[float, float], wide: float, high: float) -> float:
    """Return 1 at `place`, on either side of the face, and less the further away."""
    return exp(-(((abs(across) - place[0]) / wide) ** 2) - ((along - place[1]) / high) ** 2)

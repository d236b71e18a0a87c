"""Measure how a head is tilted and turned, from the landmarks of its face."""

from __future__ import annotations

from math import atan2, cos, degrees, hypot, radians, sin
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image

from emoji_mock.media.vision.detector import DetectedFace, detect

if TYPE_CHECKING:
    from collections.abc import Iterable

_SIDE = 520
"""The side in pixels of the cut-out that is looked at: landmarks of a face under 200 pixels say little of its roll."""
_STEADY = 8.0
"""Degrees of roll from which the picture is turned back and looked at again: the detector's own saturate at 25."""
_LOOKS = 4
_SATURATED = 18.0
_DOUBTFUL = 0.92
"""A face with a lower score may lie on its side or upside down."""
_TURNS = (45.0, 90.0, 135.0, 180.0, -135.0, -90.0, -45.0)
"""By which a doubtful face is turned back; the one with the highest score is nearest to upright."""
_YAW = 60.0
"""Degrees of yaw to an offset of the nose by the distance of the eyes; from drawn heads, turned by 10 to 50 degrees."""


class HeadPose(NamedTuple):
    """Roll and yaw in degrees, and the face in a cut-out of the picture that is turned back by the roll."""

    roll: float
    yaw: float
    image: Image.Image
    face: DetectedFace


def measure_pose(image: Image.Image, face: DetectedFace) -> HeadPose:
    """Return the pose of a face that was found in `image`."""
    cut, found = _cut_out(image, face)
    best = cut
    turned_by = 0.0
    if found.score < _DOUBTFUL or abs(_roll(found)) > _SATURATED:
        turns = [(0.0, cut, found), *_turned(cut, found, _TURNS)]
        turned_by, best, found = max(turns, key=lambda turn: turn[2].score)
    for _ in range(_LOOKS):
        rest = _roll(found)
        if abs(rest) < _STEADY:
            break
        again = next(iter(_turned(cut, found, (turned_by + rest,))), None)
        if again is None:
            break
        turned_by, best, found = again
    roll = turned_by + _roll(found)
    return HeadPose((roll + 180) % 360 - 180, _YAW * _nose_offset(found), best, found)


def _cut_out(image: Image.Image, face: DetectedFace) -> tuple[Image.Image, DetectedFace]:
    """Return the square around a face that stays whole when it is turned, of _SIDE pixels, and the face in it."""
    side = 2.0 * max(face.right - face.left, face.bottom - face.top)
    left, top = (face.left + face.right - side) / 2, (face.top + face.bottom - side) / 2
    box = (round(left), round(top), round(left + side), round(top + side))
    size = (_SIDE, _SIDE)
    cut = image.crop(box).resize(size, Image.Resampling.BICUBIC)  # pyright: ignore[reportUnknownMemberType]
    moved = _moved(face, box[0], box[1], _SIDE / max(1, box[2] - box[0]))
    again = next(iter(_turned(cut, moved, (0.0,))), None)
    return cut, moved if again is None else again[2]


def _moved(face: DetectedFace, left: float, top: float, scale: float) -> DetectedFace:
    """Return a face as it is in the part of the picture that begins at (left, top), scaled."""
    return DetectedFace(
        (face.left - left) * scale,
        (face.top - top) * scale,
        (face.right - left) * scale,
        (face.bottom - top) * scale,
        face.score,
        tuple(((x - left) * scale, (y - top) * scale) for x, y in face.landmarks),
    )


def _turned(
    cut: Image.Image, face: DetectedFace, angles: Iterable[float]
) -> Iterable[tuple[float, Image.Image, DetectedFace]]:
    """Yield the angle, the cut-out turned back by it, and the middle face in it, where there still is one."""
    middle = cut.width / 2
    for angle in angles:
        image = cut.rotate(angle, Image.Resampling.BILINEAR)
        reach = max(face.right - face.left, face.bottom - face.top) / 2
        near = [found for found in detect(image) if hypot(*(_centre(found)[axis] - middle for axis in (0, 1))) < reach]
        if near:
            yield angle, image, max(near, key=lambda found: found.score)


def _centre(face: DetectedFace) -> tuple[float, float]:
    return (face.left + face.right) / 2, (face.top + face.bottom) / 2


def _roll(face: DetectedFace) -> float:
    (left_x, left_y), (right_x, right_y), *_ = face.landmarks
    return degrees(atan2(right_y - left_y, right_x - left_x))


def _nose_offset(face: DetectedFace) -> float:
    """Return how far the nose is to the right of the middle of eyes and mouth, by the distance of the eyes."""
    left_eye, right_eye, nose, left_mouth, right_mouth = face.landmarks
    corners = (left_eye, right_eye, left_mouth, right_mouth)
    x, y = (sum(point[axis] for point in corners) / 4 for axis in (0, 1))
    angle = radians(_roll(face))
    along = (nose[0] - x) * cos(angle) + (nose[1] - y) * sin(angle)
    return along / max(1.0, hypot(right_eye[0] - left_eye[0], right_eye[1] - left_eye[1]))

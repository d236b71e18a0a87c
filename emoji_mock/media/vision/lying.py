"""Find faces that lie on a side or upside down, where none is upright: the detector finds few of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emoji_mock.contract.geometry import Size
from emoji_mock.media.viewing import stored_point, upright
from emoji_mock.media.vision.detector import DetectedFace, detect

if TYPE_CHECKING:
    from PIL import Image

_TURNS = (8, 6, 3)
"""EXIF orientations: of a picture that is turned back by a quarter to the left, to the right, and by a half."""


def detect_lying(image: Image.Image) -> list[DetectedFace]:
    """Return the faces in an RGB image that are found when it is turned by quarters, in its own pixels."""
    for orientation in _TURNS:
        turned = upright(image, orientation)
        if found := detect(turned):
            return [_turned_back(face, Size(*turned.size), orientation) for face in found]
    return []


def _turned_back(face: DetectedFace, size: Size, orientation: int) -> DetectedFace:
    corners = [
        stored_point(*corner, size, orientation) for corner in ((face.left, face.top), (face.right, face.bottom))
    ]
    (left, right), (top, bottom) = (sorted(places) for places in zip(*corners, strict=True))
    landmarks = tuple(stored_point(*point, size, orientation) for point in face.landmarks)
    return DetectedFace(left, top, right, bottom, face.score, landmarks)

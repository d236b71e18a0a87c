"""Measure what covers a face: a mask, sunglasses, or a hand over the mouth or an eye.

Compared are places of the face with its skin, which is what is seen above and between the eyes. In a picture without
colours only sunglasses and a hand over an eye can be told.
"""

from __future__ import annotations

from math import hypot
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL import Image

    from emoji_mock.media.vision.detector import DetectedFace

_POINTS = 12
_DARK = 0.5
"""What is darker than this share of the skin's luminance is no skin."""
_COLOURED = 6.0
"""The least chroma of skin in a picture with colours."""
# What a measure is where it speaks as much for a cover as against it: chroma that is scaled to skin of usual light.
_MASK, _LIPS, _EYE, _LIGHT = 11.0, 2.8, 0.03, 150.0
_SEEN_EYE = 0.06
"""The least share of dark points of an eye that is seen."""
_FRONT = 20.0
"""The degrees of yaw from which an eye may be behind the nose."""


class _Places:
    """Places of an upright face: from between the eyes, in distances of the eyes, and from the eyes to the mouth."""

    def __init__(self, image: Image.Image, face: DetectedFace) -> None:
        import numpy as np  # noqa: PLC0415 - OpenCV brings it

        self._pixels = np.asarray(image.convert("YCbCr"), dtype=float)
        (left_x, left_y), (right_x, right_y), _, (corner_x, corner_y), (other_x, other_y) = face.landmarks
        self._middle = (left_x + right_x) / 2, (left_y + right_y) / 2
        self._unit = max(4.0, hypot(right_x - left_x, right_y - left_y))
        self._mouth = (corner_x + other_x) / 2, (corner_y + other_y) / 2

    def around(self, x: float, y: float, across: float, down: float, rows: int = _POINTS) -> Any:  # noqa: ANN401
        """Return points (YCbCr) in rows around (x, y), where y is 0 at the eyes and 1 at the mouth."""
        import numpy as np  # noqa: PLC0415

        (left, top), (mouth_x, mouth_y) = self._middle, self._mouth
        columns = left + (mouth_x - left) * y + self._unit * np.linspace(x - across, x + across, _POINTS)
        lines = top + (mouth_y - top) * y + self._unit * np.linspace(-down, down, rows)
        height, width = self._pixels.shape[:2]
        right = np.clip(np.round(columns), 0, width - 1).astype(int)
        low = np.clip(np.round(lines), 0, height - 1).astype(int)
        return self._pixels[low[:, None], right[None, :]]


def measure_cover(image: Image.Image, face: DetectedFace, yaw: float) -> float:
    """Return how likely something covers an upright face that is turned by `yaw` degrees, from 0 to 1."""
    import numpy as np  # noqa: PLC0415

    places = _Places(image, face)
    bare = np.concatenate([places.around(0, -0.55, 0.25, 0.08), places.around(0, 0.1, 0.08, 0.1)])
    skin = np.median(bare.reshape(-1, 3), axis=0)
    eyes = [_dark(places.around(side * 0.5, 0.05, 0.26, 0.16), skin) for side in (-1, 1)]
    below = [_dark(places.around(side * 0.5, 0.22, 0.2, 0.05), skin) for side in (-1, 1)]
    glasses = min(*eyes, *below)
    hand = 1 - min(eyes) / (2 * _EYE) if max(eyes) > _SEEN_EYE and abs(yaw) < _FRONT else 0.0
    if hypot(*(skin[1:] - 128)) < _COLOURED:
        return float(max(0.0, glasses, hand))
    scale = _LIGHT / max(60.0, skin[0])
    nose, mouth = (_distance(places.around(0, y, 0.12, 0.1), skin) for y in (0.68, 1.0))
    cheeks = max(_distance(places.around(side * 0.5, 0.5, 0.12, 0.1), skin) for side in (-1, 1))
    mask = scale * min(nose, mouth, cheeks) / (2 * _MASK)
    red = places.around(0, 1.0, 0.22, 0.3, rows=30)[..., 2].mean(axis=1)
    hand = max(hand, 1 - scale * (red.max() - np.median(red)) / (2 * _LIPS))
    return float(min(1.0, max(0.0, glasses, mask, hand)))


def _dark(points: Any, skin: Any) -> float:  # noqa: ANN401 - arrays
    """Return the share of points that are much darker than the skin."""
    return float((points[..., 0] < _DARK * skin[0]).mean())


def _distance(points: Any, skin: Any) -> float:  # noqa: ANN401
    """Return how far the usual chroma of points is from that of the skin."""
    import numpy as np  # noqa: PLC0415

    return hypot(*(np.median(points.reshape(-1, 3), axis=0) - skin)[1:])

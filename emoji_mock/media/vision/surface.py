"""Measure light, sharpness, and what covers a face, from pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL import Image

    from emoji_mock.media.vision.detector import DetectedFace

_FACE_SIDE = 128
_CLOTH, _LIPS, _COLOURED, _GREY = 20.0, 3.0, 8.0, 128.0
"""Differences of colours, as Cb and Cr have them: of cloth to skin, of lips to skin at least, of skin to grey."""
_SHARP = 400.0
"""The variance of the Laplacian of a sharp face, scaled to _FACE_SIDE pixels."""


def light_of(image: Image.Image) -> float:
    """Return the mean luminance of an RGB image, from 0 to 1."""
    from PIL import ImageStat  # noqa: PLC0415

    return ImageStat.Stat(image.convert("L")).mean[0] / 255


def sharpness_of(image: Image.Image, face: DetectedFace) -> float:
    """Return how sharp a face is, from 0 to 1: by the variance of its Laplacian at a fixed size."""
    import numpy as np  # noqa: PLC0415 - OpenCV brings it

    box = (round(face.left), round(face.top), round(face.right), round(face.bottom))
    grey = np.asarray(image.crop(box).convert("L").resize((_FACE_SIDE, _FACE_SIDE)), dtype=float)
    laplacian = 4 * grey[1:-1, 1:-1] - grey[:-2, 1:-1] - grey[2:, 1:-1] - grey[1:-1, :-2] - grey[1:-1, 2:]
    return min(1.0, float(laplacian.var()) / _SHARP)


def covered(image: Image.Image, face: DetectedFace) -> float:
    """Return how likely something covers the eyes or the mouth of an upright face, from 0 to 1.

    Lips are redder than the forehead, a mask is not, and a hand is of its colour; sunglasses are much darker. Nothing
    can be told of a picture without colours.
    """
    patches = _patches(image, face)
    skin, mouth = patches["forehead"], patches["mouth"]
    glasses = (0.5 - patches["eyes"][0] / max(1.0, skin[0])) * 3
    blue, red = mouth[1] - skin[1], mouth[2] - skin[2]
    mask = max(blue, -red) / _CLOTH
    colours = abs(skin[1:] - _GREY).max()
    hand = 0.0 if colours < _COLOURED else (_LIPS - max(abs(blue), abs(red))) / _LIPS * 2
    return float(min(1.0, max(0.0, mask, glasses, hand)))


def _patches(image: Image.Image, face: DetectedFace) -> dict[str, Any]:
    """Return the mean colours (YCbCr) of parts of a face."""
    import numpy as np  # noqa: PLC0415

    pixels = np.asarray(image.convert("YCbCr"), dtype=float)
    left_eye, right_eye, nose, left_mouth, right_mouth = face.landmarks
    eyes = ((left_eye[0] + right_eye[0]) / 2, (left_eye[1] + right_eye[1]) / 2)
    mouth = ((left_mouth[0] + right_mouth[0]) / 2, (left_mouth[1] + right_mouth[1]) / 2)
    unit = max(4.0, right_eye[0] - left_eye[0])

    def mean(x: float, y: float, across: float, down: float) -> Any:  # noqa: ANN401
        x1, x2 = max(0, round(x - across * unit)), round(x + across * unit) + 1
        y1, y2 = max(0, round(y - down * unit)), round(y + down * unit) + 1
        part = pixels[y1:y2, x1:x2].reshape(-1, 3)
        return part.mean(axis=0) if len(part) else np.array([128.0, 128.0, 128.0])

    return {
        "forehead": mean(eyes[0], eyes[1] - 0.55 * unit, 0.3, 0.1),
        "eyes": (mean(*left_eye, 0.25, 0.12) + mean(*right_eye, 0.25, 0.12)) / 2,
        "nose": mean(*nose, 0.15, 0.15),
        "mouth": mean(*mouth, 0.35, 0.2),
    }

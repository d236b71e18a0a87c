"""Measure light and sharpness, from pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

    from emoji_mock.media.vision.detector import DetectedFace

_FACE_SIDE = 128
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

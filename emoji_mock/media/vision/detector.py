"""The face detector: YuNet in OpenCV. It finds each face with its box and five landmarks."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from PIL import Image

SIDE = 640
"""The side in pixels of the square that the detector is fed; a picture is scaled to fit, and padded."""
_SCORE, _OVERLAP, _MOST = 0.6, 0.3, 50
_lock = Lock()  # a detector keeps the results of the call that it runs


class DetectedFace(NamedTuple):
    """A face as the detector finds it: corners in pixels, score (0 to 1), and landmarks (x, y) in pixels.

    The landmarks are the eye on the left of the picture, that on the right, the tip of the nose, and the corners of the
    mouth on the left and on the right.
    """

    left: float
    top: float
    right: float
    bottom: float
    score: float
    landmarks: tuple[tuple[float, float], ...]


@cache
def _detector() -> Any:  # noqa: ANN401 - cv2 does not declare all its types
    import cv2  # noqa: PLC0415 - 100 ms, and an extra
    import numpy as np  # noqa: PLC0415 - OpenCV brings it

    weights = Path(__file__).with_name("weights").joinpath("face_detection_yunet_2023mar.onnx").read_bytes()
    model, no_config = np.frombuffer(weights, np.uint8), np.empty(0, np.uint8)
    level = cv2.utils.logging.getLogLevel()
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)  # OpenCV 5 warns that it takes the only target
    try:
        return cv2.FaceDetectorYN.create("onnx", model, no_config, (SIDE, SIDE), _SCORE, _OVERLAP, _MOST)
    finally:
        cv2.utils.logging.setLogLevel(level)


def detect(image: Image.Image) -> list[DetectedFace]:
    """Return the faces in an RGB image, in its pixels."""
    import numpy as np  # noqa: PLC0415 - OpenCV brings it
    from PIL import Image  # noqa: PLC0415

    scale = min(1.0, SIDE / max(image.size))
    small = image.resize([max(1, round(side * scale)) for side in image.size], Image.Resampling.BOX)  # pyright: ignore[reportUnknownMemberType]
    square = Image.new("RGB", (SIDE, SIDE))
    square.paste(small)
    pixels = np.ascontiguousarray(np.asarray(square)[:, :, ::-1])
    with _lock:
        found: Any = _detector().detect(pixels)[1]
    rows: list[list[float]] = [] if found is None else found.tolist()
    return [_detection([value / scale for value in row[:-1]], row[-1]) for row in rows]


def _detection(numbers: list[float], score: float) -> DetectedFace:
    left, top, width, height, *points = numbers
    landmarks = tuple(zip(points[::2], points[1::2], strict=True))
    return DetectedFace(left, top, left + width, top + height, score, landmarks)

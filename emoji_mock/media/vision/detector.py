"""The face detector: YuNet in OpenCV. It finds each face with its box and five landmarks."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from emoji_mock._support.fork_safety import Locked

if TYPE_CHECKING:
    from collections.abc import Generator

    from PIL import Image

SIDE = 640
"""The side in pixels of the square that the detector is fed; a picture is scaled to fit, and padded."""
_SCORE, _OVERLAP, _MOST = 0.6, 0.3, 50
_ERROR = 2
"""OpenCV's level of logging for errors alone: `cv::utils::logging::LogLevel`."""


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


@contextmanager
def _errors_alone() -> Generator[None]:
    """Keep OpenCV from logging less than errors: version 5 warns that it takes the only target that there is."""
    import cv2  # noqa: PLC0415

    levels: Any = cv2.utils.logging if hasattr(cv2.utils, "logging") else cv2  # from 5 on, and up to 4
    level = levels.getLogLevel()
    levels.setLogLevel(_ERROR)
    try:
        yield
    finally:
        levels.setLogLevel(level)


class _Detector(Locked):
    """OpenCV's detector, loaded when it is first used. Safe from any thread: one picture at a time is looked at."""

    _loaded: Any = None

    def rows(self, pixels: Any) -> list[list[float]]:  # noqa: ANN401 - cv2 does not declare all its types
        """Return a row of numbers for each face in a square of SIDE pixels, in blue, green and red."""
        with self._lock:
            self._loaded = self._loaded or self._load()
            found: Any = self._loaded.detect(pixels)[1]
        return [] if found is None else found.tolist()

    def _load(self) -> Any:  # noqa: ANN401
        import cv2  # noqa: PLC0415 - 100 ms, and an extra
        import numpy as np  # noqa: PLC0415 - OpenCV brings it

        weights = Path(__file__).with_name("weights").joinpath("face_detection_yunet_2023mar.onnx").read_bytes()
        model, no_config = np.frombuffer(weights, np.uint8), np.empty(0, np.uint8)
        with _errors_alone():
            return cv2.FaceDetectorYN.create("onnx", model, no_config, (SIDE, SIDE), _SCORE, _OVERLAP, _MOST)


_detector = _Detector()


def detect(image: Image.Image) -> list[DetectedFace]:
    """Return the faces in an RGB image, in its pixels."""
    import numpy as np  # noqa: PLC0415 - OpenCV brings it
    from PIL import Image  # noqa: PLC0415

    scale = min(1.0, SIDE / max(image.size))
    small = image.resize([max(1, round(side * scale)) for side in image.size], Image.Resampling.BOX)  # pyright: ignore[reportUnknownMemberType]
    square = Image.new("RGB", (SIDE, SIDE))
    square.paste(small)
    pixels = np.ascontiguousarray(np.asarray(square)[:, :, ::-1])
    return [_detection([value / scale for value in row[:-1]], row[-1]) for row in _detector.rows(pixels)]


def _detection(numbers: list[float], score: float) -> DetectedFace:
    left, top, width, height, *points = numbers
    landmarks = tuple(zip(points[::2], points[1::2], strict=True))
    return DetectedFace(left, top, left + width, top + height, score, landmarks)

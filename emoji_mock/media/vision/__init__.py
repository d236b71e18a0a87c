"""See faces in pictures: OpenCV with the detector YuNet, both loaded when a picture is first looked at."""

from emoji_mock.media.vision.looking import look as look

__all__ = ["look"]

"""Look at a picture file: its faces, and how it is lit and focused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emoji_mock.contract.geometry import Box, Size
from emoji_mock.contract.vision import FaceFacts, PictureFacts
from emoji_mock.media.viewing import show, stored_box
from emoji_mock.media.vision.detector import detect

if TYPE_CHECKING:
    from emoji_mock.media.vision.detector import DetectedFace


def look(data: bytes, *, upright: bool = False) -> PictureFacts:
    """Return what is seen in the picture file `data`. Raises BrokenPictureError.

    It is looked at as people see it. Its boxes are counted in the pixels as stored, or in the picture turned `upright`
    by its EXIF orientation.
    """
    image, size, orientation = show(data)
    seen = Size(*image.size)
    faces = [FaceFacts(_squared(each, seen)) for each in detect(image)]
    if not upright:
        faces = [face._replace(box=stored_box(face.box, seen, orientation)) for face in faces]
    faces.sort(key=lambda face: face.box.width, reverse=True)
    return PictureFacts(seen if upright else size, tuple(faces))


def _squared(face: DetectedFace, size: Size) -> Box:
    """Return the square around the middle of a detector's box, inside the picture."""
    side = round(min(max(face.right - face.left, face.bottom - face.top), *size))
    left = round((face.left + face.right - side) / 2)
    top = round((face.top + face.bottom - side) / 2)
    left, top = max(0, min(left, size.width - side)), max(0, min(top, size.height - side))
    return Box(left, top, left + side, top + side)

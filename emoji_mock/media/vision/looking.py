"""Look at a picture file: its faces, and how it is lit and focused."""

from __future__ import annotations

from emoji_mock.contract.geometry import Size, square_box
from emoji_mock.contract.vision import FaceFacts, PictureFacts
from emoji_mock.media.viewing import show, stored_box
from emoji_mock.media.vision.detector import detect


def look(data: bytes, *, upright: bool = False) -> PictureFacts:
    """Return what is seen in the picture file `data`. Raises BrokenPictureError.

    It is looked at as people see it. Its boxes are counted in the pixels as stored, or in the picture turned `upright`
    by its EXIF orientation.
    """
    image, size, orientation = show(data)
    seen = Size(*image.size)
    faces = [FaceFacts(square_box(each[:4], seen)) for each in detect(image)]
    if not upright:
        faces = [face._replace(box=stored_box(face.box, seen, orientation)) for face in faces]
    faces.sort(key=lambda face: face.box.width, reverse=True)
    return PictureFacts(seen if upright else size, tuple(faces))

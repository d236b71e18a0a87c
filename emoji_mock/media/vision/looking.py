"""Look at a picture file: its faces, how each is tilted, turned, cut and covered, and how it is lit and focused."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PIL import Image

from emoji_mock.contract.geometry import Box, Size, square_box
from emoji_mock.contract.vision import FaceFacts, PictureFacts
from emoji_mock.media.decoding import open_picture
from emoji_mock.media.viewing import flat, flat_reduced, stored_box, upright
from emoji_mock.media.vision.cover import measure_cover
from emoji_mock.media.vision.detector import SIDE, detect
from emoji_mock.media.vision.lying import detect_lying
from emoji_mock.media.vision.memory import SeenPictures
from emoji_mock.media.vision.pose import measure_pose
from emoji_mock.media.vision.silhouette import shows_person
from emoji_mock.media.vision.surface import light_of, sharpness_of

if TYPE_CHECKING:
    from emoji_mock.media.vision.detector import DetectedFace

_SHAPE = 0.76
"""The usual width of the detector's box as a share of its height."""
_AT_BORDER = 0.03
"""How near a face is to the border that may cut it, as a share of its longer side."""


_seen = SeenPictures()


class _Shown(NamedTuple):
    """A picture as people see it, at most SIDE pixels long; its size as stored, and its EXIF orientation."""

    image: Image.Image
    size: Size
    orientation: int
    scale: float
    """The pixels of `image` to one of the picture."""


def look(data: bytes, *, upright: bool = False) -> PictureFacts:
    """Return what is seen in the picture file `data`. Raises BrokenPictureError.

    It is looked at as people see it. Its boxes are counted in the pixels as stored, or in the picture turned `upright`
    by its EXIF orientation. The same bytes always give the same facts, and those of the last pictures are remembered.
    """
    return _seen.get(data, upright, lambda: _look(data, upright=upright))


def _look(data: bytes, *, upright: bool) -> PictureFacts:
    shown = _show(data)
    turned = Size(*(round(side / shown.scale) for side in shown.image.size))
    found = detect(shown.image) or detect_lying(shown.image)
    found.sort(key=lambda face: face.right - face.left, reverse=True)
    # Only the largest face is judged by more than its size: there may be fifty, and each takes up to half a second.
    faces = [FaceFacts(_squared(face, shown.scale, turned)) for face in found]
    faces[:1] = [_facts(shown, face, turned) for face in found[:1]]
    if not upright:
        faces = [face._replace(box=stored_box(face.box, turned, shown.orientation)) for face in faces]
    return PictureFacts(
        turned if upright else shown.size,
        tuple(faces),
        light_of(shown.image),
        sharpness_of(shown.image, found[0]) if found else 1.0,
        body=bool(found) or shows_person(shown.image),
    )


def _show(data: bytes) -> _Shown:
    """Decode no more of a picture than is needed. Raises BrokenPictureError."""
    with open_picture(data) as (file, picture):
        scale = min(1.0, SIDE / max(file.size))
        picture.draft("RGB", (round(file.size.width * scale), round(file.size.height * scale)))
        factor = max(picture.size) // (2 * SIDE)
        whole = Box(0, 0, *picture.size)
        image = upright(flat_reduced(picture, whole, factor) if factor > 1 else flat(picture), file.orientation)
        length = min(SIDE, max(image.size))
        size = [max(1, round(side * length / max(image.size))) for side in image.size]
        image = image.resize(size, Image.Resampling.BOX)  # pyright: ignore[reportUnknownMemberType]
        return _Shown(image, file.size, file.orientation, length / max(file.size))


def _facts(shown: _Shown, face: DetectedFace, size: Size) -> FaceFacts:
    pose = measure_pose(shown.image, face)
    box = _squared(face, shown.scale, size)
    return FaceFacts(
        box,
        pose.roll,
        pose.yaw,
        _share_outside(face, Size(*shown.image.size)),
        measure_cover(pose.image, pose.face, pose.yaw),
        (size.height - box.y2) / box.height,
    )


def _squared(face: DetectedFace, scale: float, size: Size) -> Box:
    """Return the box of a face that was found at `scale`, in a picture of `size`."""
    return square_box((face.left / scale, face.top / scale, face.right / scale, face.bottom / scale), size)


def _share_outside(face: DetectedFace, size: Size) -> float:
    """Return the share of a face that is outside the picture: of its box, or of what lacks to its usual shape."""
    wide, tall = face.right - face.left, face.bottom - face.top
    width = max(0.0, min(face.right, size.width) - max(face.left, 0.0))
    height = max(0.0, min(face.bottom, size.height) - max(face.top, 0.0))
    outside = 1.0 - width * height / max(1.0, wide * tall)
    margin = _AT_BORDER * max(wide, tall)
    if face.left < margin or face.right > size.width - margin:
        outside = max(outside, 1.0 - wide / (_SHAPE * max(1.0, tall)))
    if face.top < margin or face.bottom > size.height - margin:
        outside = max(outside, 1.0 - _SHAPE * tall / max(1.0, wide))
    return outside

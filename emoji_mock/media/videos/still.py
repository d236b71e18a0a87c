"""The picture that moves: cut out of the one at hand, or drawn, and where the face is in it."""

from __future__ import annotations

import warnings
from hashlib import blake2b
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image

from emoji_mock.contract.endpoint import IMAGE_FORMATS, IMAGE_SIDES, VIDEO_SIDE
from emoji_mock.contract.geometry import Box, Size
from emoji_mock.media.decoding import has_many_scans
from emoji_mock.media.portraits import Portrait, draw

if TYPE_CHECKING:
    from emoji_mock.media.videos.scene import Scene

DECODED_PIXELS = 16_000_000
"""Up to here a picture is decoded; of a larger one only a JPEG, which can be read at a fraction of its size."""

_ONE_AT_A_TIME = Lock()  # bounds the memory, and keeps the warning filters, which belong to the process, in order
# Wide enough around the face for the vendor's larger box.
_DRAWN = Size(640, 640)
_FACE_SHARE = 0.33


class Still(NamedTuple):
    """A square picture of VIDEO_SIDE pixels, and the face in it: its centre and half its size, in pixels."""

    image: Image.Image
    x: float
    y: float
    unit: float


def still(scene: Scene) -> Still:
    """Return the first picture of the video of `scene`."""
    try:
        return _cut_out(scene)
    except (OSError, ValueError, SyntaxError, EOFError, OverflowError, MemoryError, Image.DecompressionBombError):
        return _drawn(scene)  # not at hand, or Pillow's names for a broken file


def _cut_out(scene: Scene) -> Still:
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(BytesIO(scene.picture), formats=IMAGE_FORMATS) as picture:
            size = Size(*picture.size)
            if max(size) > IMAGE_SIDES[1] or not scene.ext.within(size):
                raise ValueError("no such part in the picture")
            if has_many_scans(picture.format, scene.picture):
                raise ValueError("too many scans to decode")
            picture.draft("RGB", _enough(size, scene.ext))
            if picture.width * picture.height > DECODED_PIXELS:
                raise ValueError("too large to decode")
            shrunk = picture.width / size.width
            return _square(picture, _scaled(scene.ext, shrunk), _scaled(scene.face, shrunk))


def _enough(size: Size, ext: Box) -> tuple[int, int]:
    share = min(1.0, VIDEO_SIDE / min(ext.width, ext.height))
    return round(size.width * share), round(size.height * share)


def _drawn(scene: Scene) -> Still:
    seed = int.from_bytes(blake2b(scene.image_url.encode(errors="replace"), digest_size=8).digest(), "big")
    drawn = draw(Portrait(seed=seed, size=_DRAWN, face_share=_FACE_SHARE))
    face = drawn.faces[0]
    # The face stands in the drawing's part as the scene's face stands in the scene's.
    scale = face.width / scene.face.width
    side = min(max(scene.ext.width, scene.ext.height) * scale, *_DRAWN)
    middle_x = (face.x1 + face.x2) / 2 + scale * (_middle(scene.ext)[0] - _middle(scene.face)[0])
    middle_y = (face.y1 + face.y2) / 2 + scale * (_middle(scene.ext)[1] - _middle(scene.face)[1])
    left = round(max(0.0, min(middle_x - side / 2, _DRAWN.width - side)))
    top = round(max(0.0, min(middle_y - side / 2, _DRAWN.height - side)))
    return _square(drawn.image, Box(left, top, left + max(2, round(side)), top + max(2, round(side))), face)


def _square(image: Image.Image, part: Box, face: Box) -> Still:
    """Cut the largest square out of the middle of `part` and bring it to size."""
    side = max(1, min(part.width, part.height))
    left, top = (part.x1 + part.x2 - side) // 2, (part.y1 + part.y2 - side) // 2
    cut = image.crop((left, top, left + side, top + side)).convert("RGB")
    scale = VIDEO_SIDE / side
    x, y = _middle(face)
    return Still(
        cut.resize((VIDEO_SIDE, VIDEO_SIDE), Image.Resampling.LANCZOS),  # pyright: ignore[reportUnknownMemberType]
        (x - left) * scale,
        (y - top) * scale,
        max(face.width, face.height) / 2 * scale,
    )


def _middle(box: Box) -> tuple[float, float]:
    return (box.x1 + box.x2) / 2, (box.y1 + box.y2) / 2


def _scaled(box: Box, scale: float) -> Box:
    return Box(*(round(corner * scale) for corner in box))

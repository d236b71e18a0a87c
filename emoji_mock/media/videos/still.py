"""The first frame of a video: cut out of the picture, or drawn, with the place of the face in it."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image

from emoji_mock.contract.endpoint import IMAGE_SIDES
from emoji_mock.contract.geometry import Box, Size
from emoji_mock.media.decoding import open_picture
from emoji_mock.media.formats import BrokenPictureError
from emoji_mock.media.portraits import Portrait, draw
from emoji_mock.media.viewing import flat, flat_reduced, stored_box, upright, upright_point

if TYPE_CHECKING:
    from emoji_mock.media.videos.scene import Scene

DECODED_PIXELS = 16_000_000
"""A picture with more pixels is not decoded, unless it is a JPEG, which can be decoded at a fraction of its size."""
DECODED_BYTES = 80_000_000
"""Nor is one that takes more memory, as a large progressive JPEG or a large WebP does, whatever is shown of it."""

# A drawing with enough room around the face for the vendor's larger box.
_DRAWN_SIZE = Size(640, 640)
_FACE_SHARE = 0.33


class Still(NamedTuple):
    """A picture of the frames' size, and its face: centre (x, y) and half its size, in pixels."""

    image: Image.Image
    x: float
    y: float
    unit: float


def make_still(scene: Scene) -> Still:
    """Return the first frame of `scene`: its picture if that can be decoded, else a drawn portrait."""
    try:
        return _from_picture(scene)
    except BrokenPictureError:
        return _from_portrait(scene)


def _from_picture(scene: Scene) -> Still:
    """Cut the larger box out of the picture. Raises BrokenPictureError where it cannot be shown."""
    with open_picture(scene.picture) as (file, picture):
        size, (face, ext) = file.size, scene.boxes or _assumed_boxes(file.upright_size)
        if scene.upright or scene.boxes is None:
            face, ext = (stored_box(box, file.upright_size, file.orientation) for box in (face, ext))
        if max(size) > IMAGE_SIDES[1] or not ext.within(size):
            raise BrokenPictureError("the box is outside the picture")
        if file.is_slow:
            raise BrokenPictureError("it takes seconds to decode")
        frame = scene.frame if size == file.upright_size else Size(scene.frame.height, scene.frame.width)
        picture.draft("RGB", _sufficient_size(size, ext, frame))
        pixels = picture.width * picture.height
        if pixels > DECODED_PIXELS or file.working_bytes + 4 * pixels > DECODED_BYTES:
            raise BrokenPictureError("too large to decode")
        scale = picture.width / size.width
        still = _cut(picture, _scaled(ext, scale), _scaled(face, scale), frame)
        x, y = upright_point(still.x, still.y, frame, file.orientation)
        return Still(upright(still.image, file.orientation), x, y, still.unit)


def _assumed_boxes(size: Size) -> tuple[Box, Box]:
    """Return where a face may be in a picture of which nothing is known but its size, and the whole picture."""
    side = max(2, min(size) // 3)
    left, top = (size.width - side) // 2, (size.height - side) * 2 // 5
    return Box(left, top, left + side, top + side), Box(0, 0, *size)


def _sufficient_size(size: Size, ext: Box, frame: Size) -> tuple[int, int]:
    """Return the size of the whole picture at which `ext` still has the pixels of a frame."""
    share = min(1.0, max(frame) / min(ext.width, ext.height))
    return round(size.width * share), round(size.height * share)


def _from_portrait(scene: Scene) -> Still:
    """Draw a portrait and cut it so that its face is where the boxes have it; without boxes, show it whole."""
    seed = int.from_bytes(
        blake2b((scene.identity or scene.image_url).encode(errors="replace"), digest_size=8).digest(), "big"
    )
    if scene.boxes is None:
        return _whole_portrait(seed, scene.frame)
    drawn = draw(Portrait(seed=seed, size=_DRAWN_SIZE, face_share=_FACE_SHARE))
    drawn_face, (face, ext) = drawn.faces[0], scene.boxes
    scale = drawn_face.width / face.width
    side = min(max(ext.width, ext.height) * scale, *_DRAWN_SIZE)
    x = (drawn_face.x1 + drawn_face.x2) / 2 + scale * (_centre(ext)[0] - _centre(face)[0])
    y = (drawn_face.y1 + drawn_face.y2) / 2 + scale * (_centre(ext)[1] - _centre(face)[1])
    left = round(max(0.0, min(x - side / 2, _DRAWN_SIZE.width - side)))
    top = round(max(0.0, min(y - side / 2, _DRAWN_SIZE.height - side)))
    box = Box(left, top, left + max(2, round(side)), top + max(2, round(side)))
    return _cut(drawn.image, box, drawn_face, scene.frame)


def _whole_portrait(seed: int, frame: Size) -> Still:
    """Draw a portrait shaped as the frame, of about as many pixels as others have."""
    scale = (_DRAWN_SIZE.width * _DRAWN_SIZE.height / (frame.width * frame.height)) ** 0.5
    size = Size(*(min(4 * _DRAWN_SIZE.width, max(64, round(side * scale))) for side in frame))
    drawn = draw(Portrait(seed=seed, size=size, face_share=_FACE_SHARE))
    return _cut(drawn.image, Box(0, 0, *size), drawn.faces[0], frame)


def _cut(image: Image.Image, part: Box, face: Box, frame: Size) -> Still:
    """Cut what is shaped as the frame out of the middle of `part`, as large as possible, and scale it to the frame."""
    if part.width * frame.height <= part.height * frame.width:
        width, height = part.width, round(part.width * frame.height / frame.width)
    else:
        width, height = round(part.height * frame.width / frame.height), part.height
    width, height = max(1, width), max(1, height)
    left, top = (part.x1 + part.x2 - width) // 2, (part.y1 + part.y2 - height) // 2
    scale = frame.width / width
    x, y = _centre(face)
    cut = _reduced(image, Box(left, top, left + width, top + height), frame)
    return Still(
        cut.resize(frame, Image.Resampling.LANCZOS),  # pyright: ignore[reportUnknownMemberType]
        (x - left) * scale,
        (y - top) * scale,
        max(face.width, face.height) / 2 * scale,
    )


def _reduced(image: Image.Image, part: Box, frame: Size) -> Image.Image:
    """Return a part of `image` in RGB; a large one at a fraction of its size."""
    factor = min(part.width // (2 * frame.width), part.height // (2 * frame.height))
    return flat(image.crop(part.as_tuple())) if factor <= 1 else flat_reduced(image, part, factor)


def _centre(box: Box) -> tuple[float, float]:
    return (box.x1 + box.x2) / 2, (box.y1 + box.y2) / 2


def _scaled(box: Box, scale: float) -> Box:
    return Box(*(round(corner * scale) for corner in box))

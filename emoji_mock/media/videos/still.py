"""The first frame of a video: cut out of the picture, or drawn, with the place of the face in it."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image

from emoji_mock.contract.endpoint import IMAGE_SIDES, VIDEO_SIDE
from emoji_mock.contract.geometry import Box, Size
from emoji_mock.media.decoding import open_picture
from emoji_mock.media.formats.pillow_decoders import DECODING_ERRORS
from emoji_mock.media.portraits import Portrait, draw
from emoji_mock.media.viewing import flat, stored_box, upright, upright_point

if TYPE_CHECKING:
    from emoji_mock.media.videos.scene import Scene

DECODED_PIXELS = 16_000_000
"""A picture with more pixels is not decoded, unless it is a JPEG, which can be decoded at a fraction of its size."""
DECODED_BYTES = 80_000_000
"""Nor is one that takes more memory, as a large progressive JPEG or a large WebP does, whatever is shown of it."""

_STRIP = 64
"""Rows of the reduced picture that are made at a time."""

# A drawing with enough room around the face for the vendor's larger box.
_DRAWN_SIZE = Size(640, 640)
_FACE_SHARE = 0.33
_DRAWN_BOXES = Box(212, 194, 460, 441), Box(63, 30, 609, 575)


class Still(NamedTuple):
    """A square picture of VIDEO_SIDE pixels a side, and its face: centre (x, y) and half its size, in pixels."""

    image: Image.Image
    x: float
    y: float
    unit: float


def make_still(scene: Scene) -> Still:
    """Return the first frame of `scene`: its picture if that can be decoded, else a drawn portrait."""
    try:
        return _from_picture(scene)
    except DECODING_ERRORS:
        return _from_portrait(scene)


def _from_picture(scene: Scene) -> Still:
    """Cut the larger box out of the picture. Raises ValueError, or Pillow's exceptions."""
    with open_picture(scene.picture) as (file, picture):
        (face, ext), size = scene.boxes or _DRAWN_BOXES, file.size
        if scene.upright:
            face, ext = (stored_box(box, file.upright_size, file.orientation) for box in (face, ext))
        if max(size) > IMAGE_SIDES[1] or not ext.within(size):
            raise ValueError("the box is outside the picture")
        if file.is_slow:
            raise ValueError("it takes seconds to decode")
        picture.draft("RGB", _sufficient_size(size, ext))
        pixels = picture.width * picture.height
        if pixels > DECODED_PIXELS or file.working_bytes + 4 * pixels > DECODED_BYTES:
            raise ValueError("too large to decode")
        scale = picture.width / size.width
        still = _cut_square(picture, _scaled(ext, scale), _scaled(face, scale))
        x, y = upright_point(still.x, still.y, Size(VIDEO_SIDE, VIDEO_SIDE), file.orientation)
        return Still(upright(still.image, file.orientation), x, y, still.unit)


def _sufficient_size(size: Size, ext: Box) -> tuple[int, int]:
    """Return the size of the whole picture at which `ext` still has VIDEO_SIDE pixels a side."""
    share = min(1.0, VIDEO_SIDE / min(ext.width, ext.height))
    return round(size.width * share), round(size.height * share)


def _from_portrait(scene: Scene) -> Still:
    """Draw a portrait and cut it so that its face is where `scene.face` is in `scene.ext`."""
    seed = int.from_bytes(
        blake2b((scene.identity or scene.image_url).encode(errors="replace"), digest_size=8).digest(), "big"
    )
    drawn = draw(Portrait(seed=seed, size=_DRAWN_SIZE, face_share=_FACE_SHARE))
    drawn_face, (face, ext) = drawn.faces[0], scene.boxes or _DRAWN_BOXES
    scale = drawn_face.width / face.width
    side = min(max(ext.width, ext.height) * scale, *_DRAWN_SIZE)
    x = (drawn_face.x1 + drawn_face.x2) / 2 + scale * (_centre(ext)[0] - _centre(face)[0])
    y = (drawn_face.y1 + drawn_face.y2) / 2 + scale * (_centre(ext)[1] - _centre(face)[1])
    left = round(max(0.0, min(x - side / 2, _DRAWN_SIZE.width - side)))
    top = round(max(0.0, min(y - side / 2, _DRAWN_SIZE.height - side)))
    box = Box(left, top, left + max(2, round(side)), top + max(2, round(side)))
    return _cut_square(drawn.image, box, drawn_face)


def _cut_square(image: Image.Image, part: Box, face: Box) -> Still:
    """Cut the largest square out of the middle of `part` and scale it to VIDEO_SIDE."""
    side = max(1, min(part.width, part.height))
    left, top = (part.x1 + part.x2 - side) // 2, (part.y1 + part.y2 - side) // 2
    scale = VIDEO_SIDE / side
    x, y = _centre(face)
    cut = _reduced(image, left, top, side)
    return Still(
        cut.resize((VIDEO_SIDE, VIDEO_SIDE), Image.Resampling.LANCZOS),  # pyright: ignore[reportUnknownMemberType]
        (x - left) * scale,
        (y - top) * scale,
        max(face.width, face.height) / 2 * scale,
    )


def _reduced(image: Image.Image, left: int, top: int, side: int) -> Image.Image:
    """Return a square of `image` in RGB; a large one at a fraction of its size, strip by strip to save memory."""
    factor = side // (2 * VIDEO_SIDE)
    if factor < 2:  # noqa: PLR2004 - nothing to reduce
        return flat(image.crop((left, top, left + side, top + side)))
    side -= side % factor
    out = Image.new("RGB", (side // factor, side // factor))
    for row in range(0, side, _STRIP * factor):
        end = min(side, row + _STRIP * factor)
        strip = flat(image.crop((left, top + row, left + side, top + end)))
        out.paste(strip.reduce(factor), (0, row // factor))
    return out


def _centre(box: Box) -> tuple[float, float]:
    return (box.x1 + box.x2) / 2, (box.y1 + box.y2) / 2


def _scaled(box: Box, scale: float) -> Box:
    return Box(*(round(corner * scale) for corner in box))

"""Show pictures as people see them: upright, on white, in eight bits a colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image, ImageChops

from emoji_mock.contract.geometry import Box, Size
from emoji_mock.media.decoding import open_picture

if TYPE_CHECKING:
    from collections.abc import Callable

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What turns a picture upright, by its EXIF orientation (EXIF 2.3, 4.6.4)."""

# Where a point (x, y) of a stored picture of w by h pixels is in the upright one.
_POINTS: dict[int, Callable[[float, float, int, int], tuple[float, float]]] = {
    2: lambda x, y, w, _: (w - x, y),
    3: lambda x, y, w, h: (w - x, h - y),
    4: lambda x, y, _, h: (x, h - y),
    5: lambda x, y, _, __: (y, x),
    6: lambda x, y, _, h: (h - y, x),
    7: lambda x, y, w, h: (h - y, w - x),
    8: lambda x, y, w, _: (y, w - x),
}
_BACK = {6: 8, 8: 6}
"""The orientation that undoes another; all others undo themselves."""
_STRIP = 64
"""Rows of a reduced picture that are made at a time."""
_SIXTEEN_BITS = ("I", "I;16", "I;16L", "I;16B", "I;16N")


def upright(image: Image.Image, orientation: int) -> Image.Image:
    """Return `image` turned by its EXIF orientation."""
    turn = _TURNS.get(orientation)
    return image if turn is None else image.transpose(turn)


def upright_point(x: float, y: float, size: Size, orientation: int) -> tuple[float, float]:
    """Return where a point of a stored picture of `size` is in the picture turned upright."""
    point = _POINTS.get(orientation)
    return (x, y) if point is None else point(x, y, *size)


def stored_point(x: float, y: float, upright_size: Size, orientation: int) -> tuple[float, float]:
    """Return where a point of a picture of `upright_size` that was turned upright is in the stored one."""
    return upright_point(x, y, upright_size, _BACK.get(orientation, orientation))


def upright_box(box: Box, size: Size, orientation: int) -> Box:
    """Return where `box`, in a stored picture of `size`, is in the picture turned upright."""
    corners = (upright_point(*corner, size, orientation) for corner in (box[:2], box[2:]))
    across, down = (sorted(map(round, places)) for places in zip(*corners, strict=True))
    return Box(across[0], down[0], across[1], down[1])


def stored_box(box: Box, upright_size: Size, orientation: int) -> Box:
    """Return where `box`, in a picture of `upright_size` that was turned upright, is in the stored one."""
    return upright_box(box, upright_size, _BACK.get(orientation, orientation))


def flat(image: Image.Image) -> Image.Image:
    """Return `image` as RGB: transparent parts on white, 16 bits of grey scaled to eight."""
    if image.mode in _SIXTEEN_BITS:
        return _flat_grey(image.convert("I"), image.info.get("transparency"))
    if not image.has_transparency_data:
        return image.convert("RGB")
    clear = image.convert("RGBA")
    out = Image.new("RGB", image.size, "white")
    out.paste(clear, mask=clear.getchannel("A"))
    return out


def flat_reduced(image: Image.Image, part: Box, factor: int) -> Image.Image:
    """Return a part of `image` in RGB, as `flat` does, at one `factor`th of its size; by strips, to save memory."""
    width, height = part.width - part.width % factor, part.height - part.height % factor
    out = Image.new("RGB", (width // factor, height // factor))
    for row in range(0, height, _STRIP * factor):
        end = min(height, row + _STRIP * factor)
        strip = flat(image.crop((part.x1, part.y1 + row, part.x1 + width, part.y1 + end)))
        out.paste(strip.reduce(factor), (0, row // factor))
    return out


def _flat_grey(image: Image.Image, clear: object) -> Image.Image:
    """Return 16 bits of grey as RGB, the value `clear` in white. Pillow's own conversion cuts off what is above 255."""
    out = _linear(image, 1 / 256, 0)
    if isinstance(clear, int):
        # White at every distance from `clear`, black at none.
        distance = ImageChops.lighter(_linear(image, 255, -255 * clear), _linear(image, -255, 255 * clear))
        out = ImageChops.lighter(out, ImageChops.invert(distance))
    return out.convert("RGB")


def _linear(image: Image.Image, factor: float, offset: float) -> Image.Image:
    """Return `factor` times each value, plus `offset`, cut to eight bits."""
    return image.point(lambda value: value * factor + offset).convert("L")  # pyright: ignore[reportUnknownMemberType]


def show(data: bytes) -> tuple[Image.Image, Size, int]:
    """Return a picture file as people see it, its size as stored and its orientation. Raises ValueError."""
    with open_picture(data) as (file, image):
        return upright(flat(image), file.orientation), file.size, file.orientation

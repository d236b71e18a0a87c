"""Boxes, and the rule that derives the larger box from a face: inferred from the two published pairs."""

from math import floor
from typing import NamedTuple

from emoji_mock.contract.exchange import new_tuple


class Size(NamedTuple):
    """The size of a picture in pixels."""

    width: int
    height: int


class Box(NamedTuple):
    """A rectangle in pixels: top-left corner, then bottom-right corner."""

    x1: int
    y1: int
    x2: int
    y2: int

    @property
    def width(self) -> int:
        """The width in pixels."""
        return self.x2 - self.x1

    @property
    def height(self) -> int:
        """The height in pixels."""
        return self.y2 - self.y1

    def as_tuple(self) -> tuple[int, int, int, int]:
        """Return the corners as a plain tuple, as Pillow and drawing libraries take it."""
        return (self.x1, self.y1, self.x2, self.y2)

    def within(self, size: Size) -> bool:
        """Return whether this is a proper rectangle inside a picture of `size`."""
        return 0 <= self.x1 < self.x2 <= size.width and 0 <= self.y1 < self.y2 <= size.height


def square_box(borders: tuple[float, float, float, float], size: Size) -> Box:
    """Return the smallest square around a face, inside a picture of `size`; `borders` are left, top, right, bottom.

    Face detectors return boxes that are higher than wide; the vendor's are nearly square.
    """
    left, top, right, bottom = borders
    side = round(min(max(right - left, bottom - top), *size))
    x1, y1 = round((left + right - side) / 2), round((top + bottom - side) / 2)
    x1, y1 = max(0, min(x1, size.width - side)), max(0, min(y1, size.height - side))
    return Box(x1, y1, x1 + side, y1 + side)


class Proportions(NamedTuple):
    """The larger box of a model: margin on each side and lift of the centre, as shares of the face."""

    margin: float
    lift: float


# Inferred: exact on the vendor's own sample, within 1 px on the one other published pair.
EMOJI = Proportions(margin=0.60, lift=0.10)
# Inferred: side of some 2.5 times the face, its centre higher by some 0.15 of it.
EMO = Proportions(margin=0.75, lift=0.20)


def tallness_of(ratio: str) -> float:
    """Return how many times as high as wide a box of a ratio, such as 3:4, is."""
    wide, tall = map(int, ratio.split(":"))
    return tall / wide


def ext_box(face: Box, size: Size, proportions: Proportions = EMOJI, *, tallness: float = 1.0) -> Box:
    """Return the larger box around `face` in a picture of `size` that contains it.

    It is `tallness` times as high as wide, up to the rounding of its corners, on the face's centre x. Near a border it
    is smaller, and it is moved up or down rather than cut. It always holds the face, unless the face is longer than
    the picture is wide.
    """
    x1, y1, x2, y2 = face
    width, height = size
    margin, lift = proportions
    longest = max(x2 - x1, y2 - y1)
    side = (1 + 2 * margin) * longest
    tall = side if tallness == 1 else tallness * side
    left = (x1 + x2 - side) / 2
    top = (y1 + y2 - tall) / 2 - margin * lift * longest
    right, bottom = left + side, top + tall
    if left < 0 or top < 0 or right > width or bottom > height:
        left, top, right, bottom = _beside_border(face, size, top + tall / 2, side, tallness)
    # Corners are rounded half up, as in the documented pair.
    return new_tuple(Box, (floor(left + 0.5), floor(top + 0.5), floor(right + 0.5), floor(bottom + 0.5)))


def _beside_border(
    face: Box, size: Size, centre_y: float, wide: float, tallness: float
) -> tuple[float, float, float, float]:
    centre_x = (face.x1 + face.x2) / 2
    room = max(2 * min(centre_x, size.width - centre_x), face.width, face.height / tallness)
    wide = min(wide, room, size.width, size.height / tallness)
    tall = tallness * wide
    # The bounds of the face apply first, those of the picture last.
    left = max(0, min(centre_x - wide / 2, size.width - wide))
    top = max(0, min(max(face.y2 - tall, min(centre_y - tall / 2, face.y1)), size.height - tall))
    return left, top, left + wide, top + tall


_LONGEST = 4  # times the shorter side


def scaled(size: Size, shorter: int) -> Size:
    """Return a size in about the proportions of `size` whose shorter side is `shorter`; sides of a video are even."""
    width, height = size
    longer = min(shorter * max(size) / min(size), _LONGEST * shorter)
    even = round(longer / 2) * 2
    return Size(shorter, even) if width <= height else Size(even, shorter)

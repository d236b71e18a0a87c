"""Paint smooth shapes with hard or blurred edges. All lengths are in units of half a face's width."""

from __future__ import annotations

from math import cos, pi, radians, sin
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image, ImageChops, ImageDraw, ImageFilter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emoji_mock.media.portraits.looks import Colour

Point = tuple[float, float]


class Frame(NamedTuple):
    """The place of a head: its centre (x, y) in pixels, the pixels of one unit, and its roll in degrees, clockwise."""

    x: float
    y: float
    unit: float
    roll: float = 0.0

    def pixel(self, point: Point) -> Point:
        """Return the pixel of a point in units."""
        right, down = point[0] * self.unit, point[1] * self.unit
        turned = radians(self.roll)
        return self.x + right * cos(turned) - down * sin(turned), self.y + right * sin(turned) + down * cos(turned)


class Canvas:
    """An image to paint on. Points are in units, placed by `frame`."""

    def __init__(self, image: Image.Image, frame: Frame) -> None:
        self.image = image
        self.frame = frame

    def fill(
        self,
        points: Sequence[Point],
        colour: Colour,
        *,
        soft: float = 0.0,
        strength: float = 1.0,
        within: Image.Image | None = None,
    ) -> None:
        """Fill a polygon. `soft` is the blur of its edge in units, `strength` its opacity (0 to 1), `within` a mask."""
        pixels = [self.frame.pixel(point) for point in points]
        blur = soft * self.frame.unit
        box = self._bounds(pixels, 3 * blur + 2)
        if box[0] >= box[2] or box[1] >= box[3]:
            return  # outside the picture
        mask = _blurred_mask(pixels, box, blur, round(255 * strength))
        if within is not None:
            mask = ImageChops.multiply(mask, within.crop(box))
        self.image.paste(colour, box, mask)

    def mask(self, points: Sequence[Point]) -> Image.Image:
        """Return a polygon as a mask of the whole image."""
        mask = Image.new("L", self.image.size)
        ImageDraw.Draw(mask).polygon([self.frame.pixel(point) for point in points], fill=255)
        return mask

    def _bounds(self, pixels: Sequence[Point], margin: float) -> tuple[int, int, int, int]:
        width, height = self.image.size
        columns, rows = [x for x, _ in pixels], [y for _, y in pixels]
        return (
            max(0, int(min(columns) - margin)),
            max(0, int(min(rows) - margin)),
            min(width, int(max(columns) + margin) + 1),
            min(height, int(max(rows) + margin) + 1),
        )


def _blurred_mask(pixels: Sequence[Point], box: tuple[int, int, int, int], blur: float, level: int) -> Image.Image:
    size = box[2] - box[0], box[3] - box[1]
    coarse = 4 if blur > 8 else 1  # noqa: PLR2004 - pixels; a wide blur hides the coarse ones
    mask = Image.new("L", (size[0] // coarse + 1, size[1] // coarse + 1))
    moved = [((x - box[0]) / coarse, (y - box[1]) / coarse) for x, y in pixels]
    ImageDraw.Draw(mask).polygon(moved, fill=level)
    if blur:
        mask = mask.filter(ImageFilter.GaussianBlur(blur / coarse))
    if coarse > 1:
        mask = resize(mask, (mask.width * coarse, mask.height * coarse), Image.Resampling.BILINEAR)
    return mask.crop((0, 0, *size))


def resize(image: Image.Image, size: tuple[int, int], how: Image.Resampling) -> Image.Image:
    """Return `image` scaled to `size` in pixels."""
    return image.resize(size, how)  # pyright: ignore[reportUnknownMemberType] - Pillow's types name numpy's


def ellipse(x: float, y: float, across: float, down: float) -> list[Point]:
    """Return the polygon of an ellipse around (x, y) with these half-axes."""
    return [(x + across * cos(step * pi / 32), y + down * sin(step * pi / 32)) for step in range(64)]


def curve(*points: Point, closed: bool = True) -> list[Point]:
    """Return a Catmull-Rom curve through `points`."""
    around = [points[-1], *points, *points[:2]] if closed else [points[0], *points, points[-1]]
    line: list[Point] = []
    for before, start, end, after in zip(around, around[1:], around[2:], around[3:], strict=False):
        line += [_interpolate(before, start, end, after, step / 10) for step in range(10)]
    return line if closed else [*line, points[-1]]


def _interpolate(before: Point, start: Point, end: Point, after: Point, t: float) -> Point:
    def blend(p: float, a: float, b: float, n: float) -> float:
        return a + 0.5 * t * (b - p + t * (2 * p - 5 * a + 4 * b - n + t * (3 * (a - b) + n - p)))

    return blend(before[0], start[0], end[0], after[0]), blend(before[1], start[1], end[1], after[1])


def stroke(line: Sequence[Point], thickness: Sequence[float]) -> list[Point]:
    """Return the polygon of a stroke along `line`, whose thickness is interpolated between `thickness` values."""
    last = len(line) - 1
    parts = len(thickness) - 1
    upper: list[Point] = []
    lower: list[Point] = []
    for place, (x, y) in enumerate(line):
        whole, share = divmod(place / last * parts, 1)
        here, there = thickness[int(whole)], thickness[min(int(whole) + 1, parts)]
        half = (here + (there - here) * share) / 2
        upper.append((x, y - half))
        lower.append((x, y + half))
    return upper + lower[::-1]

"""Paint what covers a face: a mask, sunglasses, a hand; each of random colour, shape and place."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from emoji_mock.media.portraits.canvas import Canvas, Point, curve, ellipse, stroke
from emoji_mock.media.portraits.looks import Colour, choose, darken, lighten, mix, uniform

if TYPE_CHECKING:
    from random import Random


class Cover(StrEnum):
    """Something in front of a face."""

    MASK = "mask"
    SUNGLASSES = "sunglasses"
    HAND = "hand"


_CLOTHS: tuple[Colour, ...] = ((168, 198, 214), (232, 236, 238), (38, 40, 46), (198, 150, 164), (126, 170, 150))
_LENSES: tuple[Colour, ...] = ((24, 22, 24), (44, 32, 26), (22, 30, 44))


def paint_cover(cover: Cover, canvas: Canvas, skin: Colour, random: Random) -> None:
    """Paint `cover` in front of the head."""
    if cover is Cover.MASK:
        _mask(canvas, choose(random, _CLOTHS), uniform(random, -0.06, 0.1))
    elif cover is Cover.SUNGLASSES:
        _sunglasses(canvas, choose(random, _LENSES), uniform(random, 0.0, 0.1))
    else:
        over_mouth = choose(random, (True, False))
        place = (0.0, uniform(random, -0.02, 0.2)) if over_mouth else (0.28, uniform(random, 0.75, 0.95))
        _hand(canvas, skin, choose(random, (-1, 1)), place)


def _mask(canvas: Canvas, colour: Colour, down: float) -> None:
    """Paint a mask from below the eyes, by `down` lower, to the chin."""
    for side in (-1, 1):
        canvas.fill(stroke([(side * 1.04, -0.1), (side * 0.8, 0.2 + down)], (0.03, 0.03)), lighten(colour, 0.6))
    cloth = curve((0, 0.06 + down), (0.5, 0.12 + down), (0.88, 0.24 + down), (0.84, 0.7), (0.5, 1.08), (0, 1.22),
                   (-0.5, 1.08), (-0.84, 0.7), (-0.88, 0.24 + down), (-0.5, 0.12 + down))  # fmt: skip
    canvas.fill(cloth, colour, soft=0.01)
    within = canvas.mask(cloth)
    canvas.fill(ellipse(0.85, 0.6, 0.3, 0.8), darken(colour, 0.35), soft=0.15, strength=0.8, within=within)
    canvas.fill(ellipse(-0.1, 0.3 + down, 0.3, 0.2), lighten(colour, 0.4), soft=0.15, strength=0.5, within=within)
    for y in (0.38 + down, 0.6 + down / 2, 0.82):
        pleat = curve((-0.9, y - 0.04), (0, y + 0.05), (0.9, y - 0.04), closed=False)
        canvas.fill(stroke(pleat, (0.02, 0.03, 0.02)), darken(colour, 0.3), soft=0.015, within=within)


def _sunglasses(canvas: Canvas, colour: Colour, larger: float) -> None:
    """Paint sunglasses whose lenses are `larger` than the smallest."""
    canvas.fill(stroke([(-1.04, -0.27), (1.04, -0.27)], (0.06, 0.06)), darken(colour, 0.4), soft=0.008)
    for side in (-1, 1):
        x, across, low = side * 0.44, 0.33 + larger, 0.1 + larger
        lens = curve((x - across, -0.36), (x, -0.42), (x + across, -0.36), (x + across - 0.06, low - 0.1), (x, low),
                     (x - across + 0.06, low - 0.1))  # fmt: skip
        canvas.fill(lens, colour, soft=0.006)
        canvas.fill(ellipse(x - 0.1, -0.26, 0.12, 0.05), lighten(colour, 0.4), soft=0.05, strength=0.6)


def _hand(canvas: Canvas, skin: Colour, side: int, place: Point) -> None:
    """Paint a hand that lies on the face from one side; `place` is how far it is outwards and up from the mouth."""

    def fill(points: list[Point], colour: Colour, soft: float = 0.012, strength: float = 1.0) -> None:
        canvas.fill([(side * (x + place[0]), y - place[1]) for x, y in points], colour, soft=soft, strength=strength)

    skin = mix(skin, (196, 120, 96), 0.12)
    fill(
        curve((1.4, 6.5), (0.5, 2.8), (0.22, 1.3), (0.34, 0.7), (0.95, 0.75), (1.0, 1.3), (1.4, 2.8), (2.6, 6.5)), skin
    )
    fill(ellipse(0.6, 0.95, 0.42, 0.42), skin)
    fill(ellipse(0.78, 1.2, 0.16, 0.5), darken(skin, 0.3), 0.12, 0.5)
    for number, (x, length) in enumerate(((-0.42, 0.2), (-0.34, 0.42), (-0.3, 0.64), (-0.36, 0.86))):
        finger = curve((0.55, length - 0.02), (x + 0.1, length - 0.06), (x, length + 0.04), (x + 0.1, length + 0.14),
                       (0.6, length + 0.2))  # fmt: skip
        fill([(px, py + 0.05) for px, py in finger], darken(skin, 0.5), 0.04, 0.6)
        fill(finger, lighten(skin, 0.04 * number))
        nail = [(x + 0.1, length), (x + 0.02, length + 0.04), (x + 0.1, length + 0.08), (x + 0.16, length + 0.04)]
        fill(nail, lighten(skin, 0.35), 0.015, 0.7)

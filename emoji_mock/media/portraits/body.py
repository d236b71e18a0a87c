"""Paint the body below a head (neck, shirt), and the things that cover a face (mask, sunglasses, hand)."""

from enum import StrEnum

from emoji_mock.media.portraits.canvas import Canvas, curve, ellipse, stroke
from emoji_mock.media.portraits.looks import Colour, Looks, darken, lighten


class Cover(StrEnum):
    """Something in front of a face."""

    MASK = "mask"
    SUNGLASSES = "sunglasses"
    HAND = "hand"


_FLOOR = 60.0  # units; below the lower edge of any picture
_CLOTH: Colour = (168, 198, 214)


def paint_body(canvas: Canvas, looks: Looks) -> None:
    """Paint neck and shirt. The head is painted over them."""
    skin, shirt = looks.skin, looks.shirt
    shoulders = [
        *curve((-2.5, 3.4), (-2.3, 2.45), (-1.6, 1.98), (-0.62, 1.66), (0.62, 1.66), (1.6, 1.98), (2.3, 2.45),
                (2.5, 3.4), closed=False),
        (2.6, _FLOOR),
        (-2.6, _FLOOR),
    ]  # fmt: skip
    canvas.fill(shoulders, shirt, soft=0.015)
    cloth = canvas.mask(shoulders)
    canvas.fill(ellipse(2.3, 3.6, 0.7, 2.0), darken(shirt, 0.4), soft=0.5, strength=0.7, within=cloth)
    canvas.fill(ellipse(-2.4, 3.6, 0.5, 2.0), darken(shirt, 0.3), soft=0.45, strength=0.6, within=cloth)
    canvas.fill(ellipse(-1.0, 2.25, 0.6, 0.16), lighten(shirt, 0.3), soft=0.16, strength=0.5, within=cloth)
    for x in (-0.9, 0.9):
        fold = stroke(curve((x, 2.2), (x * 1.12, 2.9), (x * 0.95, 3.7), closed=False), (0.0, 0.06, 0.0))
        canvas.fill(fold, darken(shirt, 0.35), soft=0.07, strength=0.7, within=cloth)
    neck = curve((-0.56, 0.5), (0.56, 0.5), (0.54, 1.35), (0.72, 1.72), (0, 2.12), (-0.72, 1.72), (-0.54, 1.35))
    canvas.fill(neck, skin, soft=0.015)
    throat = canvas.mask(neck)
    canvas.fill(ellipse(0.05, 1.08, 0.8, 0.34), darken(skin, 0.55), soft=0.13, strength=0.85, within=throat)
    canvas.fill(ellipse(0.55, 1.4, 0.2, 0.6), darken(skin, 0.4), soft=0.14, strength=0.7, within=throat)
    canvas.fill(ellipse(-0.55, 1.4, 0.14, 0.6), darken(skin, 0.3), soft=0.12, strength=0.6, within=throat)
    collar = curve((-0.78, 1.68), (-0.45, 1.98), (0, 2.14), (0.45, 1.98), (0.78, 1.68), closed=False)
    canvas.fill(stroke(collar, (0.05, 0.12, 0.12, 0.12, 0.05)), darken(shirt, 0.28), soft=0.02)


def paint_cover(cover: Cover, canvas: Canvas, skin: Colour) -> None:
    """Paint `cover` in front of the head."""
    {Cover.MASK: _mask, Cover.SUNGLASSES: _sunglasses, Cover.HAND: _hand}[cover](canvas, skin)


def _mask(canvas: Canvas, _skin: Colour) -> None:
    for side in (-1, 1):
        canvas.fill(stroke([(side * 1.04, -0.1), (side * 0.8, 0.2)], (0.03, 0.03)), (232, 236, 238))
    cloth = curve((0, 0.06), (0.5, 0.12), (0.88, 0.24), (0.84, 0.7), (0.5, 1.08), (0, 1.22),
                   (-0.5, 1.08), (-0.84, 0.7), (-0.88, 0.24), (-0.5, 0.12))  # fmt: skip
    canvas.fill(cloth, _CLOTH, soft=0.01)
    within = canvas.mask(cloth)
    canvas.fill(ellipse(0.85, 0.6, 0.3, 0.8), darken(_CLOTH, 0.35), soft=0.15, strength=0.8, within=within)
    for y in (0.38, 0.6, 0.82):
        pleat = curve((-0.9, y - 0.04), (0, y + 0.05), (0.9, y - 0.04), closed=False)
        canvas.fill(stroke(pleat, (0.02, 0.03, 0.02)), darken(_CLOTH, 0.3), soft=0.015, within=within)


def _sunglasses(canvas: Canvas, _skin: Colour) -> None:
    frame: Colour = (24, 22, 24)
    canvas.fill(stroke([(-1.04, -0.27), (1.04, -0.27)], (0.06, 0.06)), frame, soft=0.008)
    for side in (-1, 1):
        x = side * 0.44
        canvas.fill(
            curve((x - 0.36, -0.34), (x, -0.42), (x + 0.36, -0.34), (x + 0.3, 0.02), (x, 0.12), (x - 0.3, 0.02)), frame
        )
        canvas.fill(ellipse(x - 0.1, -0.24, 0.12, 0.05), lighten(frame, 0.4), soft=0.05, strength=0.6)


def _hand(canvas: Canvas, skin: Colour) -> None:
    canvas.fill(curve((0.2, 2.4), (0.2, 1.1), (0.35, 0.7), (0.95, 0.75), (1.0, 1.3), (0.9, 2.4)), skin, soft=0.012)
    canvas.fill(ellipse(0.6, 0.95, 0.42, 0.42), skin, soft=0.012)
    for place, (x, length) in enumerate(((-0.42, 0.2), (-0.34, 0.42), (-0.3, 0.64), (-0.36, 0.86))):
        finger = curve(
            (0.55, length - 0.02),
            (x + 0.1, length - 0.06),
            (x, length + 0.04),
            (x + 0.1, length + 0.14),
            (0.6, length + 0.2),
        )
        canvas.fill([(px, py + 0.05) for px, py in finger], darken(skin, 0.5), soft=0.04, strength=0.6)
        canvas.fill(finger, lighten(skin, 0.04 * place), soft=0.012)

"""Paint the body below a head: neck and shirt, and of a small person arms and legs."""

from emoji_mock.media.portraits.canvas import Canvas, curve, ellipse, stroke
from emoji_mock.media.portraits.looks import Looks, darken, lighten

# Units: a person is about seven heads tall.
_HIPS, _WAIST, _FLOOR = 9.0, 8.2, 17.0


def paint_body(canvas: Canvas, looks: Looks) -> None:
    """Paint neck and shirt. The head is painted over them."""
    skin, shirt = looks.skin, looks.shirt
    shoulders = [
        *curve((-2.5, 3.4), (-2.3, 2.45), (-1.6, 1.98), (-0.62, 1.66), (0.62, 1.66), (1.6, 1.98), (2.3, 2.45),
                (2.5, 3.4), closed=False),
        (2.6, _WAIST),
        (-2.6, _WAIST),
    ]  # fmt: skip
    _paint_legs(canvas, looks)
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


def _paint_legs(canvas: Canvas, looks: Looks) -> None:
    """Paint hands, trousers and shoes; most pictures end above them."""
    cloth = darken(looks.shirt, 0.6)
    canvas.fill([(-1.75, _WAIST), (1.75, _WAIST), (1.75, _HIPS), (-1.75, _HIPS)], cloth, soft=0.02)
    for side in (-1, 1):
        canvas.fill(ellipse(side * 2.2, _WAIST + 0.3, 0.34, 0.7), looks.skin, soft=0.02)
        leg = [(0, _HIPS - 0.1), (1.75, _HIPS - 0.1), (1.5, _FLOOR), (0.45, _FLOOR)]
        canvas.fill([(side * x, y) for x, y in leg], cloth, soft=0.02)
        canvas.fill(ellipse(side * 1.05, _FLOOR, 0.7, 0.35), (40, 32, 30), soft=0.02)
        sleeve = stroke([(side * 1.65, 4.8), (side * 1.75, _WAIST)], (0.02, 0.1))
        canvas.fill([(x + side * 0.05, y) for x, y in sleeve], darken(looks.shirt, 0.5), soft=0.03)

"""What stands below a head: neck, shoulders, shirt."""

from emoji_mock.media.portraits.canvas import Canvas, band, oval, smooth
from emoji_mock.media.portraits.looks import Looks, darker, lighter

_FLOOR = 60.0  # below the lower edge of any picture


def paint_body(canvas: Canvas, looks: Looks) -> None:
    """Paint neck and shirt; the head comes over it."""
    skin, shirt = looks.skin, looks.shirt
    shoulders = [
        *smooth((-2.5, 3.4), (-2.3, 2.45), (-1.6, 1.98), (-0.62, 1.66), (0.62, 1.66), (1.6, 1.98), (2.3, 2.45),
                (2.5, 3.4), closed=False),
        (2.6, _FLOOR),
        (-2.6, _FLOOR),
    ]  # fmt: skip
    canvas.fill(shoulders, shirt, soft=0.015)
    cloth = canvas.mask(shoulders)
    canvas.fill(oval(2.3, 3.6, 0.7, 2.0), darker(shirt, 0.4), soft=0.5, strength=0.7, within=cloth)
    canvas.fill(oval(-2.4, 3.6, 0.5, 2.0), darker(shirt, 0.3), soft=0.45, strength=0.6, within=cloth)
    canvas.fill(oval(-1.0, 2.25, 0.6, 0.16), lighter(shirt, 0.3), soft=0.16, strength=0.5, within=cloth)
    for x in (-0.9, 0.9):
        fold = band(smooth((x, 2.2), (x * 1.12, 2.9), (x * 0.95, 3.7), closed=False), (0.0, 0.06, 0.0))
        canvas.fill(fold, darker(shirt, 0.35), soft=0.07, strength=0.7, within=cloth)
    neck = smooth((-0.56, 0.5), (0.56, 0.5), (0.54, 1.35), (0.72, 1.72), (0, 2.12), (-0.72, 1.72), (-0.54, 1.35))
    canvas.fill(neck, skin, soft=0.015)
    throat = canvas.mask(neck)
    canvas.fill(oval(0.05, 1.08, 0.8, 0.34), darker(skin, 0.55), soft=0.13, strength=0.85, within=throat)
    canvas.fill(oval(0.55, 1.4, 0.2, 0.6), darker(skin, 0.4), soft=0.14, strength=0.7, within=throat)
    canvas.fill(oval(-0.55, 1.4, 0.14, 0.6), darker(skin, 0.3), soft=0.12, strength=0.6, within=throat)
    collar = smooth((-0.78, 1.68), (-0.45, 1.98), (0, 2.14), (0.45, 1.98), (0.78, 1.68), closed=False)
    canvas.fill(band(collar, (0.05, 0.12, 0.12, 0.12, 0.05)), darker(shirt, 0.28), soft=0.02)

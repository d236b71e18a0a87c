"""What may be in front of a face: a mask, sunglasses, a hand."""

from enum import StrEnum

from emoji_mock.media.portraits.canvas import Canvas, band, oval, smooth
from emoji_mock.media.portraits.looks import Colour, darker, lighter


class Cover(StrEnum):
    """What covers a face."""

    MASK = "mask"
    SUNGLASSES = "sunglasses"
    HAND = "hand"


_CLOTH: Colour = (168, 198, 214)


def paint(cover: Cover, canvas: Canvas, skin: Colour) -> None:
    """Paint `cover` in front of the head."""
    {Cover.MASK: _mask, Cover.SUNGLASSES: _sunglasses, Cover.HAND: _hand}[cover](canvas, skin)


def _mask(canvas: Canvas, _skin: Colour) -> None:
    for side in (-1, 1):
        canvas.fill(band([(side * 1.04, -0.1), (side * 0.8, 0.2)], (0.03, 0.03)), (232, 236, 238))
    cloth = smooth((0, 0.06), (0.5, 0.12), (0.88, 0.24), (0.84, 0.7), (0.5, 1.08), (0, 1.22),
                   (-0.5, 1.08), (-0.84, 0.7), (-0.88, 0.24), (-0.5, 0.12))  # fmt: skip
    canvas.fill(cloth, _CLOTH, soft=0.01)
    within = canvas.mask(cloth)
    canvas.fill(oval(0.85, 0.6, 0.3, 0.8), darker(_CLOTH, 0.35), soft=0.15, strength=0.8, within=within)
    for y in (0.38, 0.6, 0.82):
        pleat = smooth((-0.9, y - 0.04), (0, y + 0.05), (0.9, y - 0.04), closed=False)
        canvas.fill(band(pleat, (0.02, 0.03, 0.02)), darker(_CLOTH, 0.3), soft=0.015, within=within)


def _sunglasses(canvas: Canvas, _skin: Colour) -> None:
    frame: Colour = (24, 22, 24)
    canvas.fill(band([(-1.04, -0.27), (1.04, -0.27)], (0.06, 0.06)), frame, soft=0.008)
    for side in (-1, 1):
        x = side * 0.44
        canvas.fill(
            smooth((x - 0.36, -0.34), (x, -0.42), (x + 0.36, -0.34), (x + 0.3, 0.02), (x, 0.12), (x - 0.3, 0.02)), frame
        )
        canvas.fill(oval(x - 0.1, -0.24, 0.12, 0.05), lighter(frame, 0.4), soft=0.05, strength=0.6)


def _hand(canvas: Canvas, skin: Colour) -> None:
    canvas.fill(smooth((0.2, 2.4), (0.2, 1.1), (0.35, 0.7), (0.95, 0.75), (1.0, 1.3), (0.9, 2.4)), skin, soft=0.012)
    canvas.fill(oval(0.6, 0.95, 0.42, 0.42), skin, soft=0.012)
    for place, (x, length) in enumerate(((-0.42, 0.2), (-0.34, 0.42), (-0.3, 0.64), (-0.36, 0.86))):
        finger = smooth(
            (0.55, length - 0.02),
            (x + 0.1, length - 0.06),
            (x, length + 0.04),
            (x + 0.1, length + 0.14),
            (0.6, length + 0.2),
        )
        canvas.fill([(px, py + 0.05) for px, py in finger], darker(skin, 0.5), soft=0.04, strength=0.6)
        canvas.fill(finger, lighter(skin, 0.04 * place), soft=0.012)

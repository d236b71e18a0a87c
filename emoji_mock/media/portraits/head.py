"""Paint a head from the back to the front: hair, ears, face, eyes, brows, nose, mouth, fringe.

Units are halves of a face's width. The origin is the middle of the face; y points down.
"""

from math import asin, cos, radians, sin

from emoji_mock.media.portraits.canvas import Canvas, Point, curve, ellipse, stroke
from emoji_mock.media.portraits.looks import Colour, Looks, darken, lighten, mix

_WHITE: Colour = (252, 250, 248)
_FACE = curve(
    (0, -1.42), (0.58, -1.26), (0.93, -0.82), (1.0, -0.25), (0.93, 0.3), (0.74, 0.76), (0.4, 1.06), (0, 1.15),
    (-0.4, 1.06), (-0.74, 0.76), (-0.93, 0.3), (-1.0, -0.25), (-0.93, -0.82), (-0.58, -1.26),
)  # fmt: skip


class Head:
    """Paint one head on `canvas`. `turn` is in degrees to its left."""

    def __init__(self, canvas: Canvas, looks: Looks, turn: float) -> None:
        self._canvas = canvas
        self._looks = looks
        self._turn = radians(turn)
        self._face = canvas.mask(_FACE)

    def paint(self) -> None:
        """Paint the head as seen from the front."""
        self._ears()
        self._skin()
        self._nose()
        self._mouth()
        for side in (-1, 1):
            self._eye(side)
            self._brow(side)
        self._fringe()

    def paint_back(self) -> None:
        """Paint the head as seen from behind."""
        if self._looks.long_hair:
            self._long_hair_back()
            return
        self._ears()
        self._skin()
        hair = self._looks.hair
        self._canvas.fill(curve((0, -1.62), (0.8, -1.4), (1.12, -0.7), (1.06, 0.1), (0.72, 0.85), (0, 1.0),
                                 (-0.72, 0.85), (-1.06, 0.1), (-1.12, -0.7), (-0.8, -1.4)), hair)  # fmt: skip
        for place in range(-5, 6):
            strand = stroke(
                curve((place * 0.06, -1.3), (place * 0.17, -0.3), (place * 0.1, 0.8), closed=False), (0.0, 0.03, 0.0)
            )
            self._canvas.fill(strand, lighten(hair, 0.16), soft=0.03, strength=0.6)

    def _long_hair_back(self) -> None:
        """Paint the long hair that hangs over neck and shoulders, as seen from behind."""
        hair = self._looks.hair
        fall = curve((0, -1.62), (0.84, -1.4), (1.18, -0.7), (1.24, 0.6), (1.3, 1.7), (1.0, 2.5), (0, 2.7), (-1.0, 2.5),
                      (-1.3, 1.7), (-1.24, 0.6), (-1.18, -0.7), (-0.84, -1.4))  # fmt: skip
        self._canvas.fill(fall, hair, soft=0.02)
        for place in range(-6, 7):
            strand = stroke(
                curve((place * 0.06, -1.3), (place * 0.17, 0.2), (place * 0.19, 2.5), closed=False), (0.0, 0.04, 0.0)
            )
            self._canvas.fill(strand, lighten(hair, 0.16), soft=0.03, strength=0.6)

    def paint_hair_behind(self) -> None:
        """Paint the hair that hangs behind head and neck."""
        hair, long = self._looks.hair, self._looks.long_hair
        if long:
            locks = curve((0, -1.74), (0.86, -1.42), (1.2, -0.7), (1.28, 0.4), (1.36, 1.35), (1.2, 2.1), (0.7, 2.2),
                           (0, 1.9), (-0.7, 2.2), (-1.2, 2.1), (-1.36, 1.35), (-1.28, 0.4), (-1.2, -0.7),
                           (-0.86, -1.42))  # fmt: skip
            self._canvas.fill(locks, darken(hair, 0.15), soft=0.015)
            self._canvas.fill(ellipse(0, 1.2, 1.0, 1.0), darken(hair, 0.5), soft=0.25)
        else:
            cap = curve((0, -1.7), (0.8, -1.4), (1.08, -0.8), (1.0, -0.2), (0.6, 0.1), (-0.6, 0.1), (-1.0, -0.2),
                         (-1.08, -0.8), (-0.8, -1.4))  # fmt: skip
            self._canvas.fill(cap, hair, soft=0.015)

    def _turned(self, points: list[Point]) -> list[Point]:
        """Return points of the face, moved by the turn of the head as on a sphere."""
        return [(sin(asin(max(-1.0, min(1.0, 0.9 * x))) + self._turn) / 0.9, y) for x, y in points]

    def _on_face(self, points: list[Point], colour: Colour, *, soft: float = 0.012, strength: float = 1.0) -> None:
        self._canvas.fill(self._turned(points), colour, soft=soft, strength=strength, within=self._face)

    def _ears(self) -> None:
        skin = self._looks.skin
        for side in (-1, 1):
            if side * sin(self._turn) > 0.3:  # noqa: PLR2004 - behind the head
                continue
            x = side * (1.03 - 0.2 * abs(sin(self._turn)))
            self._canvas.fill(ellipse(x, -0.08, 0.14, 0.3), darken(skin, 0.1), soft=0.012)
            self._canvas.fill(ellipse(x, -0.08, 0.07, 0.19), darken(skin, 0.3), soft=0.04, strength=0.8)

    def _skin(self) -> None:
        skin, fill = self._looks.skin, self._canvas.fill
        fill(_FACE, skin, soft=0.012)
        fill(ellipse(1.1, 0.2, 0.45, 1.5), darken(skin, 0.32), soft=0.24, strength=0.9, within=self._face)
        fill(ellipse(-1.18, 0.3, 0.36, 1.4), darken(skin, 0.26), soft=0.2, strength=0.8, within=self._face)
        fill(ellipse(0, 1.24, 0.9, 0.22), darken(skin, 0.3), soft=0.12, strength=0.8, within=self._face)
        fill(ellipse(0, -1.35, 1.2, 0.3), darken(skin, 0.35), soft=0.16, strength=0.7, within=self._face)
        self._on_face(ellipse(-0.1, -0.72, 0.42, 0.2), lighten(skin, 0.35), soft=0.16, strength=0.6)
        for side in (-1, 1):
            self._on_face(
                ellipse(side * 0.56, 0.28, 0.26, 0.18), mix(skin, (214, 92, 84), 0.4), soft=0.12, strength=0.5
            )
            self._on_face(ellipse(side * 0.52, 0.1, 0.2, 0.1), lighten(skin, 0.3), soft=0.08, strength=0.5)
            self._on_face(ellipse(side * 0.4, -0.24, 0.3, 0.2), darken(skin, 0.3), soft=0.09, strength=0.62)
            fold = stroke(
                curve((side * 0.3, 0.3), (side * 0.42, 0.46), (side * 0.45, 0.62), closed=False), (0.02, 0.04, 0.0)
            )
            self._on_face(fold, darken(skin, 0.3), soft=0.035, strength=0.5)

    def _eye(self, side: int) -> None:
        skin, x, y = self._looks.skin, side * 0.4, -0.2
        lid = curve((x - side * 0.21, y + 0.035), (x - side * 0.1, y - 0.075), (x + side * 0.03, y - 0.1),
                     (x + side * 0.16, y - 0.05), (x + side * 0.23, y + 0.02), (x + side * 0.1, y + 0.075),
                     (x - side * 0.08, y + 0.085))  # fmt: skip
        eye = self._canvas.mask(self._turned(lid))
        self._on_face(lid, _WHITE, soft=0.006)

        def inside(points: list[Point], colour: Colour, soft: float, strength: float = 1.0) -> None:
            self._canvas.fill(self._turned(points), colour, soft=soft, strength=strength, within=eye)

        iris = self._looks.iris
        inside(ellipse(x, y - 0.1, 0.3, 0.055), (90, 70, 66), 0.03, 0.6)
        inside(ellipse(x, y - 0.01, 0.098, 0.098), darken(iris, 0.55), 0.006)
        inside(ellipse(x, y + 0.005, 0.076, 0.078), iris, 0.014)
        inside(ellipse(x, y - 0.01, 0.044, 0.044), (12, 9, 9), 0.006)
        inside(ellipse(x - 0.036, y - 0.045, 0.022, 0.024), (255, 255, 255), 0.004)
        upper = lid[:40]
        self._on_face(stroke(upper, (0.02, 0.04, 0.05, 0.05, 0.012)), darken((58, 38, 32), 0.35), soft=0.008)
        crease = [(px, py - 0.075) for px, py in upper[4:36]]
        self._on_face(stroke(crease, (0.0, 0.024, 0.024, 0.0)), darken(skin, 0.5), soft=0.014, strength=0.75)
        self._on_face(stroke(lid[42:], (0.0, 0.014, 0.014, 0.0)), darken(skin, 0.5), soft=0.01, strength=0.8)

    def _brow(self, side: int) -> None:
        thick = 0.09 * self._looks.brow
        line = curve(
            (side * 0.17, -0.46), (side * 0.36, -0.54), (side * 0.55, -0.53), (side * 0.71, -0.43), closed=False
        )
        colour = darken(self._looks.hair, 0.25)
        self._on_face(stroke(line, (thick * 0.8, thick, thick * 0.8, 0.01)), colour, soft=0.02, strength=0.92)

    def _nose(self) -> None:
        skin = self._looks.skin
        out = 0.16 * sin(self._turn)  # the tip stands out of the face, so it moves further

        def at(points: list[Point]) -> list[Point]:
            return [(x + out, y) for x, y in points]

        self._on_face(
            at(curve((0.1, -0.3), (0.16, 0.05), (0.24, 0.27), (0.12, 0.34), (0.07, 0.1))),
            darken(skin, 0.4),
            soft=0.055,
            strength=0.62,
        )
        self._on_face(
            at(curve((-0.11, -0.3), (-0.12, 0), (-0.2, 0.27), (-0.12, 0.32), (-0.06, 0.05))),
            darken(skin, 0.3),
            soft=0.05,
            strength=0.4,
        )
        self._on_face(at(ellipse(-0.01, -0.02, 0.045, 0.26)), lighten(skin, 0.5), soft=0.045, strength=0.62)
        self._on_face(at(ellipse(-0.02, 0.24, 0.07, 0.06)), lighten(skin, 0.55), soft=0.04, strength=0.7)
        self._on_face(at(ellipse(0, 0.38, 0.18, 0.035)), darken(skin, 0.45), soft=0.035, strength=0.75)
        for side in (-1, 1):
            self._on_face(at(ellipse(side * 0.085, 0.345, 0.042, 0.024)), darken(skin, 0.72), soft=0.012, strength=0.9)
            wing = stroke(
                curve((side * 0.17, 0.22), (side * 0.215, 0.29), (side * 0.17, 0.35), closed=False), (0.0, 0.025, 0.0)
            )
            self._on_face(at(wing), darken(skin, 0.5), soft=0.016, strength=0.7)

    def _mouth(self) -> None:
        skin, smile, y = self._looks.skin, self._looks.smile, 0.64
        lip = mix(darken(skin, 0.18), (186, 62, 66), 0.5)
        corner = y - smile
        upper = curve(
            (-0.34, corner), (-0.14, y - 0.075), (0, y - 0.05), (0.14, y - 0.075), (0.34, corner), (0, y + 0.02)
        )
        lower = curve(
            (-0.33, corner + 0.005),
            (0, y + 0.012),
            (0.33, corner + 0.005),
            (0.17, y + 0.105),
            (0, y + 0.13),
            (-0.17, y + 0.105),
        )
        self._on_face(ellipse(0, y + 0.2, 0.2, 0.035), darken(skin, 0.4), soft=0.045, strength=0.6)
        self._on_face(ellipse(0, y - 0.16, 0.05, 0.06), darken(skin, 0.25), soft=0.03, strength=0.5)
        self._on_face(lower, lip, soft=0.012)
        self._on_face(upper, darken(lip, 0.16), soft=0.012)
        self._on_face(ellipse(-0.03, y + 0.075, 0.12, 0.022), lighten(lip, 0.5), soft=0.025, strength=0.6)
        line = curve(
            (-0.36, corner - 0.01),
            (-0.16, y + 0.008 - smile / 4),
            (0, y + 0.014),
            (0.16, y + 0.008 - smile / 4),
            (0.36, corner - 0.01),
            closed=False,
        )
        self._on_face(stroke(line, (0.015, 0.026, 0.03, 0.026, 0.015)), darken(lip, 0.68), soft=0.009)
        for side in (-1, 1):
            self._on_face(ellipse(side * 0.38, corner, 0.035, 0.035), darken(skin, 0.4), soft=0.03, strength=0.6)

    def _fringe(self) -> None:
        hair, part = self._looks.hair, self._looks.parting * cos(self._turn)
        side = 0.35 if self._looks.long_hair else -0.2
        fringe = curve((part, -1.12), (0.5 + part / 2, -0.98), (0.86, -0.62), (0.97, side), (1.12, side - 0.05),
                        (1.16, -0.75), (0.86, -1.38), (0.45, -1.68), (0, -1.76), (-0.45, -1.68), (-0.86, -1.38),
                        (-1.16, -0.75), (-1.12, side - 0.05), (-0.97, side), (-0.86, -0.62),
                        (-0.5 + part / 2, -0.98))  # fmt: skip
        shadow = [(x, y + 0.07) for x, y in fringe]
        self._canvas.fill(shadow, darken(self._looks.skin, 0.5), soft=0.06, strength=0.55, within=self._face)
        self._canvas.fill(fringe, hair, soft=0.016)
        within = self._canvas.mask(fringe)
        for place in range(-7, 8):
            x = part + place * 0.13
            strand = stroke(
                curve((part + place * 0.03, -1.72), (x, -1.36), (x * 1.16, -0.8), closed=False), (0.0, 0.05, 0.0)
            )
            tone = lighten(hair, 0.2) if place % 2 else darken(hair, 0.3)
            self._canvas.fill(strand, tone, soft=0.025, strength=0.55, within=within)
        self._canvas.fill(
            ellipse(part - 0.3, -1.42, 0.42, 0.1), lighten(hair, 0.4), soft=0.1, strength=0.45, within=within
        )

"""Draw a portrait from its parameters, with the true box of each face."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from math import radians, sin
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image, ImageEnhance, ImageFilter

from emoji_mock.contract.geometry import Box, Size, square_box
from emoji_mock.media.portraits.body import paint_body
from emoji_mock.media.portraits.canvas import Canvas, Frame, ellipse, resize
from emoji_mock.media.portraits.covers import Cover, paint_cover
from emoji_mock.media.portraits.head import Head
from emoji_mock.media.portraits.looks import darken, lighten, random_looks, uniform
from emoji_mock.media.portraits.things import paint_things

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emoji_mock.media.portraits.looks import Looks

_SIDES = (16, 8000)  # pixels
_MAX_PEOPLE = 2
_DEFAULT_SIZE = Size(640, 800)
# A face as detectors return it, in units: from the middle of the forehead to the chin, without the ears. Measured with
# YuNet on 60 drawings; the middle moves to the side that the head is turned to.
_FACE_MIDDLE, _FACE_WIDTH, _FACE_HEIGHT, _FACE_SHIFT = (0.01, 0.02), 0.9, 1.145, 0.22
_FROM_BEHIND = 90.0  # degrees of turn from which the face cannot be seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Portrait:
    """The parameters of a portrait. `seed` chooses looks and place; each of the others adds a defect.

    `size` is in pixels. `face_share` is the side of the face's box as a share of the picture's short side. `roll`
    tilts the head clockwise and `turn` turns it to its left, in degrees; from 90 on it is seen from behind.
    `place` is the middle of the head, of one person, as shares of width and height. `quarter_turns` turn the whole
    picture clockwise. `light` is from 0 (black) to 1, `blur` a radius as a share of the face's box. Raises ValueError.
    """

    seed: int = 0
    size: tuple[int, int] = _DEFAULT_SIZE
    people: int = 1
    face_share: float = 0.39
    roll: float = 0.0
    turn: float = 0.0
    quarter_turns: int = 0
    cover: Cover | None = None
    light: float = 1.0
    blur: float = 0.0
    place: tuple[float, float] = (0.5, 0.42)

    def __post_init__(self) -> None:
        shortest, longest = _SIDES
        if not shortest <= min(self.size) <= max(self.size) <= longest:
            raise ValueError(f"size: must have sides from {shortest} to {longest} pixels, not {tuple(self.size)}")
        if not 0 <= self.people <= _MAX_PEOPLE:
            raise ValueError(f"people: must be from 0 to {_MAX_PEOPLE}, not {self.people}")
        if not 0.02 <= self.face_share <= 1:  # noqa: PLR2004 - less is no face
            raise ValueError(f"face_share: must be from 0.02 to 1, not {self.face_share}")
        if not 0 <= self.light <= 1:
            raise ValueError(f"light: must be from 0 to 1, not {self.light}")
        if not 0 <= self.blur <= 1:
            raise ValueError(f"blur: must be from 0 to 1, not {self.blur}")
        if not all(0 <= share <= 1 for share in self.place):
            raise ValueError(f"place: must be from 0 to 1 in both directions, not {self.place}")


class Drawn(NamedTuple):
    """A picture, and the boxes of the visible faces in its pixels."""

    image: Image.Image
    faces: tuple[Box, ...]

    def encoded(self, kind: str = "PNG") -> bytes:
        """Return the picture as a PNG, JPEG, WEBP or BMP file."""
        out = BytesIO()
        self.image.save(out, kind)
        return out.getvalue()


def draw(portrait: Portrait) -> Drawn:
    """Draw `portrait`. Equal parameters give equal pixels."""
    random = Random(portrait.seed)  # noqa: S311 - not for secrets
    # Draw up to twice as large, so that edges are smooth after scaling down.
    scale = min(2.0, 2400 / max(portrait.size))
    people = [(random_looks(random), frame) for frame in _frames(portrait, random, scale)]
    background = people[0][0] if people else random_looks(random)
    image = _background(Size(*(max(1, round(side * scale)) for side in portrait.size)), background)
    details = Random(f"details {portrait.seed}")  # noqa: S311
    for person, frame in people:
        _paint_person(image, portrait, person, frame, details)
    if not people:
        frame = Frame(image.width / 2, image.height * 0.45, portrait.face_share * min(image.size) / 2)
        paint_things(Canvas(image, frame), background, details)
    image = resize(image, portrait.size, Image.Resampling.LANCZOS)
    if portrait.blur:
        radius = portrait.blur * portrait.face_share * min(portrait.size)
        image = image.filter(ImageFilter.GaussianBlur(radius))
    if portrait.light < 1:
        image = ImageEnhance.Brightness(image).enhance(portrait.light)
    visible = [] if _is_from_behind(portrait) else people
    faces = tuple(_face_box(frame, portrait.turn, scale, Size(*portrait.size)) for _, frame in visible)
    return _rotate(Drawn(image, faces), portrait.quarter_turns % 4)


def _is_from_behind(portrait: Portrait) -> bool:
    return _FROM_BEHIND <= portrait.turn % 360 <= 360 - _FROM_BEHIND


def _frames(portrait: Portrait, random: Random, scale: float) -> Iterator[Frame]:
    width, height = portrait.size
    unit = portrait.face_share * min(portrait.size) / (2 * _FACE_HEIGHT)
    for place in range(portrait.people):
        column = portrait.place[0] if portrait.people == 1 else 0.28 + 0.44 * place
        x = width * (column + uniform(random, -0.02, 0.02))
        y = height * (portrait.place[1] + uniform(random, -0.02, 0.02))
        yield Frame(x * scale, y * scale, unit * scale * (1 if portrait.people == 1 else 0.8), portrait.roll)


def _background(size: Size, looks: Looks) -> Image.Image:
    slope = resize(Image.linear_gradient("L"), size, Image.Resampling.BICUBIC)
    top, bottom = lighten(looks.background, 0.3), darken(looks.background, 0.28)
    image = Image.composite(Image.new("RGB", size, bottom), Image.new("RGB", size, top), slope)
    canvas = Canvas(image, Frame(size.width * 0.42, size.height * 0.34, min(size) / 2))
    canvas.fill(ellipse(0, 0, 0.7, 0.7), lighten(looks.background, 0.55), soft=0.22, strength=0.5)
    return image


def _paint_person(image: Image.Image, portrait: Portrait, person: Looks, frame: Frame, details: Random) -> None:
    canvas = Canvas(image, frame)
    head = Head(canvas, person, portrait.turn)
    behind = _is_from_behind(portrait)
    if not behind:
        head.paint_hair_behind()
    paint_body(Canvas(image, frame._replace(roll=0.0)), person)
    if behind:
        head.paint_back()
        return
    head.paint()
    if portrait.cover is not None:
        paint_cover(portrait.cover, canvas, person.skin, details)


def _face_box(frame: Frame, turn: float, scale: float, size: Size) -> Box:
    x, y = _FACE_MIDDLE
    face = ellipse(x + _FACE_SHIFT * sin(radians(turn)), y, _FACE_WIDTH, _FACE_HEIGHT)
    pixels = [frame.pixel(point) for point in face]
    columns, rows = [x / scale for x, _ in pixels], [y / scale for _, y in pixels]
    return square_box((min(columns), min(rows), max(columns), max(rows)), size)


def _rotate(drawn: Drawn, quarters: int) -> Drawn:
    for _ in range(quarters):
        height = drawn.image.height
        faces = tuple(Box(height - face.y2, face.x1, height - face.y1, face.x2) for face in drawn.faces)
        drawn = Drawn(drawn.image.transpose(Image.Transpose.ROTATE_270), faces)
    return drawn

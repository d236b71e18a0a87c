"""One portrait from its knobs to its pixels, with the true box of its face."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image, ImageEnhance

from emoji_mock.contract.geometry import Box, Size
from emoji_mock.media.portraits import covers
from emoji_mock.media.portraits.body import paint_body
from emoji_mock.media.portraits.canvas import Canvas, Frame, oval, resized
from emoji_mock.media.portraits.head import Head
from emoji_mock.media.portraits.looks import between, darker, lighter, looks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emoji_mock.media.portraits.looks import Looks

_SIDES = (16, 8000)
_PEOPLE = 2
_USUAL = Size(640, 800)
_BEHIND = 90.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Portrait:
    """What to draw: `seed` chooses looks and place, the rest spoils the picture, each in its own way.

    `face_share` is the face's width as a share of the picture's short side; `roll` tilts the head clockwise, `turn`
    turns it (from 90 on it is seen from behind), `quarter_turns` turn the whole picture clockwise; `light` 0 is black.
    Raises ValueError.
    """

    seed: int = 0
    size: tuple[int, int] = _USUAL
    people: int = 1
    face_share: float = 0.34
    roll: float = 0.0
    turn: float = 0.0
    quarter_turns: int = 0
    cover: covers.Cover | None = None
    light: float = 1.0

    def __post_init__(self) -> None:
        shortest, longest = _SIDES
        if not shortest <= min(self.size) <= max(self.size) <= longest:
            raise ValueError(f"size: {tuple(self.size)} has a side outside {shortest} to {longest} pixels")
        if not 0 <= self.people <= _PEOPLE:
            raise ValueError(f"people: {self.people} is not from 0 to {_PEOPLE}")
        if not 0.02 <= self.face_share <= 1:  # noqa: PLR2004 - less is no face
            raise ValueError(f"face_share: {self.face_share} is not from 0.02 to 1")
        if not 0 <= self.light <= 1:
            raise ValueError(f"light: {self.light} is not from 0 to 1")


class Drawn(NamedTuple):
    """A picture, and the true boxes of the faces that can be seen in it, in its pixels."""

    image: Image.Image
    faces: tuple[Box, ...]

    def encoded(self, kind: str = "PNG") -> bytes:
        """Return the picture as a file: PNG, JPEG, WEBP or BMP."""
        out = BytesIO()
        self.image.save(out, kind)
        return out.getvalue()


def draw(portrait: Portrait) -> Drawn:
    """Draw `portrait`: the same pixels for the same knobs."""
    random = Random(portrait.seed)  # noqa: S311 - a picture, no secret
    # Drawn twice as large where that is not too large, so that edges are smooth.
    scale = min(2.0, 2400 / max(portrait.size))
    people = [(looks(random), frame) for frame in _frames(portrait, random, scale)]
    wall = people[0][0] if people else looks(random)
    image = _background(Size(*(max(1, round(side * scale)) for side in portrait.size)), wall)
    for person, frame in people:
        _person(image, portrait, person, frame)
    image = resized(image, portrait.size, Image.Resampling.LANCZOS)
    if portrait.light < 1:
        image = ImageEnhance.Brightness(image).enhance(portrait.light)
    seen = people if portrait.turn % 360 < _BEHIND or portrait.turn % 360 > 360 - _BEHIND else []
    faces = tuple(_face(frame, scale, Size(*portrait.size)) for _, frame in seen)
    return _turned(Drawn(image, faces), portrait.quarter_turns % 4)


def _frames(portrait: Portrait, random: Random, scale: float) -> Iterator[Frame]:
    width, height = portrait.size
    unit = portrait.face_share * min(portrait.size) / 2
    for place in range(portrait.people):
        beside = 0.5 if portrait.people == 1 else 0.28 + 0.44 * place
        x = width * (beside + between(random, -0.02, 0.02))
        y = height * (0.42 + between(random, -0.02, 0.02))
        yield Frame(x * scale, y * scale, unit * scale * (1 if portrait.people == 1 else 0.8), portrait.roll)


def _background(size: Size, wall: Looks) -> Image.Image:
    slope = resized(Image.linear_gradient("L"), size, Image.Resampling.BICUBIC)
    top, bottom = lighter(wall.background, 0.3), darker(wall.background, 0.28)
    image = Image.composite(Image.new("RGB", size, bottom), Image.new("RGB", size, top), slope)
    canvas = Canvas(image, Frame(size.width * 0.42, size.height * 0.34, min(size) / 2))
    canvas.fill(oval(0, 0, 0.7, 0.7), lighter(wall.background, 0.55), soft=0.22, strength=0.5)
    return image


def _person(image: Image.Image, portrait: Portrait, person: Looks, frame: Frame) -> None:
    canvas = Canvas(image, frame)
    head = Head(canvas, person, portrait.turn)
    behind = _BEHIND <= portrait.turn % 360 <= 360 - _BEHIND
    if not behind:
        head.paint_hair_behind()
    paint_body(Canvas(image, frame._replace(roll=0.0)), person)
    if behind:
        head.paint_back()
        return
    head.paint()
    if portrait.cover is not None:
        covers.paint(portrait.cover, canvas, person.skin)


def _face(frame: Frame, scale: float, size: Size) -> Box:
    # Brows to chin, ear to ear: nearly square, as the vendor's boxes are.
    pixels = [frame.pixel(point) for point in oval(0, 0.1, 1.0, 1.02)]
    columns, rows = [x / scale for x, _ in pixels], [y / scale for _, y in pixels]
    return Box(
        max(0, round(min(columns))),
        max(0, round(min(rows))),
        min(size.width, round(max(columns))),
        min(size.height, round(max(rows))),
    )


def _turned(drawn: Drawn, quarters: int) -> Drawn:
    for _ in range(quarters):
        height = drawn.image.height
        faces = tuple(Box(height - face.y2, face.x1, height - face.y1, face.x2) for face in drawn.faces)
        drawn = Drawn(drawn.image.transpose(Image.Transpose.ROTATE_270), faces)
    return drawn

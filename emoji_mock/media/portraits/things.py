"""Paint what may be in a picture without people: nothing, a smiley, fruit, boxes, a plant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emoji_mock.media.portraits.canvas import Canvas, curve, ellipse, stroke
from emoji_mock.media.portraits.looks import Colour, Looks, choose, darken, lighten, uniform

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

_FRUIT: tuple[Colour, ...] = ((196, 60, 48), (226, 140, 48), (132, 164, 58), (232, 196, 74))


def paint_things(canvas: Canvas, looks: Looks, random: Random) -> None:
    """Paint nothing or some thing, in the colours of `looks`."""
    choose(random, _THINGS)(canvas, looks, random)


def _nothing(_canvas: Canvas, _looks: Looks, _random: Random) -> None:
    pass


def _smiley(canvas: Canvas, _looks: Looks, random: Random) -> None:
    yellow: Colour = (246, 206, 70)
    canvas.fill(ellipse(0, 0, 1, 1), yellow, soft=0.01)
    for side in (-1, 1):
        canvas.fill(ellipse(side * 0.36, -0.26, 0.1, uniform(random, 0.1, 0.2)), (40, 30, 20), soft=0.01)
    mouth = curve((-0.5, 0.28), (0, uniform(random, 0.4, 0.7)), (0.5, 0.28), closed=False)
    canvas.fill(stroke(mouth, (0.05, 0.09, 0.05)), (40, 30, 20), soft=0.01)


def _table(canvas: Canvas, looks: Looks) -> None:
    canvas.fill([(-9, 1), (9, 1), (9, 60), (-9, 60)], darken(looks.shirt, 0.2), soft=0.02)


def _fruit(canvas: Canvas, looks: Looks, random: Random) -> None:
    _table(canvas, looks)
    for place in range(3):
        colour, size = choose(random, _FRUIT), uniform(random, 0.5, 0.8)
        x, y = 1.2 * (place - 1), 1.25 - size
        canvas.fill(ellipse(x + 0.1, y + size, size, 0.14), darken(looks.shirt, 0.6), soft=0.1, strength=0.7)
        fruit = ellipse(x, y, size, 0.94 * size)
        canvas.fill(fruit, colour, soft=0.01)
        within = canvas.mask(fruit)
        canvas.fill(ellipse(x + 0.5, y + 0.4, 0.5, 0.7), darken(colour, 0.4), soft=0.2, strength=0.8, within=within)
        canvas.fill(ellipse(x - 0.2, y - 0.2, 0.14, 0.12), lighten(colour, 0.7), soft=0.06, strength=0.8, within=within)


def _boxes(canvas: Canvas, looks: Looks, random: Random) -> None:
    _table(canvas, looks)
    for place in range(4):
        colour = choose(random, (looks.hair, looks.shirt, looks.iris, *_FRUIT))
        left, high, wide = 0.9 * place - 2, uniform(random, 0.5, 1.8), uniform(random, 0.5, 0.8)
        top = 1.1 - high
        canvas.fill([(left, top), (left + wide, top), (left + wide, 1.1), (left, 1.1)], colour, soft=0.006)
        side = [(left + wide, top), (left + wide + 0.2, top - 0.16), (left + wide + 0.2, 0.94), (left + wide, 1.1)]
        canvas.fill(side, darken(colour, 0.4), soft=0.006)


def _plant(canvas: Canvas, looks: Looks, random: Random) -> None:
    _table(canvas, looks)
    for place in range(9):
        tip = uniform(random, 0.2, 0.5) * (place - 4), uniform(random, -1.9, -0.6)
        leaf = stroke(curve((0, 0.5), (tip[0] / 3, -0.4), tip, closed=False), (0.03, 0.22, 0.0))
        canvas.fill(leaf, choose(random, ((74, 116, 66), (96, 138, 74), (58, 92, 60))), soft=0.01)
    canvas.fill([(-0.6, 0.3), (0.6, 0.3), (0.44, 1.2), (-0.44, 1.2)], looks.hair, soft=0.01)


_THINGS: tuple[Callable[[Canvas, Looks, Random], None], ...] = (_nothing, _smiley, _fruit, _boxes, _plant)

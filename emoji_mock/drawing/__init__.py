"""Portraits drawn with Pillow alone: good ones, and one that deserves each verdict. No photograph has to be kept."""

from emoji_mock.drawing.covers import Cover as Cover
from emoji_mock.drawing.portrait import Drawn as Drawn
from emoji_mock.drawing.portrait import Portrait as Portrait
from emoji_mock.drawing.portrait import draw as draw
from emoji_mock.drawing.verdicts import refused_as as refused_as

__all__ = ["Cover", "Drawn", "Portrait", "draw", "refused_as"]

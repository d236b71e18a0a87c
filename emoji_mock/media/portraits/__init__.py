"""Portraits drawn with Pillow alone: good ones, and one that deserves each verdict. No photograph has to be kept."""

from emoji_mock.media.portraits.covers import Cover as Cover
from emoji_mock.media.portraits.failures import refused_as as refused_as
from emoji_mock.media.portraits.portrait import Drawn as Drawn
from emoji_mock.media.portraits.portrait import Portrait as Portrait
from emoji_mock.media.portraits.portrait import draw as draw

__all__ = ["Cover", "Drawn", "Portrait", "draw", "refused_as"]

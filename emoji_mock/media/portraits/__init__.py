"""Draw portraits with Pillow alone: good ones, and several kinds for each code of a failed detection."""

from emoji_mock.media.portraits.covers import Cover as Cover
from emoji_mock.media.portraits.portrait import Drawn as Drawn
from emoji_mock.media.portraits.portrait import Portrait as Portrait
from emoji_mock.media.portraits.portrait import draw as draw
from emoji_mock.media.portraits.refusals import refused_as as refused_as

__all__ = ["Cover", "Drawn", "Portrait", "draw", "refused_as"]

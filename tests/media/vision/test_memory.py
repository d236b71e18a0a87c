"""Tests of what is remembered of pictures."""

import pytest

from emoji_mock.contract.geometry import Size
from emoji_mock.contract.vision import PictureFacts
from emoji_mock.media.vision.memory import SeenPictures


def test_a_picture_that_comes_again_is_not_looked_at_again():
    """Within a bound: the one that did not come for the longest time is forgotten."""
    looked = []

    def ask(name):
        facts = pictures.get(name, False, lambda: looked.append(name) or PictureFacts(Size(len(looked), 1)))
        return facts.size.width

    pictures = SeenPictures(most=2)
    assert [ask(name) for name in (b"a", b"b", b"a", b"c", b"a", b"b")] == [1, 2, 1, 3, 1, 4]
    assert looked == [b"a", b"b", b"c", b"b"]


def test_the_pixels_that_boxes_are_counted_in_are_told_apart():
    """Those as stored, and those of the picture turned upright."""
    pictures = SeenPictures()
    stored, upright = (PictureFacts(size) for size in (Size(1, 2), Size(2, 1)))
    assert pictures.get(b"a", False, lambda: stored) is stored
    assert pictures.get(b"a", True, lambda: upright) is upright


def test_what_could_not_be_seen_is_not_remembered():
    """The next time is a new one."""
    pictures = SeenPictures()
    with pytest.raises(ZeroDivisionError):
        pictures.get(b"a", False, lambda: 1 / 0)
    facts = PictureFacts(Size(1, 1))
    assert pictures.get(b"a", False, lambda: facts) is facts

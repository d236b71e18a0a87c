"""Boxes: the vendor's published pairs, and what holds for every face in every picture."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emoji_mock.contract.geometry import EMOJI, Box, Proportions, Size, ext_box

EMO = Proportions(margin=0.75, lift=0.20)


@pytest.mark.parametrize(
    ("face", "size", "proportions", "ext", "off"),
    [
        pytest.param((212, 194, 460, 441), (672, 672), EMOJI, (63, 30, 609, 575), 0, id="emoji, documented"),
        pytest.param((344, 180, 515, 351), (1000, 1000), EMOJI, (242, 68, 617, 443), 1, id="emoji, observed"),
        pytest.param((302, 286, 610, 593), (1000, 1000), EMO, (71, 9, 840, 778), 1, id="emo, documented"),
        pytest.param((387, 188, 769, 570), (931, 900), EMO, (225, 0, 931, 706), 0, id="emo, at the border"),
    ],
)
def test_the_published_pairs_come_out(face, size, proportions, ext, off):
    """The rule gives the four published pairs of boxes, to the pixel or one off."""
    laid = ext_box(Box(*face), Size(*size), proportions)
    assert max(abs(ours - theirs) for ours, theirs in zip(laid, ext, strict=True)) <= off


@st.composite
def faces(draw):
    """Nearly square faces inside pictures."""
    width, height = draw(st.integers(40, 7000)), draw(st.integers(40, 7000))
    side = draw(st.integers(10, min(width, height) - 2))
    tall = side + draw(st.integers(-1, 1))
    left, top = draw(st.integers(0, width - side)), draw(st.integers(0, height - tall))
    return Box(left, top, left + side, top + tall), Size(width, height)


@given(faces())
def test_the_larger_box_is_lawful(drawn):
    """The larger box is whole numbers, inside the picture, square but for rounding, around the face, and no larger than 2.2 faces."""
    face, size = drawn
    ext = ext_box(face, size)
    assert all(type(edge) is int for edge in ext)
    assert ext.within(size)
    assert abs(ext.width - ext.height) <= 1
    assert ext.x1 <= face.x1 + 1
    assert ext.y1 <= face.y1 + 1
    assert ext.x2 >= face.x2 - 1
    assert ext.y2 >= face.y2 - 1
    assert ext.width <= 2.2 * max(face.width, face.height) + 1


@given(faces(), st.sampled_from([EMOJI, EMO]))
def test_the_larger_box_of_ratio_3_4_is_lawful(drawn, proportions):
    """With 3:4 it is four thirds as high as wide but for rounding, inside the picture, around the face and on its centre."""
    face, size = drawn
    ext = ext_box(face, size, proportions, tallness=4 / 3)
    assert all(type(edge) is int for edge in ext)
    assert ext.within(size)
    assert abs(3 * ext.height - 4 * ext.width) <= 7
    if max(face.width, face.height * 3 / 4) <= min(size.width, size.height * 3 / 4):
        assert ext.x1 <= face.x1 + 1
        assert ext.y1 <= face.y1 + 1
        assert ext.x2 >= face.x2 - 1
        assert ext.y2 >= face.y2 - 1
    assert ext.width <= (1 + 2 * proportions.margin) * max(face.width, face.height) + 1


@pytest.mark.parametrize(
    ("face", "size", "ext"),
    [
        pytest.param((500, 700, 700, 900), (2000, 2000), (350, 437, 850, 1103), id="away from borders"),
        pytest.param((302, 286, 610, 593), (1000, 1200), (71, 0, 841, 1027), id="moved down at the upper border"),
        pytest.param((302, 286, 610, 593), (912, 600), (231, 0, 681, 600), id="smaller in a low picture"),
        pytest.param((20, 500, 220, 700), (2000, 2000), (0, 410, 240, 730), id="smaller beside the left border"),
    ],
)
def test_the_larger_box_is_four_thirds_as_high_as_wide(face, size, ext):
    """Inferred: the centre of 1:1, the width of 1:1, and more height."""
    assert ext_box(Box(*face), Size(*size), EMO, tallness=4 / 3) == ext


@pytest.mark.parametrize(
    ("box", "inside"),
    [
        ((0, 0, 10, 10), True),
        ((0, 0, 11, 10), False),
        ((-1, 0, 5, 5), False),
        ((5, 5, 5, 9), False),
        ((5, 9, 9, 5), False),
    ],
)
def test_a_box_is_inside_or_not(box, inside):
    """A box is inside a picture if its corners are in order and within the edges."""
    assert Box(*box).within(Size(10, 10)) is inside

"""Tests of what is measured of a face: roll, yaw, cut, cover, light, sharpness, and of a person without one."""

from functools import cache

import pytest

pytest.importorskip("cv2", reason="OpenCV comes with the extra `vision`")

from emoji_mock.media.portraits import Portrait, draw
from emoji_mock.media.portraits.covers import Cover
from emoji_mock.media.vision import look


@cache
def seen(**parameters):
    """Return what is seen of a portrait with these parameters."""
    return look(draw(Portrait(seed=1, **parameters)).encoded())


@pytest.mark.parametrize("roll", [-60, -25, 0, 15, 50, 150])
def test_a_tilted_head_has_its_roll(roll):
    """Within 6 degrees, clockwise, at any angle: also beyond the 25 at which the detector's own saturates."""
    assert seen(roll=float(roll)).faces[0].roll == pytest.approx(roll, abs=6)


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_picture_on_its_side_has_its_roll(turns):
    """A quarter turn clockwise is 90 degrees."""
    assert abs((seen(quarter_turns=turns).faces[0].roll - 90 * turns + 180) % 360 - 180) < 6


@pytest.mark.parametrize("turn", [-40, -30, -15, 0, 15, 30, 40])
def test_a_turned_head_has_its_yaw(turn):
    """Within 9 degrees, positive to its left."""
    assert seen(turn=float(turn)).faces[0].yaw == pytest.approx(turn, abs=9)


@pytest.mark.parametrize("cover", list(Cover))
def test_a_covered_face_is_told(cover):
    """By a mask, sunglasses or a hand; nothing speaks for them in a bare face."""
    assert seen(cover=cover).faces[0].covered > 0.7
    assert seen().faces[0].covered < 0.3


@pytest.mark.parametrize("place", [(0.0, 0.42), (1.0, 0.42), (0.5, 0.0)])
def test_a_face_that_the_border_cuts_is_told(place):
    """A good part of it is outside, of a whole face none."""
    assert seen(place=place, size=(640, 640), face_share=0.5).faces[0].cut > 0.2
    assert seen().faces[0].cut == 0


def test_light_and_sharpness_are_told():
    """A dark picture has a tenth of the light, a blurred face a tenth of the sharpness, or less."""
    plain, dark, blurred = seen(), seen(light=0.1), seen(blur=0.03)
    assert dark.light < plain.light / 5
    assert blurred.sharpness < plain.sharpness / 10


def test_people_are_counted_and_a_person_from_behind_is_one():
    """A person seen from behind has a body and no face, an empty room neither."""
    assert [len(seen(people=people).faces) for people in (0, 1, 2)] == [0, 1, 2]
    assert (seen(turn=180.0).faces, seen(turn=180.0).body) == ((), True)
    assert (seen(people=0).faces, seen(people=0).body) == ((), False)

"""Tests of the warping of a picture into a pose."""

import pytest
from PIL import Image, ImageChops

from emoji_mock.media.videos.pose import Pose
from emoji_mock.media.videos.still import Still
from emoji_mock.media.videos.warp import warp


def pattern(*, striped=False):
    """Return a picture in which each place looks different, its face in the middle; stripes make small moves visible."""
    down = Image.linear_gradient("L").resize((512, 512))
    third = down.point(lambda value: value // 4 % 2 * 255) if striped else Image.radial_gradient("L").resize((512, 512))
    return Still(Image.merge("RGB", (down, down.rotate(90), third)), 256.0, 270.0, 116.0)


def difference(one, other, least=3):
    """Return the box in which two pictures differ by more than rounding."""
    return ImageChops.difference(one, other).convert("L").point(lambda value: 255 if value >= least else 0).getbbox()


def test_without_a_motion_nothing_moves():
    """The neutral pose gives the picture itself."""
    still = pattern()
    assert difference(warp(still, Pose()), still.image) is None


@pytest.mark.parametrize("pose", [Pose(tilt=8), Pose(grow=0.15), Pose(right=0.15), Pose(down=-0.15)])
def test_the_border_stays(pose):
    """A head moves inside the frame; the outermost pixels do not change."""
    still = pattern()
    moved = warp(still, pose)
    left, top, right, bottom = difference(moved, still.image)
    assert min(left, top) >= 4
    assert max(right, bottom) <= 508


def test_a_wink_moves_one_eye():
    """Closing the left eye changes neither the other side of the face nor its lower half."""
    still = pattern(striped=True)
    left, top, right, bottom = difference(warp(still, Pose(left_eye=1)), still.image, least=12)
    assert left > 116
    assert right <= 300
    assert top > 160
    assert bottom <= 290


def test_down_moves_pixels_down():
    """A pixel of the picture is shown below its place."""
    still = pattern()
    moved = warp(still, Pose(down=0.1))
    assert moved.getpixel((256, 270))[0] == pytest.approx(still.image.getpixel((256, 270 - 12))[0], abs=3)


def test_an_open_mouth_moves_the_chin_alone():
    """Opening the mouth changes nothing above it, and moves what is below down."""
    still = pattern()
    moved = warp(still, Pose(mouth=1))
    left, top, right, bottom = difference(moved, still.image)
    assert 116 <= left < right <= 396
    assert 270 < top < bottom < 450
    assert moved.getpixel((256, 352))[0] < still.image.getpixel((256, 352))[0]


def test_a_frame_may_have_any_size():
    """What is no multiple of a cell is shown whole."""
    image = pattern().image.resize((500, 730))
    still = Still(image, 250.0, 300.0, 110.0)
    assert difference(warp(still, Pose()), image) is None
    assert warp(still, Pose(tilt=8, mouth=1)).size == (500, 730)

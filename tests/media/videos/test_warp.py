"""Moving pixels."""

import pytest
from PIL import Image, ImageChops

from emoji_mock.media.videos.pose import Pose
from emoji_mock.media.videos.still import Still
from emoji_mock.media.videos.warp import warped


def pattern(*, striped=False):
    """Return a picture in which each place looks different, its face in the middle; in stripes small steps show."""
    down = Image.linear_gradient("L").resize((512, 512))
    third = down.point(lambda value: value // 4 % 2 * 255) if striped else Image.radial_gradient("L").resize((512, 512))
    return Still(Image.merge("RGB", (down, down.rotate(90), third)), 256.0, 270.0, 116.0)


def difference(one, other, least=3):
    """Return where two pictures differ by more than rounding."""
    return ImageChops.difference(one, other).convert("L").point(lambda value: 255 if value >= least else 0).getbbox()


def test_without_a_motion_nothing_moves():
    """The neutral pose shows the picture itself."""
    still = pattern()
    assert difference(warped(still, Pose()), still.image) is None


@pytest.mark.parametrize("pose", [Pose(tilt=8), Pose(grow=0.15), Pose(right=0.15), Pose(down=-0.15)])
def test_the_border_stays(pose):
    """A head moves inside the frame: the outermost pixels are those of the picture."""
    still = pattern()
    moved = warped(still, pose)
    left, top, right, bottom = difference(moved, still.image)
    assert min(left, top) >= 4
    assert max(right, bottom) <= 508


def test_a_wink_is_seen_at_one_eye():
    """Closing the left eye moves nothing beyond the middle of the face, nor in its lower half."""
    still = pattern(striped=True)
    left, top, right, bottom = difference(warped(still, Pose(left_eye=1)), still.image, least=12)
    assert left > 116
    assert right <= 300
    assert top > 160
    assert bottom <= 290


def test_down_is_down():
    """What was seen at a place is then seen below it."""
    still = pattern()
    moved = warped(still, Pose(down=0.1))
    assert moved.getpixel((256, 270))[0] == pytest.approx(still.image.getpixel((256, 270 - 12))[0], abs=3)

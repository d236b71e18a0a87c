"""Motions: one for each family of driven_id."""

import pytest

from emoji_mock.contract.motions import DRIVEN_IDS
from emoji_mock.media.videos.pose import Pose, pose

FAMILIES = ("mengwa_kaixin", "dagong_wunai", "jingdian_tiaopi")


@pytest.mark.parametrize("driven_id", FAMILIES)
@pytest.mark.parametrize("seconds", [1, 2, 3, 4, 5])
def test_a_video_begins_and_ends_alike(driven_id, seconds):
    """At either end the head is as in the picture, so that a player can repeat the video."""
    for share in (0.0, 1.0):
        assert pose(driven_id, share, seconds) == pytest.approx(Pose(), abs=1e-9)


@pytest.mark.parametrize("driven_id", FAMILIES)
def test_eyes_close_half_a_second_in(driven_id):
    """Each motion has a blink; the classic one is a wink."""
    seen = pose(driven_id, 0.25, 2)
    assert seen.left_eye == pytest.approx(1.0)
    assert (seen.right_eye == pytest.approx(1.0)) is (driven_id != "jingdian_tiaopi")


def test_families_move_differently():
    """No two families hold the head alike half-way."""
    assert len({pose(driven_id, 0.4, 2) for driven_id in FAMILIES}) == 3


@pytest.mark.parametrize("driven_id", DRIVEN_IDS)
def test_no_pose_is_out_of_hand(driven_id):
    """Heads stay within a sixth of a face and eight degrees."""
    for place in range(60):
        seen = pose(driven_id, place / 60, 4)
        assert abs(seen.tilt) <= 8
        assert max(abs(seen.right), abs(seen.down), abs(seen.grow)) <= 1 / 6
        assert -0.3 <= min(seen.left_eye, seen.right_eye) <= max(seen.left_eye, seen.right_eye) <= 1

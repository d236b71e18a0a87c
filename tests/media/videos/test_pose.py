"""Tests of the motions, one for each family of driven_id."""

import pytest

from emoji_mock.contract.documents.motions import DRIVEN_IDS
from emoji_mock.media.videos.pose import Pose, pose_at

FAMILIES = ("mengwa_kaixin", "dagong_wunai", "jingdian_tiaopi", "")


@pytest.mark.parametrize("driven_id", FAMILIES)
@pytest.mark.parametrize("seconds", [1, 2, 3, 4, 5])
def test_a_video_begins_and_ends_alike(driven_id, seconds):
    """The head is as in the picture at both ends, so that a player can repeat the video."""
    for progress in (0.0, 1.0):
        assert pose_at(driven_id, progress, seconds) == pytest.approx(Pose(), abs=1e-9)


@pytest.mark.parametrize("driven_id", FAMILIES)
def test_eyes_close_half_a_second_in(driven_id):
    """Each motion has a blink; the classic one is a wink."""
    pose = pose_at(driven_id, 0.25, 2)
    assert pose.left_eye == pytest.approx(1.0)
    assert (pose.right_eye == pytest.approx(1.0)) is (driven_id != "jingdian_tiaopi")


def test_families_move_differently():
    """No two families have the same pose at the same moment."""
    assert len({pose_at(driven_id, 0.4, 2) for driven_id in FAMILIES}) == 4


@pytest.mark.parametrize("driven_id", DRIVEN_IDS)
def test_poses_are_bounded(driven_id):
    """A head moves at most a sixth of a face, and tilts at most eight degrees."""
    for place in range(60):
        pose = pose_at(driven_id, place / 60, 4)
        assert abs(pose.tilt) <= 8
        assert max(abs(pose.right), abs(pose.down), abs(pose.grow)) <= 1 / 6
        assert -0.3 <= min(pose.left_eye, pose.right_eye) <= max(pose.left_eye, pose.right_eye) <= 1


def test_a_speaker_opens_the_mouth_three_times_a_second():
    """And closes it in between; no other motion opens it."""
    mouths = [pose_at("", place / 120, 2).mouth for place in range(120)]
    opened = [place for place in range(1, 119) if mouths[place - 1] < mouths[place] >= mouths[place + 1]]
    assert len(opened) == 6
    assert max(mouths) == pytest.approx(1.0, abs=0.01)
    assert min(mouths[opened[0] : opened[1]]) == pytest.approx(0.0, abs=0.01)
    assert {pose_at(driven_id, place / 9, 2).mouth for driven_id in FAMILIES[:3] for place in range(9)} == {0.0}

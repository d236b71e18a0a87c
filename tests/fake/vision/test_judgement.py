"""The verdict of a picture by what is seen in it."""

import pytest

from emoji_mock.contract.geometry import Box, Size
from emoji_mock.contract.models import DETECTORS
from emoji_mock.contract.vision import FaceFacts, PictureFacts
from emoji_mock.fake.vision.eyes import Eyes
from emoji_mock.fake.vision.judgement import judge

SIZE = Size(640, 800)
FACE = FaceFacts(Box(220, 200, 420, 400), below=2.0)
FINE = "one face, which is whole and seen from the front"


def seen(*faces, **changes):
    """Return the facts of a picture with `faces`."""
    return PictureFacts(SIZE, faces, **changes)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (seen(FACE), FINE),
        (seen(), "NoHuman: no face"),
        (seen(body=True), "FrontBody: a person without a face"),
        (seen(FACE, FACE._replace(box=Box(0, 0, 61, 61))), "MultiHuman: 2 faces"),
        (seen(FACE, FACE._replace(box=Box(0, 0, 59, 59))), FINE),
        (seen(FACE._replace(box=Box(300, 300, 363, 363))), "BodyProportion: face 0.10 of the short side < 0.1"),
        (seen(FACE._replace(box=Box(0, 0, 520, 520))), "BodyProportion: face 0.81 of the short side > 0.8"),
        (seen(FACE._replace(cut=0.25)), "FullFace: 25% of the face is outside > 10%"),
        (seen(FACE._replace(covered=0.75)), "FullFace: covered 0.75 > 0.5"),
        (seen(FACE._replace(roll=31.4)), "FacePose: roll 31° > 20°"),
        (seen(FACE._replace(roll=-31.4)), "FacePose: roll 31° > 20°"),
        (seen(FACE._replace(roll=20)), FINE),
        (seen(FACE._replace(yaw=-40)), "FacePose: yaw 40° > 25°"),
        (seen(FACE, light=0.05), "Value: light 0.05 < 0.12"),
        (seen(light=0.05), "Value: light 0.05 < 0.12"),
    ],
)
def test_each_fact_has_its_reason(facts, reason):
    """The reason has the code, what was measured, and the threshold; a value at the threshold passes."""
    verdict = judge(facts, Eyes())
    assert verdict.reason == reason
    assert (verdict.row is None) == (reason == FINE)
    assert verdict.face == (facts.faces[0].box if facts.faces else None)


@pytest.mark.parametrize(
    ("thresholds", "facts", "code"),
    [
        ({"roll": 35}, seen(FACE._replace(roll=31)), None),
        ({"roll": 10}, seen(FACE._replace(roll=15)), "InvalidFile.FacePose"),
        ({"yaw": 90}, seen(FACE._replace(yaw=80)), None),
        ({"light": 0}, seen(FACE, light=0), None),
        ({"sharpness": 0.9}, seen(FACE, sharpness=0.8), "InvalidFile.Value"),
        ({"second": 1}, seen(FACE, FACE._replace(box=Box(0, 0, 190, 190))), None),
        ({"smallest": 0.4}, seen(FACE), "InvalidFile.BodyProportion"),
        ({"largest": 0.2}, seen(FACE), "InvalidFile.BodyProportion"),
        ({"cut": 0.5}, seen(FACE._replace(cut=0.4)), None),
        ({"covered": 0.8}, seen(FACE._replace(covered=0.75)), None),
    ],
)
def test_each_threshold_can_be_set(thresholds, facts, code):
    """Another threshold gives another verdict."""
    row = judge(facts, Eyes(**thresholds)).row
    assert (row and row.code) == code


@pytest.mark.parametrize(
    ("model", "ratio", "face", "code"),
    [
        ("emo-detect-v1", "1:1", {"below": 0.5}, None),
        ("emo-detect-v1", "3:4", {"below": 0.5}, "InvalidFile.FullBody"),
        ("emo-detect-v1", "3:4", {"below": 1.0}, None),
        ("emo-detect-v1", "3:4", {"below": 0.5, "roll": 40}, "InvalidFile.FacePose"),
        ("animate-anyone-detect-gen2", "", {"below": 0.5}, "InvalidFile.FullBody"),
        ("animate-anyone-detect-gen2", "", {"box": Box(300, 100, 340, 140)}, None),
        ("liveportrait-detect", "", {"box": Box(300, 100, 340, 140)}, None),
        ("liveportrait-detect", "", {"yaw": 50}, "InvalidFile.FacePose"),
        ("wan2.2-s2v-detect", "", {"box": Box(300, 100, 340, 140)}, "InvalidFile.BodyProportion"),
    ],
)
def test_each_model_has_its_own_rules(model, ratio, face, code):
    """Half a body is needed for emo at 3:4 and for AnimateAnyone; a small face is none of theirs, nor LivePortrait's."""
    row = judge(seen(FACE._replace(**face)), Eyes(), DETECTORS[model], ratio).row
    assert (row and row.code) == code


@pytest.mark.parametrize(("below", "whole"), [(5.0, True), (4.9, False)])
def test_a_whole_body_has_room_below_its_face(below, whole):
    """Five heights of the face are room for one; without a face nobody can say."""
    assert judge(seen(FACE._replace(below=below)), Eyes()).whole_body is whole
    assert judge(seen(), Eyes()).whole_body is None

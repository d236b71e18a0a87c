"""Tests of drawn portraits as they are seen and judged: plain ones pass, spoilt ones get the code that they deserve.

EMOJI_MOCK_PORTRAITS=100 tries a hundred of each, which takes minutes; docs/explanations/vision.md has what came out.
"""

import os
from statistics import mean

import pytest

from emoji_mock.contract.codes import Code
from emoji_mock.fake.vision.eyes import Eyes
from emoji_mock.fake.vision.judgement import judge
from emoji_mock.media.portraits import Portrait, draw, refused_as

pytest.importorskip("cv2", reason="OpenCV comes with the extra `vision`")

from emoji_mock.media.vision import look

PORTRAITS = int(os.environ.get("EMOJI_MOCK_PORTRAITS", "4"))
CODES = [
    Code.NO_HUMAN,
    Code.MULTI_HUMAN,
    Code.BODY_PROPORTION,
    Code.VALUE,
    Code.FRONT_BODY,
    Code.FULL_FACE,
    Code.FACE_POSE,
]


def overlap(one, other):
    """Return the intersection of two boxes over their union."""
    across = max(0, min(one.x2, other.x2) - max(one.x1, other.x1))
    down = max(0, min(one.y2, other.y2) - max(one.y1, other.y1))
    common = across * down
    return common / (one.width * one.height + other.width * other.height - common)


def judged(portrait):
    """Return the code that a drawing of `portrait` gets, None if it passes, and the reason."""
    verdict = judge(look(draw(portrait).encoded("BMP")), Eyes())
    return verdict.row and verdict.row.code, verdict.reason


@pytest.mark.slow
def test_a_plain_portrait_passes_with_its_own_box():
    """None of them is refused, and their boxes overlap with the detector's by over 0.9."""
    overlaps = []
    for seed in range(PORTRAITS):
        drawn = draw(Portrait(seed=seed))
        verdict = judge(look(drawn.encoded("BMP")), Eyes())
        assert verdict.row is None, (seed, verdict.reason)
        overlaps.append(overlap(drawn.faces[0], verdict.face))
    assert mean(overlaps) >= 0.9
    assert min(overlaps) >= 0.8


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.2, 0.6])
def test_a_face_of_another_size_passes(share):
    """Small and large faces within the thresholds are not refused, though they are tilted and turned a little."""
    for seed in range(PORTRAITS // 2):
        portrait = Portrait(seed=seed, face_share=share, roll=8 - seed % 17, turn=seed * 5 % 17 - 8)
        assert judged(portrait)[0] is None, (portrait, judged(portrait)[1])


@pytest.mark.slow
@pytest.mark.parametrize("code", CODES)
def test_a_spoilt_portrait_gets_the_code_it_deserves(code):
    """At least 95 of 100 of them do."""
    results = [(seed, *judged(refused_as(code, seed))) for seed in range(PORTRAITS)]
    wrong = [result for result in results if result[1] != code]
    assert len(wrong) <= PORTRAITS * 0.05, wrong

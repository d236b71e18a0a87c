"""Tests of drawn portraits as the detector sees them."""

from statistics import mean

import pytest

from emoji_mock.media.portraits import Portrait, draw

pytest.importorskip("cv2", reason="OpenCV comes with the extra `vision`")

from emoji_mock.media.vision import look


def overlap(one, other):
    """Return the intersection of two boxes over their union."""
    across = max(0, min(one.x2, other.x2) - max(one.x1, other.x1))
    down = max(0, min(one.y2, other.y2) - max(one.y1, other.y1))
    common = across * down
    return common / (one.width * one.height + other.width * other.height - common)


def overlaps(seeds, **parameters):
    """Return how far the boxes of portraits overlap with those that are seen, 0 for a face that is not."""
    found = []
    for seed in seeds:
        drawn = draw(Portrait(seed=seed, **parameters))
        seen = look(drawn.encoded()).faces
        found += [max((overlap(face, other.box) for other in seen), default=0.0) for face in drawn.faces]
    return found


def test_a_portrait_lies_in_its_own_box():
    """The box of a plain portrait overlaps with the detector's by over 0.9."""
    found = overlaps(range(8))
    assert mean(found) >= 0.9
    assert min(found) >= 0.85

"""The boxes of the fake: valid, and the same for the same picture everywhere."""

import os
import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from emoji_mock.contract.geometry import Size
from emoji_mock.fake.checks.faces import boxes_for

sides = st.integers(400, 7000)


@given(url=st.text(), seed=st.integers(-(2**63), 2**63), size=st.none() | st.builds(Size, sides, sides))
def test_boxes_are_always_lawful(url, seed, size):
    """Boxes are whole numbers inside the picture, the face nearly square, the larger one square around it."""
    boxes = boxes_for(url, seed, size)
    face, ext = boxes.bbox_face, boxes.ext_bbox_face
    within = size or Size(1080, 1440)
    assert face.within(within)
    assert ext.within(within)
    assert abs(face.width - face.height) <= 1
    assert abs(ext.width - ext.height) <= 1
    assert ext.x1 <= face.x1
    assert ext.y1 <= face.y1
    assert ext.x2 >= face.x2
    assert ext.y2 >= face.y2


def test_different_pictures_have_different_boxes():
    """No two of a thousand pictures of unknown size look alike."""
    assert len({boxes_for(f"https://example.com/{number}.png") for number in range(1000)}) >= 999


def test_another_process_lays_the_same_boxes():
    """Neither the process nor its hash seed matters; the numbers stand here so that every machine is held to them."""
    code = (
        "from emoji_mock.fake.checks.faces import boxes_for; print(*boxes_for('https://example.com/me.png').bbox_face)"
    )
    for seed in ("1", "2"):
        ran = subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert ran.stdout.split() == ["417", "228", "701", "513"]


def test_a_face_that_is_known_is_kept():
    """The face that a test names comes out, and the documented larger box around it."""
    boxes = boxes_for("x", face=(212, 194, 460, 441))
    assert boxes.bbox_face == (212, 194, 460, 441)
    assert boxes.ext_bbox_face == (63, 30, 609, 575)

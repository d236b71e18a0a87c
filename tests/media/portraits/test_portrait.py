"""Drawn portraits: the same pixels for the same knobs, true boxes, and what each knob does to the picture."""

import subprocess
import sys
from hashlib import sha256
from io import BytesIO

import pytest
from PIL import Image, ImageStat

from emoji_mock.contract.catalogue import UnknownCodeError
from emoji_mock.contract.geometry import Size
from emoji_mock.contract.row import Row
from emoji_mock.contract.rows import failed
from emoji_mock.media.portraits import Cover, Portrait, draw, refused_as

SMALL = (160, 200)
VERDICTS = [row.name for row in vars(failed).values() if isinstance(row, Row)]


def digest(portrait):
    return sha256(draw(portrait).image.tobytes()).hexdigest()


def test_the_same_seed_draws_the_same_picture_in_another_process():
    """Pixels depend on the knobs alone."""
    code = "from hashlib import sha256; from emoji_mock.media.portraits import *; print(sha256(draw(Portrait(seed=5, size=(160, 200))).image.tobytes()).hexdigest())"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == digest(Portrait(seed=5, size=SMALL))
    assert len({digest(Portrait(seed=seed, size=SMALL)) for seed in range(10)}) == 10


def test_the_picture_is_the_same_on_every_machine():
    """The colours of a portrait, written out; Pillow's versions may differ by a shade."""
    image = draw(Portrait(seed=7)).image.resize((4, 5), Image.Resampling.BOX)
    told = [image.getpixel((x, y)) for y in (0, 2, 4) for x in (0, 1, 3)]
    wanted = [
        (214, 224, 213),
        (206, 214, 204),
        (212, 222, 211),
        (195, 203, 193),
        (184, 159, 138),
        (188, 197, 186),
        (104, 102, 117),
        (88, 84, 109),
        (104, 103, 113),
    ]
    assert (
        max(
            abs(ours - theirs)
            for one, two in zip(told, wanted, strict=True)
            for ours, theirs in zip(one, two, strict=True)
        )
        <= 3
    )


def test_the_box_is_the_faces():
    """The one box is nearly square, as wide as the face's share of the picture, and holds skin rather than wall."""
    drawn = draw(Portrait(seed=3, face_share=0.34))
    (face,) = drawn.faces
    assert abs(face.width - 0.34 * 640) <= 2
    assert abs(face.width - face.height) <= 0.05 * face.width
    inside = ImageStat.Stat(drawn.image.crop(face)).stddev
    outside = ImageStat.Stat(drawn.image.crop((0, face.y1 - 60, 100, face.y1))).stddev
    assert min(inside) > 4 * max(outside)


def test_the_box_follows_a_turn_of_the_picture():
    """A quarter turn moves the picture and the box alike."""
    upright, turned = (draw(Portrait(seed=3, size=SMALL, quarter_turns=turns)) for turns in (0, 1))
    (face,), (moved,) = upright.faces, turned.faces
    assert turned.image.size == (200, 160)
    back = turned.image.crop(moved).transpose(Image.Transpose.ROTATE_90)
    assert back.tobytes() == upright.image.crop(face).tobytes()


@pytest.mark.parametrize(
    ("knobs", "faces"),
    [
        ({}, 1),
        ({"people": 0}, 0),
        ({"people": 2}, 2),
        ({"turn": 180.0}, 0),
        ({"turn": -30.0}, 1),
        ({"roll": 25.0}, 1),
        ({"cover": Cover.HAND}, 1),
        ({"size": (800, 400)}, 1),
        ({"size": (40, 2000)}, 1),
    ],
)
def test_a_box_for_each_face_that_can_be_seen(knobs, faces):
    """Nobody, one or two; a head seen from behind has no face. Boxes lie inside the picture."""
    drawn = draw(Portrait(**{"size": SMALL, **knobs}))
    assert len(drawn.faces) == faces
    assert all(face.within(Size(*drawn.image.size)) for face in drawn.faces)


@pytest.mark.parametrize("code", VERDICTS)
def test_there_is_a_portrait_for_every_verdict(code):
    """Each code of a failed detection has knobs of its own, and its picture differs from a good one."""
    portrait = refused_as(code, seed=2)
    assert portrait != Portrait(seed=2)
    if code == "InvalidFile.Resolution":
        assert min(portrait.size) < 400
    if code == "InvalidFile.Value":
        assert max(high for _, high in draw(portrait).image.getextrema()) < 30


def test_a_wrong_code_or_knob_is_told():
    """A typo names the nearest code; a knob out of range says what the range is."""
    with pytest.raises(UnknownCodeError, match="MultiHuman"):
        refused_as("MultHuman")
    for knobs, message in (
        ({"size": (640, 9000)}, "size: .640, 9000. has a side outside 16 to 8000 pixels"),
        ({"people": 3}, "people: 3 is not from 0 to 2"),
        ({"face_share": 0.0}, "face_share: 0.0 is not from 0.02 to 1"),
        ({"light": 2}, "light: 2 is not from 0 to 1"),
    ):
        with pytest.raises(ValueError, match=message):
            Portrait(**knobs)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP"])
def test_a_portrait_can_be_a_file(kind):
    """Every format that the vendor takes."""
    with Image.open(BytesIO(draw(Portrait(size=SMALL)).encoded(kind))) as picture:
        assert (picture.format, picture.size) == (kind, SMALL)

"""Tests of drawn portraits: equal pixels for equal parameters, true boxes, the effect of each parameter."""

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
CODES = [row.name for row in vars(failed).values() if isinstance(row, Row)]


def digest(portrait):
    return sha256(draw(portrait).image.tobytes()).hexdigest()


def test_the_same_seed_draws_the_same_picture_in_another_process():
    """Pixels depend on the parameters alone."""
    code = "from hashlib import sha256; from emoji_mock.media.portraits import *; print(sha256(draw(Portrait(seed=5, size=(160, 200))).image.tobytes()).hexdigest())"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == digest(Portrait(seed=5, size=SMALL))
    assert len({digest(Portrait(seed=seed, size=SMALL)) for seed in range(10)}) == 10


def test_the_picture_is_the_same_on_every_machine():
    """Its colours are these; versions of Pillow may differ by a shade."""
    image = draw(Portrait(seed=7)).image.resize((4, 5), Image.Resampling.BOX)
    colours = [image.getpixel((x, y)) for y in (0, 2, 4) for x in (0, 1, 3)]
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
            for one, two in zip(colours, wanted, strict=True)
            for ours, theirs in zip(one, two, strict=True)
        )
        <= 3
    )


def test_the_box_is_the_face():
    """The box is nearly square, has the width of `face_share`, and contains skin, not background."""
    drawn = draw(Portrait(seed=3, face_share=0.34))
    (face,) = drawn.faces
    assert abs(face.width - 0.34 * 640) <= 2
    assert abs(face.width - face.height) <= 0.05 * face.width
    inside = ImageStat.Stat(drawn.image.crop(face)).stddev
    outside = ImageStat.Stat(drawn.image.crop((0, face.y1 - 60, 100, face.y1))).stddev
    assert min(inside) > 4 * max(outside)


def test_the_box_follows_a_turn_of_the_picture():
    """A quarter turn rotates the picture and the box alike."""
    upright, turned = (draw(Portrait(seed=3, size=SMALL, quarter_turns=turns)) for turns in (0, 1))
    (face,), (moved,) = upright.faces, turned.faces
    assert turned.image.size == (200, 160)
    back = turned.image.crop(moved).transpose(Image.Transpose.ROTATE_90)
    assert back.tobytes() == upright.image.crop(face).tobytes()


@pytest.mark.parametrize(
    ("parameters", "faces"),
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
        ({"place": (0.0, 1.0)}, 1),
        ({"face_share": 0.1}, 1),
    ],
)
def test_there_is_a_box_for_each_visible_face(parameters, faces):
    """Zero, one or two people; a head seen from behind has no face. Boxes lie inside the picture."""
    drawn = draw(Portrait(**{"size": SMALL, **parameters}))
    assert len(drawn.faces) == faces
    assert all(face.within(Size(*drawn.image.size)) for face in drawn.faces)


@pytest.mark.parametrize("code", CODES)
def test_there_is_a_portrait_for_every_code(code):
    """Each code of a failed detection has parameters of its own, and its picture differs from a good one."""
    portrait = refused_as(code, seed=2)
    assert portrait != Portrait(seed=2)
    if code == "InvalidFile.Resolution":
        assert min(portrait.size) < 400
    if code == "InvalidFile.Value":
        assert max(high for _, high in draw(portrait).image.getextrema()) < 30


def test_each_code_has_several_kinds():
    """Seeds that follow one another go through what may be wrong; each draws another person."""
    assert {refused_as("FullFace", seed).cover for seed in range(4)} == {*Cover, None}
    assert {bool(refused_as("Value", seed).blur) for seed in range(2)} == {False, True}
    assert [refused_as("BodyProportion", seed).face_share < 0.1 for seed in range(4)] == [True, False, True, False]
    poses = [refused_as("FacePose", seed) for seed in range(3)]
    assert [abs(pose.roll) >= 28 for pose in poses] == [True, False, False]
    assert [abs(pose.turn) >= 32 for pose in poses] == [False, True, False]
    assert [pose.quarter_turns > 0 for pose in poses] == [False, False, True]
    assert refused_as("FacePose", 3) != refused_as("FacePose", 0)
    assert refused_as("FacePose", 3) == refused_as("FacePose", 3)


def test_a_wrong_code_or_parameter_is_refused():
    """A misspelt code names the nearest one; a parameter out of range names the range."""
    with pytest.raises(UnknownCodeError, match="MultiHuman"):
        refused_as("MultHuman")
    for parameters, message in (
        ({"size": (640, 9000)}, "size: must have sides from 16 to 8000 pixels, not .640, 9000."),
        ({"people": 3}, "people: must be from 0 to 2, not 3"),
        ({"face_share": 0.0}, "face_share: must be from 0.02 to 1, not 0.0"),
        ({"light": 2}, "light: must be from 0 to 1, not 2"),
        ({"blur": -1}, "blur: must be from 0 to 1, not -1"),
        ({"place": (0.5, 1.2)}, "place: must be from 0 to 1 in both directions, not .0.5, 1.2."),
    ):
        with pytest.raises(ValueError, match=message):
            Portrait(**parameters)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP"])
def test_a_portrait_can_be_encoded(kind):
    """Every format that the vendor accepts."""
    with Image.open(BytesIO(draw(Portrait(size=SMALL)).encoded(kind))) as picture:
        assert (picture.format, picture.size) == (kind, SMALL)

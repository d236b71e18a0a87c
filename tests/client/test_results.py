"""Tests that a failed detection cannot be taken for a passed one, and of boxes and crops."""

import pickle

import pytest
from PIL import Image

from emoji_mock.client import Box, Failed, Passed

PASSED = Passed(Box(212, 194, 460, 441), Box(63, 30, 609, 575), "id", 1)
FAILED = Failed("InvalidFile.FacePose", "The pose …", "id", 1)


@pytest.mark.parametrize("result", [PASSED, FAILED])
@pytest.mark.parametrize(
    "use", [bool, lambda result: 1 if result else 2, lambda result: not result], ids=["bool", "if", "not"]
)
def test_a_result_has_no_truth_value(result, use):
    """`if result:` raises, and the message says what to check."""
    with pytest.raises(TypeError, match=r"has no truth value; check `result\.passed`"):
        use(result)


def test_passed_outcome_and_billing():
    """Both results are billed; `passed` and `outcome` differ."""
    assert (PASSED.passed, PASSED.outcome, PASSED.billed, PASSED.images) == (True, "passed", True, 1)
    assert (FAILED.passed, FAILED.outcome, FAILED.billed, FAILED.status) == (False, "failed", True, 200)
    assert Failed("InvalidFile.Value", "…", images=0, status=400).billed is False


def test_match():
    """Results match by class, by position and by name."""

    def read(result):
        match result:
            case Passed(face, ext=ext):
                return face, ext
            case Failed(code, message=message):
                return code, message

    assert read(PASSED) == ((212, 194, 460, 441), (63, 30, 609, 575))
    assert read(FAILED) == ("InvalidFile.FacePose", "The pose …")


@pytest.mark.parametrize("name", ["face", "ext", "bbox_face", "ext_bbox_face", "crop"])
def test_failed_has_no_boxes_and_says_why(name):
    """The exception for a box of a failed result names the code, and what to do."""
    with pytest.raises(AttributeError, match=r"the detection failed with InvalidFile\.FacePose, so there is no"):
        getattr(FAILED, name)
    assert not hasattr(FAILED, name)


def test_other_names_raise_pythons_own_error():
    """Results are frozen."""
    with pytest.raises(AttributeError, match="'Failed' object has no attribute 'nothing'"):
        _ = FAILED.nothing
    with pytest.raises(AttributeError):
        PASSED.face = None


@pytest.mark.parametrize("result", [PASSED, FAILED])
def test_results_are_values(result):
    """They can be compared, hashed and pickled."""
    again = pickle.loads(pickle.dumps(result))
    assert again == result
    assert {again: 1}[result] == 1


def test_a_box_is_a_plain_tuple_with_a_size():
    """It has width, height and corners, here those of the vendor's sample."""
    box = PASSED.face
    assert (box.width, box.height) == (248, 247)
    assert type(box.as_tuple()) is tuple
    assert box.as_tuple() == (212, 194, 460, 441)


def test_crop(tmp_path):
    """A Pillow image, or the path or bytes of one, gives the pixels inside either box."""
    picture = Image.new("RGB", (640, 800), "white")
    picture.paste("red", PASSED.face.as_tuple())
    path = tmp_path / "me.png"
    picture.save(path)
    for given in (picture, path, str(path), path.read_bytes()):
        face = PASSED.crop(given)
        assert face.size == (248, 247)
        assert face.getcolors() == [(248 * 247, (255, 0, 0))]
        assert PASSED.crop(given, "ext").size == (546, 545)


def test_crop_of_another_picture_is_refused():
    """A box outside the picture means that it is another picture."""
    with pytest.raises(ValueError, match=r"\(212, 194, 460, 441\) is outside the picture of 320x320 pixels"):
        PASSED.crop(Image.new("RGB", (320, 320)))

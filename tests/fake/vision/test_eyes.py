"""The thresholds: their bounds, their texts, and calls that are judged by them."""

import json
from base64 import b64encode

import pytest
from helpers import body, call, detection, picture, upload, video_call

from emoji_mock import Fake, Options, Rule, assembly
from emoji_mock.contract.geometry import Box, Size
from emoji_mock.contract.vision import FaceFacts, PictureFacts
from emoji_mock.fake.vision.eyes import Eyes, make_eyes, read_eyes

FACE = FaceFacts(Box(220, 200, 420, 400), below=2.0)
TILTED = FACE._replace(roll=31)
OSS = {"x_dashscope_ossresourceresolve": "enable"}


class Seeing:
    """A fake's media whose pictures show `faces`."""

    def __init__(self, media, *faces):
        self._media, self._faces = media, faces

    def __getattr__(self, name):
        """Return what the wrapped media has."""
        return getattr(self._media, name)

    def look(self, _data, *, upright):  # noqa: ARG002 - the port's
        """Return the faces, whatever the picture is."""
        return PictureFacts(Size(640, 800), self._faces)


@pytest.fixture
def fake(monkeypatch):
    """Return a fake with eyes that sees one tilted face; OpenCV need not be installed."""
    monkeypatch.setattr(assembly, "find_spec", lambda _: True)
    made = Fake(Options(eyes=Eyes(), time_scale=0))
    made.media = Seeing(made.media, TILTED)
    return made


def data_url():
    """Return a picture in a `data:` URL."""
    return f"data:image/png;base64,{b64encode(picture()).decode()}"


def ended(fake, request):
    """Return code and reason of a call, as the journal has them."""
    fake.answer(request)
    entry = fake.store.journal().entries[-1]
    return entry.code, entry.reason


@pytest.mark.parametrize(
    ("text", "eyes"), [("roll=25", Eyes(roll=25)), ("roll=25,yaw=30", Eyes(roll=25, yaw=30)), ("", Eyes())]
)
def test_thresholds_are_read(text, eyes):
    """They are written as `name=number`."""
    assert read_eyes(text) == eyes


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("off=3", "off stands alone; leave out the rest, or write thresholds such as roll=25,yaw=30"),
        ("tilt=3", "unknown threshold 'tilt'; choose from on, off, light,"),
        ("roll", "roll has no number; write it like roll=20"),
        ("roll=far", "roll has no number; write it like roll=20"),
        ("roll=181", "roll: must be"),
        ("light=-1", "light: must be"),
        ("light=nan", "light: must be"),
    ],
)
def test_a_mistake_in_a_threshold_is_named(text, message):
    """The message has the name and what is right."""
    with pytest.raises(ValueError, match=message):
        read_eyes(text)
    with pytest.raises(TypeError, match="unknown threshold 'tilt'; choose from"):
        make_eyes({"tilt": 3})


def test_eyes_without_opencv_say_what_to_install(monkeypatch):
    """A fake that is to see says at once what it lacks."""
    monkeypatch.setattr(assembly, "find_spec", lambda _: None)
    with pytest.raises(ImportError, match=r"pip install 'emoji-mock\[vision\]'"):
        Fake(Options(eyes=Eyes()))


def test_uploads_and_data_urls_are_judged_alike(fake):
    """The picture is refused for what is seen, wherever its bytes come from."""
    url = upload(fake, picture())
    expected = ("InvalidFile.FacePose", "FacePose: roll 31° > 20°")
    assert ended(fake, call(body(url), **OSS)) == expected
    assert ended(fake, call(body(data_url()))) == expected


def test_a_passed_picture_has_the_box_that_is_seen(fake):
    """The face is the detector's, the larger box that of the model's geometry."""
    fake.media = Seeing(fake.media, FACE)
    output = json.loads(fake.answer(call(body(data_url()))).body)["output"]
    assert output == {"bbox_face": [220, 200, 420, 400], "ext_bbox_face": [100, 68, 540, 508]}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Rule(outcome="passed"), ("", "rule for every call")),
        (Rule(outcome="failed", code="NoHuman"), ("InvalidFile.NoHuman", "rule for every call")),
        (Rule(fault="reset"), ("InvalidFile.FacePose", "rule for every call")),
    ],
)
def test_a_rule_wins_over_the_eyes(fake, rule, expected):
    """What a rule says is not judged again; a fault is the rule's, whatever was seen."""
    fake.store.add_rule(rule)
    assert ended(fake, call(body(data_url()))) == expected


def test_magic_urls_and_reserved_keys_win_over_the_eyes(fake):
    """Neither a picture that is not held nor a call that is refused is looked at."""
    assert ended(fake, call(body("https://emoji-mock.test/passed/640x800.png"))) == ("", "")
    assert ended(fake, call(body(data_url()), key="sk-mock-arrears")) == ("Arrearage", "reserved key")


def test_a_wrong_ratio_is_not_explained_by_what_is_seen(fake):
    """emo-detect-v1 reads the picture before it refuses the ratio."""
    request = detection("emo-detect-v1", data_url(), parameters={"ratio": "2:1"})
    assert ended(fake, request) == ("InvalidParameter.Ratio", "")


@pytest.mark.parametrize(("below", "style"), [(2.0, "half"), (6.0, "full")])
def test_the_body_is_seen(fake, below, style):
    """AnimateAnyone tells a whole body from half of one by the room below the face."""
    fake.media = Seeing(fake.media, FACE._replace(below=below))
    answer = fake.answer(detection("animate-anyone-detect-gen2", data_url()))
    assert json.loads(answer.body)["output"] == {"bodystyle": style, "check_pass": True}


def test_a_video_shows_the_face_that_is_seen(fake):
    """A model without boxes shows the whole picture, in which the seen face moves."""
    fake.media = Seeing(fake.media, FACE)
    sent = {
        "model": "liveportrait",
        "input": {"image_url": data_url(), "audio_url": "https://example.com/a.wav"},
        "parameters": {},
    }
    answer = fake.answer(video_call({}, payload=json.dumps(sent).encode()))
    task = fake.store.task(json.loads(answer.body)["output"]["task_id"])
    assert (task.face, task.ext) == (Box(220, 200, 420, 400), Box(0, 0, 640, 800))

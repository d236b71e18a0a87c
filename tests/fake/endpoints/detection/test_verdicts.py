"""The verdicts of the sibling models, byte for byte as the vendor's pages and published recordings have them."""

import json

import pytest
from helpers import detection, status_and_body

from emoji_mock import Fake, Options, Rule

EMO, S2V, LIVEPORTRAIT, ANIMATE = (
    "emo-detect-v1",
    "wan2.2-s2v-detect",
    "liveportrait-detect",
    "animate-anyone-detect-gen2",
)
RATIO = {"parameters": {"ratio": "1:1"}}
HALF_BODY = {"parameters": {"ratio": "3:4"}}


def verdict(output):
    """Return status and body of a verdict, which is billed."""
    return 200, f'{{"output":{output},"usage":{{"image_count":1}},"request_id":"ID"}}'


def error(code, message):
    """Return status and body of an error in the siblings' key order."""
    return 400, f'{{"code":"{code}","message":"{message}","request_id":"ID"}}'


def failed(name, model, fake, **changes):
    """Return what a model answers about a picture that fails for the reason `name`."""
    return status_and_body(fake.answer(detection(model, f"https://emoji-mock.test/failed/{name}.png", **changes)))


PASSED = [
    (S2V, {}, '{"check_pass":true,"humanoid":true}'),
    (S2V, RATIO, '{"check_pass":true,"humanoid":true}'),
    (LIVEPORTRAIT, {}, '{"pass":true,"message":""}'),
    (LIVEPORTRAIT, {"parameters": {}}, '{"pass":true,"message":""}'),
    (ANIMATE, {"parameters": {}}, '{"bodystyle":"half","check_pass":true}'),
    (EMO, RATIO, '{"check_pass":true,"face_bbox":[180,186,379,385],"ext_bbox":[31,7,528,504]}'),
    (EMO, HALF_BODY, '{"check_pass":true,"face_bbox":[180,186,379,385],"ext_bbox":[31,0,528,663]}'),
]


@pytest.mark.parametrize(("model", "changes", "output"), PASSED)
def test_a_picture_passes_in_the_words_of_its_model(fake, model, changes, output):
    """Each model has its own fields in its own order; what it takes no parameters for, it ignores."""
    url = "https://emoji-mock.test/passed/640x800.png"
    assert status_and_body(fake.answer(detection(model, url, **changes))) == verdict(output)
    entry = fake.store.journal().entries[-1]
    assert (entry.model, entry.outcome, entry.billed) == (model, "passed", True)


NO_HUMAN = "The input image has no human body. Please upload other image with single person."
PROPORTION = (
    "The proportion of the detected person in the picture is too large or too small, please upload other image."
)
NOT_PASSED = verdict('{"check_pass":false,"code":"","message":""}')
NO_FACE = verdict('{"pass":false,"message":"No human face detected."}')


def reason(text):
    """Return the failed verdict of animate-anyone-detect-gen2."""
    return verdict(f'{{"check_pass":false,"reason":"{text}","bodystyle":""}}')


def emo(code, message):
    """Return the failed verdict of emo-detect-v1."""
    return verdict(f'{{"check_pass":false,"code":"{code}","message":"{message}"}}')


MULTI_HUMAN = "The input image has multi human bodies. Please upload other image with single person."
FACE_POSE = "The pose of the detected face is invalid, please upload other image with the expected oriention."
FAILED = {
    (S2V, "NoHuman"): error("InvalidFile.NoHuman", NO_HUMAN),
    (S2V, "BodyProportion"): error("InvalidFile.BodyProportion", PROPORTION),
    **{(S2V, name): NOT_PASSED for name in ("MultiHuman", "Value", "FrontBody", "FullFace", "FacePose")},
    **{
        (LIVEPORTRAIT, name): NO_FACE
        for name in ("NoHuman", "MultiHuman", "BodyProportion", "Value", "FrontBody", "FullFace", "FacePose")
    },
    (ANIMATE, "NoHuman"): reason(NO_HUMAN),
    (ANIMATE, "MultiHuman"): reason(MULTI_HUMAN),
    (ANIMATE, "BodyProportion"): reason(PROPORTION),
    (ANIMATE, "Value"): reason(
        "The input image has no human body or has unclear human body. Please upload other image."
    ),
    (ANIMATE, "FrontBody"): reason(
        "The pose of the detected person is invalid, please upload other image with whole body and expected orientation."
    ),
    (ANIMATE, "FullFace"): reason(
        "The pose of the detected face is invalid, please upload other image with whole face and expected orientation."
    ),
    (ANIMATE, "FacePose"): reason(
        "The pose of the detected face is invalid, please upload other image with whole face and expected orientation."
    ),
    (EMO, "NoHuman"): emo("InvalidFile.NoHuman", NO_HUMAN),
    (EMO, "MultiHuman"): emo("InvalidFile.MultiHuman", MULTI_HUMAN),
    (EMO, "BodyProportion"): emo("InvalidFile.BodyProportion", PROPORTION),
    (EMO, "Resolution"): emo(
        "InvalidFile.Resolution",
        "The image resolution is invalid, please make sure that the largest length of image is smaller than 7000, and the smallest length of image is larger than 400.",
    ),
    (EMO, "Value"): emo("InvalidFile.Value", "The value of the image is invalid, please upload other clearer image."),
    (EMO, "FrontBody"): emo(
        "InvalidFile.FrontBody",
        "The pose of the detected person is invalid, please upload other image with the front view.",
    ),
    (EMO, "FullFace"): emo(
        "InvalidFile.FullFace", "The pose of the detected face is invalid, please upload other image with whole face."
    ),
    (EMO, "FacePose"): emo("InvalidFile.FacePose", FACE_POSE),
    (EMO, "FullBody"): emo(
        "InvalidFile.FullBody",
        "The pose of the detected person is invalid, please upload other image with whole body, or change the ratio parameter to 1:1。",
    ),
}


@pytest.mark.parametrize(("model", "name"), FAILED)
def test_a_picture_fails_in_the_words_of_its_model(fake, model, name):
    """A failed detection is billed unless it comes as an HTTP error, as s2v's for nobody and a bad proportion do."""
    expected = FAILED[model, name]
    assert failed(name, model, fake, **HALF_BODY) == expected
    entry = fake.store.journal().entries[-1]
    assert (entry.outcome, entry.billed) == (("failed", True) if expected[0] == 200 else ("error", False))
    assert fake.store.ledgers()["test"].images == int(expected[0] == 200)


@pytest.mark.parametrize("model", [EMO, S2V, LIVEPORTRAIT, ANIMATE])
def test_every_failed_detection_can_be_an_error(model):
    """With `failed_as=400` the code stands at the top, for all models, in the siblings' key order, not billed."""
    fake = Fake(Options(failed_as=400))
    assert failed("FacePose", model, fake, **RATIO) == error("InvalidFile.FacePose", FACE_POSE)
    assert fake.store.ledgers()["test"].images == 0


@pytest.mark.parametrize(
    ("name", "model", "code"),
    [
        ("s2v-not-passed", S2V, "InvalidFile.NoHuman"),
        ("liveportrait-no-face", LIVEPORTRAIT, "InvalidFile.NoHuman"),
        ("animate-unclear-body", ANIMATE, "InvalidFile.Value"),
        ("animate-face", ANIMATE, "InvalidFile.FullFace"),
    ],
)
def test_a_failure_without_a_code_gets_one_as_an_error(name, model, code):
    """An error has a code: with `failed_as=400` that of a reason for which the model fails so."""
    status, text = failed(name, model, Fake(Options(failed_as=400)))
    assert (status, json.loads(text)["code"]) == (400, code)


def test_every_failed_detection_can_be_a_verdict():
    """With `failed_as=200` s2v's errors are verdicts with a code."""
    fake = Fake(Options(failed_as=200))
    assert failed("NoHuman", S2V, fake) == verdict(
        f'{{"check_pass":false,"code":"InvalidFile.NoHuman","message":"{NO_HUMAN}"}}'
    )
    assert fake.store.ledgers()["test"].images == 1


def test_humanoid_is_shown_on_request():
    """One of the vendor's pages has `humanoid` in both verdicts of emo-detect-v1; s2v always has it when it passes."""
    fake = Fake(Options(seed=7, humanoid=True))
    answer = fake.answer(detection(EMO, "https://emoji-mock.test/passed/640x800.png", **RATIO))
    assert status_and_body(answer) == verdict(
        '{"check_pass":true,"face_bbox":[180,186,379,385],"ext_bbox":[31,7,528,504],"humanoid":true}'
    )
    assert failed("FacePose", EMO, fake, **RATIO) == verdict(
        f'{{"check_pass":false,"humanoid":false,"code":"InvalidFile.FacePose","message":"{FACE_POSE}"}}'
    )
    assert failed("FacePose", S2V, fake) == NOT_PASSED


@pytest.mark.parametrize(
    ("size", "style"),
    [("640x959", "half"), ("640x960", "full"), ("640x1280", "full"), ("1280x640", "half"), ("225x450", "full")],
)
def test_a_tall_picture_shows_a_whole_body(fake, size, style):
    """A picture at least 1.5 times as high as wide is taken for one of a whole body."""
    answer = fake.answer(detection(ANIMATE, f"https://emoji-mock.test/passed/{size}.png"))
    assert json.loads(answer.body)["output"] == {"bodystyle": style, "check_pass": True}


def test_a_picture_of_unknown_size_has_either_body_style(fake):
    """Its URL decides, so that a caller meets both; the same picture has the same one."""
    styles = [
        json.loads(fake.answer(detection(ANIMATE, f"https://example.com/{number % 20}.png")).body)["output"][
            "bodystyle"
        ]
        for number in range(40)
    ]
    assert set(styles) == {"full", "half"}
    assert styles[:20] == styles[20:]


def test_a_seed_moves_the_boxes_of_emo():
    """Boxes depend on the picture's URL and the seed, as those of emoji-detect-v1 do, and on nothing else."""
    answers = [
        json.loads(Fake(Options(seed=seed)).answer(detection(EMO, **HALF_BODY)).body)["output"] for seed in (1, 1, 2)
    ]
    assert answers[0] == answers[1] != answers[2]


@pytest.mark.parametrize(
    ("ratio", "ext"), [("1:1", [71, 9, 840, 778]), ("3:4", [71, 0, 841, 1026])], ids=["documented", "inferred"]
)
def test_a_rule_gives_emo_the_face_of_the_vendors_sample(fake, ratio, ext):
    """The documented larger box comes out to a pixel; with 3:4 it is four thirds as high, and stays in the picture."""
    fake.store.add_rule(Rule(outcome="passed", model=EMO, face=(302, 286, 610, 593)))
    output = json.loads(fake.answer(detection(EMO, parameters={"ratio": ratio})).body)["output"]
    assert output["face_bbox"] == [302, 286, 610, 593]
    assert max(abs(ours - theirs) for ours, theirs in zip(output["ext_bbox"], ext, strict=True)) <= 1


def test_a_rule_names_a_size_that_its_model_takes(fake):
    """animate-anyone-detect-gen2 takes smaller pictures than the others do."""
    fake.store.add_rule(Rule(outcome="passed", model=ANIMATE, image_size=(300, 450)))
    output = json.loads(fake.answer(detection(ANIMATE)).body)["output"]
    assert output == {"bodystyle": "full", "check_pass": True}

"""Tests of the names of models as types, of a detection at each model, and of what a model does not take."""

import json
import pickle
from typing import get_args

import pytest
from client_helpers import ID, URL, refused

from emoji_mock.client import (
    ApiKeyError,
    Box,
    CallLimits,
    DetectionFailedError,
    Failed,
    Passed,
    PassedAnimate,
    PassedLivePortrait,
    PassedS2v,
    PictureError,
    UnreadableAnswerError,
    options,
)
from emoji_mock.contract import samples
from emoji_mock.contract.models import DETECTORS, MODELS, TASK_MODELS
from emoji_mock.contract.row import Outcome
from emoji_mock.contract.rows import ROWS

EMO, S2V, LIVEPORTRAIT, ANIMATE = (
    "emo-detect-v1",
    "wan2.2-s2v-detect",
    "liveportrait-detect",
    "animate-anyone-detect-gen2",
)
BILL = f'"usage":{{"image_count":1}},"request_id":"{ID}"'
FACE, EXT = Box(302, 286, 610, 593), Box(71, 9, 840, 778)
BOXES = '"face_bbox":[302,286,610,593],"ext_bbox":[71,9,840,778]'
NO_HUMAN = "The input image has no human body. Please upload other image with single person."


def answer(output):
    """Return an answer with HTTP 200."""
    return 200, f'{{"output":{output},{BILL}}}'.encode()


def names(alias):
    """Return the values of a Literal, or of a union of them."""
    return {value for each in get_args(alias) for value in (names(each) or {each})}


def test_the_names_are_those_of_the_contract():
    """The types name exactly the models of the contract, and the ratios of emo-detect-v1."""
    assert names(options.Detector) == set(DETECTORS)
    assert names(options.TaskModelName) == {model.name for model in TASK_MODELS}
    assert names(options.ModelName) == set(MODELS)
    assert names(options.BoxDetector) == {name for name, model in DETECTORS.items() if model.boxes}
    assert get_args(options.Ratio) == DETECTORS[EMO].ratios


@pytest.mark.parametrize(
    ("model", "path", "body"),
    [
        (
            "emoji-detect-v1",
            "face-detect",
            f'{{"model":"emoji-detect-v1","input":{{"image_url":"{URL}"}},"parameters":{{"ratio":"1:1"}}}}',
        ),
        (
            EMO,
            "face-detect",
            f'{{"model":"emo-detect-v1","input":{{"image_url":"{URL}"}},"parameters":{{"ratio":"1:1"}}}}',
        ),
        (S2V, "face-detect", f'{{"model":"wan2.2-s2v-detect","input":{{"image_url":"{URL}"}}}}'),
        (LIVEPORTRAIT, "face-detect", f'{{"model":"liveportrait-detect","input":{{"image_url":"{URL}"}}}}'),
        (ANIMATE, "aa-detect", f'{{"model":"animate-anyone-detect-gen2","input":{{"image_url":"{URL}"}}}}'),
    ],
)
def test_what_is_sent(way, model, path, body):
    """Each model has its path, and parameters only if it takes some."""
    client = way((429, refused("Throttling")), limits=CallLimits(attempts=1))
    with pytest.raises(Exception, match="Throttling"):
        client.detect(URL, model=model)
    (sent,) = client.requests
    assert str(sent.url) == f"https://dashscope.aliyuncs.com/api/v1/services/aigc/image2video/{path}"
    assert sent.content.decode() == body


def test_the_ratio_is_sent(way):
    """And the result has it."""
    client = way(answer(f'{{"check_pass":true,{BOXES}}}'))
    passed = client.detect(URL, model=EMO, ratio="3:4")
    assert json.loads(client.requests[0].content)["parameters"] == {"ratio": "3:4"}
    assert passed == Passed(FACE, EXT, ID, model=EMO, ratio="3:4")


@pytest.mark.parametrize(
    ("model", "output", "expected"),
    [
        (EMO, f'{{"check_pass":true,{BOXES}}}', Passed(FACE, EXT, ID, model=EMO)),
        (
            EMO,
            f'{{"check_pass":true,{BOXES},"humanoid":true}}',
            Passed(FACE, EXT, ID, model=EMO, humanoid=True),
        ),
        (EMO, '{"check_pass":false,"code":"","message":""}', Failed("", "", ID, model=EMO)),
        (
            EMO,
            f'{{"check_pass":false,"humanoid":false,"code":"InvalidFile.NoHuman","message":"{NO_HUMAN}"}}',
            Failed("InvalidFile.NoHuman", NO_HUMAN, ID, model=EMO),
        ),
        (S2V, '{"check_pass":true,"humanoid":true}', PassedS2v(humanoid=True, request_id=ID)),
        (S2V, '{"check_pass":true,"humanoid":false}', PassedS2v(humanoid=False, request_id=ID)),
        (S2V, '{"check_pass":true}', PassedS2v(None, ID)),
        (S2V, '{"check_pass":false,"code":"","message":""}', Failed("", "", ID, model=S2V)),
        (LIVEPORTRAIT, '{"pass":true,"message":""}', PassedLivePortrait(ID)),
        (
            LIVEPORTRAIT,
            '{"pass":false,"message":"No human face detected."}',
            Failed("", "No human face detected.", ID, model=LIVEPORTRAIT),
        ),
        (ANIMATE, '{"bodystyle":"full","check_pass":true}', PassedAnimate("full", ID)),
        (ANIMATE, '{"bodystyle":"half","check_pass":true,"reason":"success"}', PassedAnimate("half", ID)),
        (
            ANIMATE,
            f'{{"check_pass":false,"reason":"{NO_HUMAN}","bodystyle":""}}',
            Failed("", NO_HUMAN, ID, model=ANIMATE),
        ),
    ],
)
def test_the_verdicts_of_each_model(way, model, output, expected):
    """A picture passes only if the model says so; the reason of a failure is the vendor's, even if it is empty."""
    result = way(answer(output)).detect(URL, model=model)
    assert (type(result), result, result.model, result.billed) == (type(expected), expected, model, True)
    assert result.passed is isinstance(result, Passed | PassedS2v | PassedLivePortrait | PassedAnimate)
    with pytest.raises(TypeError, match=r"has no truth value; check `result\.passed`"):
        bool(result)
    assert pickle.loads(pickle.dumps(result)) == result


@pytest.mark.parametrize("model", [name for name in DETECTORS if name != "emoji-detect-v1"])
def test_the_samples_of_each_model(way, model):
    """The vendor's samples of a passed and a failed detection are read as such."""
    for name, passed in (("passed", True), ("failed", False)):
        sample = samples.response(f"{name}.{model}")
        result = way((200, json.dumps(sample["body"]).encode())).detect(URL, model=model)
        assert (result.passed, result.model) == (passed, model)


@pytest.mark.parametrize("model", [name for name in DETECTORS if name != "emoji-detect-v1"])
@pytest.mark.parametrize(
    "output",
    [
        "null",
        "{}",
        "[]",
        '{"bbox_face":[212,194,460,441],"ext_bbox_face":[63,30,609,575]}',
        f"{{{BOXES}}}",
        '{"check_pass":"true","pass":"true"}',
        '{"check_pass":1,"pass":1}',
        f'{{"check_pass":true,"pass":true,"code":"InvalidFile.NoHuman",{BOXES}}}',
        '{"passed":true}',
    ],
)
def test_a_verdict_that_is_none_is_never_passed(way, model, output):
    """A missing, contradictory or mistyped flag, or another model's answer, is unreadable and may have been billed."""
    with pytest.raises(UnreadableAnswerError, match="cannot read the response") as caught:
        way(answer(output)).detect(URL, model=model)
    assert (caught.value.billed, caught.value.retryable) == (None, False)


def test_each_model_reads_its_own_flag(way):
    """liveportrait-detect says `pass`, the others `check_pass`; emo-detect-v1 needs its boxes besides."""
    for model, output in (
        (LIVEPORTRAIT, '{"check_pass":true}'),
        (S2V, '{"pass":true}'),
        (ANIMATE, '{"pass":true}'),
        (EMO, '{"check_pass":true}'),
        (EMO, '{"check_pass":true,"face_bbox":[1,2,3,4],"ext_bbox":[4,3,2,1]}'),
    ):
        with pytest.raises(UnreadableAnswerError):
            way(answer(output)).detect(URL, model=model)


@pytest.mark.parametrize("model", DETECTORS)
def test_a_failure_that_comes_as_an_error(way, model):
    """The codes of failed detections are `Failed` with HTTP 400, too, and then not billed."""
    result = way((400, refused("InvalidFile.NoHuman", NO_HUMAN))).detect(URL, model=model)
    assert result == Failed("InvalidFile.NoHuman", NO_HUMAN, ID, 0, 400, model=model)
    assert (result.passed, result.billed) == (False, False)


def test_codes_that_only_some_models_fail_with(way):
    """A code of a failed detection may be that of an error at another model."""
    for model, error in ((EMO, None), (S2V, None), (LIVEPORTRAIT, PictureError), (ANIMATE, PictureError)):
        client = way((400, refused("InvalidFile.Resolution")))
        if error is None:
            assert client.detect(URL, model=model).status == 400
        else:
            with pytest.raises(error):
                client.detect(URL, model=model)
    assert way((400, refused("InvalidFile.FullBody"))).detect(URL, model=EMO).code == "InvalidFile.FullBody"
    with pytest.raises(PictureError):
        way((400, refused("InvalidFile.FullBody"))).detect(URL)


def test_a_failure_without_a_reason_can_be_raised(way):
    """The exception says so in words of its own, and has the result."""
    client = way(answer('{"check_pass":false,"code":"","message":""}'))
    with pytest.raises(DetectionFailedError, match=r"wan2\.2-s2v-detect gives no reason") as caught:
        client.detect(URL, model=S2V, raise_on_failed=True)
    assert (caught.value.code, caught.value.billed, caught.value.result.model) == ("", True, S2V)


def test_there_are_no_boxes_where_there_are_none(way):
    """The message says whose fault that is."""
    passed = way(answer('{"check_pass":true,"humanoid":true}')).detect(URL, model=S2V)
    with pytest.raises(AttributeError, match=r"wan2\.2-s2v-detect finds no boxes, so there is no 'face'"):
        passed.face  # noqa: B018
    failed = way(answer('{"pass":false,"message":"m"}')).detect(URL, model=LIVEPORTRAIT)
    with pytest.raises(AttributeError, match="the detection failed with no code, so there is no 'ext'"):
        failed.ext  # noqa: B018


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (
            {"model": "emoji-v1"},
            ValueError,
            "model: emoji-v1 makes videos and detects nothing; choose from emoji-detect-v1, emo-",
        ),
        ({"model": "wan-s2v-detect"}, ValueError, "unknown model 'wan-s2v-detect'; did you mean wan2.2-s2v-detect"),
        ({"model": "x"}, ValueError, "unknown model 'x'; choose from emoji-detect-v1, emo-detect-v1, wan2.2-s2v-"),
        ({"model": S2V, "ratio": "1:1"}, TypeError, "wan2.2-s2v-detect takes no ratio; only emoji-detect-v1 and emo-"),
        ({"model": EMO, "ratio": "4:3"}, ValueError, "ratio: emo-detect-v1 takes '1:1' or '3:4', not '4:3'"),
        ({"ratio": "3:4"}, ValueError, "ratio: emoji-detect-v1 takes '1:1', not '3:4'"),
    ],
)
def test_what_a_model_does_not_take(way, arguments, error, message):
    """It is refused before anything is sent, by `detect` and `detect_many`."""
    client = way(answer("{}"))
    with pytest.raises(error, match=message):
        client.detect(URL, **arguments)
    with pytest.raises(error, match=message):
        client.detect_many([URL], **arguments)
    assert client.requests == []


def test_many_pictures_at_one_model(way):
    """Results and errors in order; calls keep the rate that the vendor allows for the model."""
    passed, bad = answer('{"check_pass":true,"humanoid":true}'), (400, refused("InvalidURL"))
    client = way(passed, bad, passed, passed, limits=CallLimits(at_once=1))
    results = client.detect_many([URL] * 4, model=S2V)
    assert [type(each) for each in results] == [PassedS2v, PictureError, PassedS2v, PassedS2v]
    assert client.slept == pytest.approx([0.2] * 3)
    client = way((200, b'{"output":{"code":"InvalidFile.NoHuman"}}'), limits=CallLimits(at_once=1))
    client.detect_many([URL] * 3)
    assert client.slept == pytest.approx([1.0] * 2)


@pytest.mark.parametrize(
    ("model", "hint"),
    [
        (
            "emoji-detect-v1",
            "is retired from 2026-10-10 on, and names qwen-image-2.0 as its successor. Before that day, this account",
        ),
        (LIVEPORTRAIT, "liveportrait-detect is retired from 2026-10-10 on, and names qwen-image-2.0"),
        (
            S2V,
            "Probably this account or key has no access to wan2.2-s2v-detect: no retirement of the model is announced.",
        ),
    ],
)
def test_a_refusal_of_the_model_is_explained(way, model, hint):
    """With the date and the successor that the contract names, if there is a retirement."""
    with pytest.raises(ApiKeyError) as caught:
        way((403, refused("AccessDenied", "Access denied."))).detect(URL, model=model)
    assert hint in caught.value.hint


def test_every_failed_row_of_a_model_is_read(way):
    """Every row of a failed detection becomes `Failed` at its models, whichever way it comes."""
    for row in (row for row in ROWS if row.outcome is Outcome.FAILED):
        for model in row.models:
            sample = json.dumps(samples.response(row.name)["body"]).encode()
            result = way((row.status, sample)).detect(URL, model=model)
            assert (result.passed, result.message, result.billed) == (False, row.message, row.billed)

"""Findings about every model: a video is judged by the detections of its own detector."""

import json

import pytest
from helpers import call
from task_calls import task_call
from verdict_helpers import StillClock

from emoji_mock import Fake, Rule
from emoji_mock.verdict.verdict import judge

ME, YOU = "https://example.com/me.png", "https://example.com/you.png"
AA = "/api/v1/services/aigc/image2video/aa-detect"
DETECTORS = {
    "emo-v1": "emo-detect-v1",
    "wan2.2-s2v": "wan2.2-s2v-detect",
    "liveportrait": "liveportrait-detect",
    "animate-anyone-gen2": "animate-anyone-detect-gen2",
}


@pytest.fixture
def fake():
    """A fake on a clock that only a test moves."""
    return Fake(clock=StillClock())


def detect(fake, model, url=ME, ratio="1:1"):
    """Detect, and return the answer's output, if it has one."""
    sent = {"model": model, "input": {"image_url": url}, "parameters": {"ratio": ratio}}
    path = {"target": AA} if model == "animate-anyone-detect-gen2" else {}
    return json.loads(fake.answer(call(json.dumps(sent).encode(), **path)).body).get("output")


def animate(fake, model, url=ME, **changes):
    """Request a video."""
    fake.answer(task_call(model, {"image_url": url, **changes}))


def found(fake, *, strict=True):
    """Return the names of the findings."""
    return [finding.name for finding in judge(fake.store.journal().entries).against(strict=strict)]


@pytest.mark.parametrize("reason", ["NoHuman", "FacePose"])
@pytest.mark.parametrize("model", DETECTORS)
def test_a_video_of_a_picture_that_its_detector_had_failed(fake, model, reason):
    """Whether it fails with HTTP 200 or 400; a picture that another detector passed is no excuse."""
    url = f"https://emoji-mock.test/failed/{reason}.png"
    detect(fake, "emoji-detect-v1")
    detect(fake, DETECTORS[model], url)
    animate(fake, model, url)
    assert found(fake, strict=False) == ["took-failed-for-passed"]


@pytest.mark.parametrize("model", DETECTORS)
def test_a_failure_of_another_models_detector_does_not_count(fake, model):
    """Each model judges a picture for itself."""
    fake.store.add_rule(Rule(outcome="failed", code="FacePose", model="emoji-detect-v1"))
    detect(fake, "emoji-detect-v1")
    boxes = detect(fake, DETECTORS[model])
    animate(fake, model, **{name: boxes[name] for name in ("face_bbox", "ext_bbox") if name in boxes})
    assert found(fake) == []


def test_boxes_that_another_model_found(fake):
    """Those of emoji-detect-v1 are not for emo-v1, with or without a detection by emo-detect-v1."""
    boxes = detect(fake, "emoji-detect-v1")
    sent = {"face_bbox": boxes["bbox_face"], "ext_bbox": boxes["ext_bbox_face"]}
    animate(fake, "emo-v1", **sent)
    (finding,) = judge(fake.store.journal().entries).against()
    assert (finding.name, finding.exchanges, finding.done) == (
        "boxes-of-another-picture",
        (1, 2),
        f"{ME}: requested a video with the face_bbox of {ME}, found by emoji-detect-v1 and not by emo-detect-v1",
    )


def test_boxes_of_another_picture_and_swapped_ones(fake):
    """Of emo-v1, whose boxes have other names in the detection."""
    mine, yours = detect(fake, "emo-detect-v1"), detect(fake, "emo-detect-v1", YOU)
    animate(fake, "emo-v1", face_bbox=yours["face_bbox"], ext_bbox=yours["ext_bbox"])
    animate(fake, "emo-v1", face_bbox=mine["ext_bbox"], ext_bbox=mine["face_bbox"])
    assert found(fake, strict=False) == ["boxes-of-another-picture", "swapped-boxes"]


def test_one_picture_for_several_models_is_paid_once_each(fake):
    """Each model, and each ratio of emo-detect-v1, is another question; the same one again is paid twice."""
    for model in ("emoji-detect-v1", *DETECTORS.values()):
        detect(fake, model)
    detect(fake, "emo-detect-v1", ratio="3:4")
    assert found(fake) == []
    assert fake.store.ledgers()["test"].wasted == 0
    detect(fake, "emo-detect-v1", ratio="3:4")
    assert found(fake) == ["paid-twice"]
    assert fake.store.ledgers()["test"].wasted == 1


def test_a_failed_ratio_is_another_question(fake):
    """A failed detection in one ratio is not repeated by one in another."""
    for ratio in ("1:1", "3:4", "1:1"):
        detect(fake, "emo-detect-v1", "https://emoji-mock.test/failed/FacePose.png", ratio)
    assert [entry.wasted for entry in fake.store.journal().entries] == [False, False, True]


def test_templates_are_paid_and_polled_like_videos(fake):
    """The same template twice is paid twice; five polls at once are too many."""
    for _ in range(2):
        fake.answer(task_call("animate-anyone-template-gen2"))
    task = json.loads(fake.store.journal().entries[0].response_body)["output"]["task_id"]
    for _ in range(5):
        fake.answer(call(b"", method="GET", target=f"/api/v1/tasks/{task}"))
    assert found(fake) == ["paid-twice", "polled-too-fast"]


def test_a_detection_that_failed_as_http_400_is_not_to_be_repeated(fake):
    """It stays the same until the picture changes."""
    for _ in range(2):
        detect(fake, "wan2.2-s2v-detect", "https://emoji-mock.test/failed/NoHuman.png")
    assert found(fake, strict=False) == ["retried-hopeless"]


@pytest.mark.parametrize("model", ["wan2.2-s2v-detect", "animate-anyone-detect-gen2"])
def test_the_asynchronous_flag_is_found_at_every_detection(fake, model):
    """Also on the other path."""
    path = {"target": AA} if model == "animate-anyone-detect-gen2" else {}
    sent = {"model": model, "input": {"image_url": ME}}
    fake.answer(call(json.dumps(sent).encode(), x_dashscope_async="enable", **path))
    assert found(fake, strict=False) == ["async-header"]

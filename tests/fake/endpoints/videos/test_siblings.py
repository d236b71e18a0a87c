"""The fields, parameters and boxes of each model beside emoji-v1: defaults, bounds, and the words of each mistake."""

import json

import pytest
from helpers import status_and_body
from task_calls import create_task, finish_task, get_task, make_template, service_error, task_call

from emoji_mock import Rule


def wrong(message, code="InvalidParameter"):
    """Return an error with HTTP 400."""
    return service_error(400, code, message)


PARAMETER = wrong("The request parameter is invalid, please check the request parameter.")
BAD_URL = wrong(
    "The request URL is invalid, please check the request URL is available and the request image format is one of the "
    "following types: JPEG, JPG, PNG, BMP, and WEBP.",
    "InvalidURL",
)
NO_URL = wrong("Required URL is missing or invalid, please check the request URL.", "InvalidURL")
NO_IMAGE = wrong("image_url should not be null")
BBOX = wrong("Invalid bbox input")
STYLE = wrong("The style_level is invalid.")
RATIO = wrong("parameters.video_ratio must be 9:16 or 3:4")
TEMPLATE = wrong("Invalid template content.", "InvalidFile.Template.Content")
MEDIA = "InvalidParameter.DataInspection"
NOT_RESOLVED = wrong("The media format is not supported or incorrect for the data inspection.", MEDIA)


def out_of_definition(name):
    """Return liveportrait's error, with the vendor's typo."""
    return wrong(f"The type or value of {name} is out of definition.", "InvalidParamter.OutOfDefinition")


MISTAKES = [
    ("emo-v1", {"image_url": None, "audio_url": None}, None, NO_IMAGE),
    ("emo-v1", {"audio_url": None, "face_bbox": None}, None, NO_URL),
    ("emo-v1", {"face_bbox": None}, None, BBOX),
    ("emo-v1", {"ext_bbox": None}, None, BBOX),
    ("emo-v1", {"face_bbox": "302,286,610,593"}, None, BBOX),
    ("emo-v1", {"face_bbox": [302, 286, 610]}, None, BBOX),
    ("emo-v1", {"ext_bbox": [303, 9, 840, 778]}, None, BBOX),
    ("emo-v1", {"image_url": "https://emoji-mock.test/passed/600x800.png"}, None, BBOX),
    ("emo-v1", {"image_url": 5}, None, PARAMETER),
    ("emo-v1", {"audio_url": "me.wav"}, None, NO_URL),
    ("emo-v1", {"audio_url": ""}, None, NO_URL),
    ("emo-v1", {"image_url": "me.png"}, None, NO_URL),
    ("animate-anyone-gen2", {"image_url": "me.png"}, None, BAD_URL),
    ("emo-v1", {}, {"style_level": "wild"}, STYLE),
    ("emo-v1", {}, {"style_level": 1}, STYLE),
    ("wan2.2-s2v", {"image_url": None, "audio_url": None}, None, wrong("Field required: image_url")),
    ("wan2.2-s2v", {"audio_url": None}, None, NO_URL),
    ("wan2.2-s2v", {"audio_url": "ftp://example.com/me.wav"}, None, NO_URL),
    ("wan2.2-s2v", {"audio_url": ["https://example.com/me.wav"]}, None, PARAMETER),
    ("wan2.2-s2v", {"audio_url": "oss://dashscope-instant/me.wav"}, None, NOT_RESOLVED),
    ("wan2.2-s2v", {"image_url": False}, None, PARAMETER),
    ("wan2.2-s2v", {"audio_url": []}, None, PARAMETER),
    ("wan2.2-s2v", {}, {"resolution": "1080P"}, PARAMETER),
    ("wan2.2-s2v", {}, {"resolution": "480p"}, PARAMETER),
    ("wan2.2-s2v", {}, {"resolution": 480}, PARAMETER),
    ("liveportrait", {"image_url": None, "audio_url": None}, None, NO_IMAGE),
    ("liveportrait", {"audio_url": None}, None, NO_URL),
    ("liveportrait", {"image_url": 5}, None, out_of_definition("image_url")),
    ("liveportrait", {}, {"template_id": "wild"}, out_of_definition("template_id")),
    ("liveportrait", {}, {"eye_move_freq": 1.01}, out_of_definition("eye_move_freq")),
    ("liveportrait", {}, {"eye_move_freq": -0.1}, out_of_definition("eye_move_freq")),
    ("liveportrait", {}, {"eye_move_freq": "0.5"}, out_of_definition("eye_move_freq")),
    ("liveportrait", {}, {"eye_move_freq": True}, out_of_definition("eye_move_freq")),
    ("liveportrait", {}, {"video_fps": 14}, out_of_definition("video_fps")),
    ("liveportrait", {}, {"video_fps": 31}, out_of_definition("video_fps")),
    ("liveportrait", {}, {"video_fps": 24.5}, out_of_definition("video_fps")),
    ("liveportrait", {}, {"mouth_move_strength": 1.6}, out_of_definition("mouth_move_strength")),
    ("liveportrait", {}, {"paste_back": "true"}, out_of_definition("paste_back")),
    ("liveportrait", {}, {"paste_back": 1}, out_of_definition("paste_back")),
    ("liveportrait", {}, {"head_move_strength": 1.1}, out_of_definition("head_move_strength")),
    ("liveportrait", {}, {"head_move_strength": 2, "eye_move_freq": 2}, out_of_definition("eye_move_freq")),
    ("animate-anyone-template-gen2", {"video_url": None}, None, NO_URL),
    ("animate-anyone-template-gen2", {"video_url": "me.mp4"}, None, NO_URL),
    ("animate-anyone-template-gen2", {"video_url": 5}, None, PARAMETER),
    ("animate-anyone-gen2", {"image_url": None}, None, wrong("Field required: image_url")),
    ("animate-anyone-gen2", {"template_id": None}, None, wrong("Field required: template_id")),
    ("animate-anyone-gen2", {"template_id": 7}, None, PARAMETER),
    ("animate-anyone-gen2", {}, None, TEMPLATE),
    ("animate-anyone-gen2", {"template_id": ""}, None, TEMPLATE),
    ("animate-anyone-gen2", {}, {"video_ratio": "1:1"}, RATIO),
    ("animate-anyone-gen2", {}, {"video_ratio": 0.75}, RATIO),
    ("animate-anyone-gen2", {}, {"use_ref_img_bg": "yes"}, PARAMETER),
    ("videoretalk", {"video_url": None, "audio_url": None}, None, NO_URL),
    ("videoretalk", {"audio_url": None}, None, NO_URL),
    ("videoretalk", {"video_url": "me.mp4"}, None, NO_URL),
    ("videoretalk", {"ref_image_url": 5}, None, PARAMETER),
    ("videoretalk", {"ref_image_url": "me.png"}, None, NO_URL),
    ("videoretalk", {}, {"video_extension": 1}, PARAMETER),
    ("videoretalk", {}, {"query_face_threshold": 119}, PARAMETER),
    ("videoretalk", {}, {"query_face_threshold": 201}, PARAMETER),
    ("videoretalk", {}, {"query_face_threshold": 170.5}, PARAMETER),
]


@pytest.mark.parametrize(("model", "changes", "parameters", "expected"), MISTAKES)
def test_a_mistake_byte_for_byte(fake, model, changes, parameters, expected):
    """Each mistake gets the words of the model's own page where there are any, and no task."""
    assert status_and_body(fake.answer(task_call(model, changes, parameters))) == expected
    assert fake.store.tasks("test") == []


GOOD = [
    ("emo-v1", {"style_level": "calm"}),
    ("emo-v1", {"style_level": None}),
    ("wan2.2-s2v", {"resolution": "480P", "seed": 5}),
    ("liveportrait", {"template_id": "active", "eye_move_freq": 0, "video_fps": 15, "mouth_move_strength": 1.5}),
    ("liveportrait", {"eye_move_freq": 1, "video_fps": 30, "mouth_move_strength": 0, "head_move_strength": 1}),
    ("liveportrait", {"paste_back": False, "head_move_strength": 0}),
    ("animate-anyone-template-gen2", []),
    ("videoretalk", {"video_extension": True, "query_face_threshold": 120}),
    ("videoretalk", {"query_face_threshold": 200}),
]


@pytest.mark.parametrize(("model", "parameters"), GOOD)
def test_bounds_are_included(fake, model, parameters):
    """The lowest and the highest value are taken; null is the default, unknown parameters are ignored."""
    assert fake.answer(task_call(model, parameters=parameters)).status == 200


@pytest.mark.parametrize(
    ("ext", "ratio", "frame"),
    [
        ([71, 9, 840, 778], "1:1", (512, 512)),
        ([71, 9, 840, 790], "1:1", (512, 512)),
        ([71, 9, 840, 1034], "3:4", (512, 704)),
    ],
)
def test_emo_is_priced_by_the_ratio_of_its_larger_box(fake, clock, ext, ratio, frame):
    """The box's ratio, 1:1 or 3:4, is the video's, stands in the usage and decides the price."""
    said = finish_task(fake, clock, "emo-v1", {"ext_bbox": ext})
    assert said["usage"]["video_ratio"] == ratio
    task = fake.store.task(said["output"]["task_id"])
    assert (task.model, task.tier, task.seconds, task.size) == (
        "emo-v1", ratio, said["usage"]["video_duration"], frame,
    )  # fmt: skip


@pytest.mark.parametrize(("given", "fps"), [(None, 24), ({"video_fps": 30}, 30)])
def test_liveportrait_has_the_frames_a_second_that_are_asked_for(fake, clock, given, fps):
    """24 without a parameter."""
    task = finish_task(fake, clock, "liveportrait", parameters=given)["output"]["task_id"]
    assert fake.store.task(task).fps == fps


@pytest.mark.parametrize(("given", "resolution"), [(None, 480), ({}, 480), ({"resolution": "720P"}, 720)])
def test_s2v_is_priced_by_its_resolution(fake, clock, given, resolution):
    """480P without a parameter; the usage names it as a number."""
    said = finish_task(fake, clock, "wan2.2-s2v", parameters=given)
    assert said["usage"]["SR"] == resolution
    assert fake.store.task(said["output"]["task_id"]).tier == f"{resolution}P"


def test_a_template_belongs_to_its_account(fake, clock):
    """Another account's template, one that is not made yet, a failed one and a task that is none are refused alike."""
    template = make_template(fake, clock)
    assert template.startswith("AACT.")
    assert fake.answer(task_call("animate-anyone-gen2", {"template_id": template})).status == 200
    pending = create_task(fake, "animate-anyone-template-gen2")
    failing = create_task(
        fake, "animate-anyone-template-gen2", {"video_url": "https://emoji-mock.test/failed/FacePose.mp4"}
    )
    other = create_task(fake, "videoretalk")
    for name, key in (
        (template, "sk-mock-other"),
        (f"AACT.{pending}", "sk-mock-test"),
        (f"AACT.{other}", "sk-mock-test"),
        (template.removeprefix("AACT."), "sk-mock-test"),
    ):
        assert (
            status_and_body(fake.answer(task_call("animate-anyone-gen2", {"template_id": name}, key=key))) == TEMPLATE
        )
    clock.now += 600
    assert fake.answer(task_call("animate-anyone-gen2", {"template_id": f"AACT.{pending}"})).status == 200
    assert (
        status_and_body(fake.answer(task_call("animate-anyone-gen2", {"template_id": f"AACT.{failing}"}))) == TEMPLATE
    )


def test_a_video_is_as_long_as_its_template(fake, clock):
    """Its length is the template's, which is the video's that it was made from."""
    template = finish_task(fake, clock, "animate-anyone-template-gen2")
    said = finish_task(
        fake, clock, "animate-anyone-gen2", {"template_id": template["output"]["template_id"]}, {"video_ratio": "3:4"}
    )
    assert said["usage"] == template["usage"]
    assert fake.store.task(said["output"]["task_id"]).tier == "3:4"


@pytest.mark.parametrize("way", ["rule", "URL"])
@pytest.mark.parametrize("outcome", ["passed", "failed"])
def test_a_rule_or_a_magic_url_lets_any_template_pass(fake, clock, way, outcome):
    """So a test needs no template of its own."""
    changes = {}
    if way == "rule":
        code = {"code": "FacePose"} if outcome == "failed" else {}
        fake.store.add_rule(Rule(outcome=outcome, model="animate-anyone-gen2", **code))
    else:
        name = "640x800" if outcome == "passed" else "FacePose"
        changes = {"image_url": f"https://emoji-mock.test/{outcome}/{name}.png"}
    said = finish_task(fake, clock, "animate-anyone-gen2", changes)
    assert said["output"]["task_status"] == ("SUCCEEDED" if outcome == "passed" else "FAILED")


FAILURES = [
    ("emo-v1", "FacePose", "InvalidFile.FacePose"),
    ("wan2.2-s2v", "NoHuman", "InvalidFile.NoHuman"),
    ("wan2.2-s2v", "FrontBody", "InvalidFile.FrontBody"),
    ("wan2.2-s2v", "s2v-not-passed", "InvalidFile.NoHuman"),
    ("liveportrait", "FacePose", "InvalidImage.NoHumanFace"),
    ("liveportrait", "liveportrait-no-face", "InvalidImage.NoHumanFace"),
    ("animate-anyone-gen2", "NoHuman", "InvalidFile.NoHuman"),
    ("animate-anyone-gen2", "Resolution", "InvalidFile.Resolution"),
    ("animate-anyone-template-gen2", "NoHuman", "InvalidFile.Template.Content"),
    ("videoretalk", "NoHuman", "InvalidImage.NoHumanFace"),
]


@pytest.mark.parametrize(("model", "named", "code"), FAILURES)
def test_a_magic_url_fails_the_task(fake, clock, model, named, code):
    """What fails the detection fails the task, with a code that tasks of the model have."""
    field = "video_url" if model in ("videoretalk", "animate-anyone-template-gen2") else "image_url"
    said = finish_task(fake, clock, model, {field: f"https://emoji-mock.test/failed/{named}.png"})
    assert list(said) == ["request_id", "output"]
    assert (said["output"]["task_status"], said["output"]["code"]) == ("FAILED", code)


@pytest.mark.parametrize(
    ("model", "text"),
    [
        ("emo-v1", "Audio length must be between 0s and 60s."),
        ("wan2.2-s2v", "Audio length must be between 0s and 20s."),
        ("liveportrait", "Audio length must be between 1s and 180s."),
    ],
)
def test_a_magic_url_may_stand_for_the_audio(fake, clock, model, text):
    """An error of the audio's URL refuses the call, a failure of a rule fails the task, with the model's own numbers."""
    said = status_and_body(
        fake.answer(task_call(model, {"audio_url": "https://emoji-mock.test/error/AudioLengthError.wav"}))
    )
    assert said == service_error(400, "InvalidFile.AudioLengthError", text)
    fake.store.add_rule(Rule(outcome="failed", code="AudioLengthError", endpoint="video_synthesis", model=model))
    output = finish_task(fake, clock, model)["output"]
    assert (output["code"], output["message"]) == ("InvalidFile.AudioLengthError", text)


def test_the_file_of_a_video_is_behind_its_link(fake, clock, monkeypatch):
    """The file is made from what the task says: its length, its frame and its picture."""
    asked = []
    monkeypatch.setattr(
        "emoji_mock.assembly.LazyMedia.make_video", lambda _, **scene: asked.append(scene) or b"a video"
    )
    said = finish_task(fake, clock, "wan2.2-s2v", parameters={"resolution": "720P"})
    link = said["output"]["results"]["video_url"]
    host, _, path = link.removeprefix("https://").partition("/")
    answer = fake.answer(task_call("wan2.2-s2v", method="GET", target=f"/{path}", host=host))
    assert answer.body == b"a video"
    assert (asked[0]["seconds"], asked[0]["size"], asked[0]["fps"]) == (said["usage"]["duration"], (720, 960), 25)
    assert json.loads(get_task(fake, said["output"]["task_id"]))["output"]["task_status"] == "SUCCEEDED"

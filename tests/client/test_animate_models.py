"""Tests of videos by each model: what is sent, what a model does not take, and where its result is."""

import json
from typing import get_args, get_type_hints

import pytest
from client_helpers import ID, URL, refused
from helpers import picture

from emoji_mock.client import (
    DetectionFailedError,
    NoVideoError,
    PictureError,
    RequestError,
    Status,
    TaskFailedError,
    UnreadableAnswerError,
    Video,
    options,
)
from emoji_mock.contract import models

PNG = picture()
WAV = b"RIFF\x24\0\0\0WAVEfmt "
MP4 = b"\0\0\0\x18ftypisom"
TASK = "b271d7a3-2d7b-40a7-bf6d-5f851019529e"
LINK = "https://dashscope-result-bj.oss-cn-beijing.aliyuncs.com/1d/20261123/me.mp4?Expires=1&Signature=secret"
CREATED = (200, f'{{"output":{{"task_id":"{TASK}","task_status":"PENDING"}},"request_id":"{ID}"}}'.encode())
STORED = (200, b"")
VERDICTS = {
    "emoji-detect-v1": '{"bbox_face":[212,194,460,441],"ext_bbox_face":[63,30,609,575]}',
    "emo-detect-v1": '{"check_pass":true,"face_bbox":[302,286,610,593],"ext_bbox":[71,9,840,1034]}',
    "wan2.2-s2v-detect": '{"check_pass":true,"humanoid":true}',
    "liveportrait-detect": '{"pass":true,"message":""}',
    "animate-anyone-detect-gen2": '{"bodystyle":"full","check_pass":true}',
}
AUDIO = "https://example.com/me.wav"


def verdict(model):
    """Return the answer that a picture passed."""
    return 200, f'{{"output":{VERDICTS[model]},"usage":{{"image_count":1}},"request_id":"{ID}"}}'.encode()


def granted(number):
    """Return a permission to upload into a folder of its own."""
    policy = {
        "policy": "eyJ",
        "signature": "c2ln",
        "upload_dir": f"dashscope-instant/{number}",
        "upload_host": "https://dashscope-file-mgr.oss-cn-beijing.aliyuncs.com",
        "oss_access_key_id": "LTAI-example",
    }
    return 200, json.dumps({"data": policy, "request_id": ID}).encode()


def ended(output, usage='"usage":{}'):
    """Return the answer about a task that succeeded."""
    return 200, f'{{"output":{{"task_id":"{TASK}","task_status":"SUCCEEDED",{output}}},{usage}}}'.encode()


def state(status, more=""):
    """Return the answer about a task in some other state."""
    return 200, f'{{"request_id":"{ID}","output":{{"task_id":"{TASK}","task_status":"{status}"{more}}}}}'.encode()


@pytest.mark.parametrize(
    ("detector", "arguments", "body"),
    [
        (
            "emo-detect-v1",
            {"audio": AUDIO, "style_level": "active"},
            (
                '{"model":"emo-v1","input":{"image_url":"https://example.com/me.png","audio_url":"https://example.com/me.wav",'
                '"face_bbox":[302,286,610,593],"ext_bbox":[71,9,840,1034]},"parameters":{"style_level":"active"}}'
            ),
        ),
        (
            "wan2.2-s2v-detect",
            {"audio": AUDIO, "resolution": "720P"},
            (
                '{"model":"wan2.2-s2v","input":{"image_url":"https://example.com/me.png",'
                '"audio_url":"https://example.com/me.wav"},"parameters":{"resolution":"720P"}}'
            ),
        ),
        (
            "wan2.2-s2v-detect",
            {"audio": AUDIO},
            (
                '{"model":"wan2.2-s2v","input":{"image_url":"https://example.com/me.png",'
                '"audio_url":"https://example.com/me.wav"}}'
            ),
        ),
        (
            "liveportrait-detect",
            {"audio": AUDIO, "template_id": "calm", "eye_move_freq": 1, "video_fps": 30, "paste_back": False},
            (
                '{"model":"liveportrait","input":{"image_url":"https://example.com/me.png",'
                '"audio_url":"https://example.com/me.wav"},'
                '"parameters":{"template_id":"calm","eye_move_freq":1,"video_fps":30,"paste_back":false}}'
            ),
        ),
        (
            "animate-anyone-detect-gen2",
            {"template_id": "AACT.x", "video_ratio": "3:4"},
            (
                '{"model":"animate-anyone-gen2","input":{"image_url":"https://example.com/me.png","template_id":"AACT.x"},'
                '"parameters":{"video_ratio":"3:4"}}'
            ),
        ),
    ],
)
def test_what_is_sent(way, detector, arguments, body):
    """Picture, audio or template, and the boxes where the model takes them, with the given parameters alone."""
    client = way(verdict(detector), CREATED)
    task = client.animate(client.detect(URL, model=detector), **arguments)
    sent = client.requests[1]
    assert str(sent.url) == "https://dashscope.aliyuncs.com/api/v1/services/aigc/image2video/video-synthesis"
    assert sent.content.decode() == body
    assert sent.headers["x-dashscope-async"] == "enable"
    assert "x-dashscope-ossresourceresolve" not in sent.headers
    assert (task.id, task.status) == (TASK, Status.PENDING)


@pytest.mark.parametrize("as_bytes", [False, True], ids=["path", "bytes"])
def test_picture_and_audio_are_uploaded_for_the_video_model(way, tmp_path, as_bytes):
    """An upload is bound to one model, so the picture of the detection is uploaded again."""
    portrait, song = tmp_path / "me.png", tmp_path / "song.wav"
    portrait.write_bytes(PNG)
    song.write_bytes(WAV)
    client = way(granted(1), STORED, verdict("wan2.2-s2v-detect"), granted(2), STORED, granted(3), STORED, CREATED)
    passed = client.detect(PNG if as_bytes else portrait, model="wan2.2-s2v-detect")
    client.animate(passed, audio=WAV if as_bytes else song)
    asked = [str(request.url.query, "ascii") for request in client.requests if request.url.path.endswith("/uploads")]
    assert asked == [f"action=getPolicy&model={name}" for name in ("wan2.2-s2v-detect", "wan2.2-s2v", "wan2.2-s2v")]
    created = client.requests[-1]
    names = ("picture.png", "audio.wav") if as_bytes else ("me.png", "song.wav")
    assert json.loads(created.content)["input"] == {
        "image_url": f"oss://dashscope-instant/2/{names[0]}",
        "audio_url": f"oss://dashscope-instant/3/{names[1]}",
    }
    assert created.headers["x-dashscope-ossresourceresolve"] == "enable"
    assert b"audio/wav" in client.requests[6].content


def test_an_upload_of_the_caller(way):
    """Audio that was uploaded for the model is used as it is, with the header that resolves it."""
    client = way(granted(1), STORED, verdict("wan2.2-s2v-detect"), CREATED)
    audio = client.upload(WAV, model="wan2.2-s2v")
    assert (audio, str(client.requests[0].url.query, "ascii")) == (
        "oss://dashscope-instant/1/picture.wav",
        "action=getPolicy&model=wan2.2-s2v",
    )
    client.animate(client.detect(URL, model="wan2.2-s2v-detect"), audio=audio)
    assert json.loads(client.requests[-1].content)["input"] == {"image_url": URL, "audio_url": audio}
    assert client.requests[-1].headers["x-dashscope-ossresourceresolve"] == "enable"


def test_a_template(way):
    """It is made of a video on a path of its own, and its task ends with an id instead of a link."""
    client = way(granted(1), STORED, CREATED, state("PRE-PROCESSING"), ended('"template_id":"AACT.x"'))
    task, states = client.create_template(MP4), []
    assert str(client.requests[2].url).endswith("/services/aigc/image2video/aa-template-generation")
    assert client.requests[2].content.decode() == (
        '{"model":"animate-anyone-template-gen2","input":{"video_url":"oss://dashscope-instant/1/video.mp4"}}'
    )
    assert client.wait_for_template(task, progress=states.append) == "AACT.x"
    assert [each.status for each in states] == ["PRE-PROCESSING", "SUCCEEDED"]
    assert [each.is_over for each in states] == [False, True]
    assert (states[1].template_id, states[1].video) == ("AACT.x", None)


def test_a_template_is_no_video_and_a_video_is_no_template(way):
    """Waiting for the wrong one says which method is right."""
    with pytest.raises(
        NoVideoError, match=r"made the template AACT\.x, and no video .* `wait_for_template` returns it"
    ):
        way(ended('"template_id":"AACT.x"')).wait(TASK)
    with pytest.raises(RequestError, match="made a video, and no template; use `wait`"):
        way(ended(f'"video_url":"{LINK}"')).wait_for_template(TASK)
    with pytest.raises(TaskFailedError, match=r"InvalidFile\.Content"):
        way(state("FAILED", ',"code":"InvalidFile.Content","message":"m"')).wait_for_template(TASK)


def test_retalk(way):
    """Videoretalk needs no detection: a video, audio, and a reference picture if there are several faces."""
    client = way(CREATED)
    client.retalk("https://a/v.mp4", AUDIO, "https://a/me.png", video_extension=True)
    assert client.requests[0].content.decode() == (
        '{"model":"videoretalk","input":{"video_url":"https://a/v.mp4","audio_url":"https://example.com/me.wav",'
        '"ref_image_url":"https://a/me.png"},"parameters":{"video_extension":true}}'
    )
    client.retalk("https://a/v.mp4", AUDIO)
    assert "ref_image_url" not in json.loads(client.requests[1].content)["input"]
    with pytest.raises(TypeError, match="videoretalk takes no resolution; it takes video_extension, query_face_thres"):
        client.retalk("https://a/v.mp4", AUDIO, resolution="480P")
    with pytest.raises(
        ValueError, match="query_face_threshold: videoretalk takes a whole number from 120 to 200, not 9"
    ):
        client.retalk("https://a/v.mp4", AUDIO, query_face_threshold=9)


@pytest.mark.parametrize(
    ("output", "usage", "seconds"),
    [
        (f'"video_url":"{LINK}"', '"usage":{"video_duration":2,"video_ratio":"standard"}', 2),
        (f'"results":{{"video_url":"{LINK}"}}', '"usage":{"duration":18.13,"video_count":1,"SR":480}', 18.13),
        (f'"results":{{"video_url":"{LINK}"}}', '"usage":{"video_duration":2.79,"video_ratio":"standard"}', 2.79),
        (f'"results":{{"video_url":"{LINK}"}}', f'"request_id":"{ID}"', 0),
    ],
)
def test_the_result_is_read_at_either_place(way, output, usage, seconds):
    """`output.video_url`, or `output.results.video_url`; its length in seconds as each model reports it."""
    assert way(ended(output, usage)).wait(TASK) == Video(LINK, TASK, seconds)


@pytest.mark.parametrize("output", ['"results":{}', '"results":null', '"template_id":""', '"results":{"video_url":""}'])
def test_a_task_without_a_result_is_unreadable(way, output):
    """It succeeded, and says not where the video is."""
    with pytest.raises(UnreadableAnswerError, match="without a valid video_url"):
        way(ended(output)).wait(TASK)


def test_states_around_running_are_not_final(way):
    """The polling goes on through PRE-PROCESSING and POST-PROCESSING."""
    states = []
    client = way(state("PRE-PROCESSING"), state("RUNNING"), state("POST-PROCESSING"), ended(f'"video_url":"{LINK}"'))
    client.wait(TASK, progress=states.append)
    assert [(each.status, each.is_over) for each in states] == [
        ("PRE-PROCESSING", False),
        ("RUNNING", False),
        ("POST-PROCESSING", False),
        ("SUCCEEDED", True),
    ]


@pytest.mark.parametrize(
    ("detector", "arguments", "error", "message"),
    [
        ("wan2.2-s2v-detect", {}, TypeError, r"^wan2\.2-s2v needs audio$"),
        (
            "wan2.2-s2v-detect",
            {"driven_id": "mengwa_kaixin", "audio": AUDIO},
            TypeError,
            r"^wan2\.2-s2v takes no driven_id; it takes audio, resolution$",
        ),
        (
            "wan2.2-s2v-detect",
            {"audio": AUDIO, "resolution": "1080P"},
            ValueError,
            r"^resolution: wan2\.2-s2v takes '480P' or '720P', not '1080P'$",
        ),
        ("emo-detect-v1", {"audio": AUDIO, "face_bbox": 1}, TypeError, "emo-v1 takes no face_bbox"),
        ("emoji-detect-v1", {}, TypeError, "^emoji-v1 needs driven_id$"),
        ("emoji-detect-v1", {"audio": AUDIO}, TypeError, "^emoji-v1 takes no audio; it takes driven_id$"),
        (
            "liveportrait-detect",
            {"audio": AUDIO, "eye_move_freq": 1.5},
            ValueError,
            r"^eye_move_freq: liveportrait takes a number from 0 to 1, not 1\.5$",
        ),
        ("liveportrait-detect", {"audio": AUDIO, "video_fps": 24.5}, ValueError, "takes a whole number from 15 to 30"),
        ("liveportrait-detect", {"audio": AUDIO, "paste_back": 1}, ValueError, "takes True or False, not 1"),
        ("animate-anyone-detect-gen2", {}, TypeError, "^animate-anyone-gen2 needs template_id$"),
        ("animate-anyone-detect-gen2", {"template_id": ""}, ValueError, "the id that `wait_for_template` returned"),
        ("wan2.2-s2v-detect", {"audio": None}, RequestError, "audio: must be a URL, a path or bytes, not NoneType"),
        ("wan2.2-s2v-detect", {"audio": PNG}, PictureError, r"audio bytes: .*\(wav, mp3\)"),
        (
            "wan2.2-s2v-detect",
            {"audio": "data:audio/wav;base64,UklGRg=="},
            RequestError,
            "pass the audio's bytes or path",
        ),
    ],
)
def test_what_a_model_does_not_take(way, detector, arguments, error, message):
    """It is refused before anything is sent, and the message says what the model takes."""
    client = way(verdict(detector), CREATED)
    passed = client.detect(URL, model=detector)
    with pytest.raises(error, match=message):
        client.animate(passed, **arguments)
    assert len(client.requests) == 1


@pytest.mark.parametrize("status", [200, 400])
def test_a_picture_that_failed_is_not_animated(way, status):
    """Whichever way the detection failed."""
    body = (
        b'{"output":{"check_pass":false,"code":"","message":""}}' if status == 200 else refused("InvalidFile.NoHuman")
    )
    client = way((status, body))
    failed = client.detect(URL, model="wan2.2-s2v-detect")
    with pytest.raises(DetectionFailedError, match="A picture failed, and no video can be made: use another picture"):
        client.animate(failed, audio=AUDIO)
    assert len(client.requests) == 1


def test_a_retired_video_model_is_explained(way):
    """With the successor that the vendor names for the models that make videos."""
    client = way(verdict("emo-detect-v1"), (403, refused("AccessDenied", "Access denied.")))
    passed = client.detect(URL, model="emo-detect-v1")
    with pytest.raises(
        Exception, match=r"emo-v1 is retired from 2026-10-10 on, and names wan2\.7-r2v as its successor"
    ):
        client.animate(passed, audio=AUDIO)


@pytest.mark.parametrize(
    ("kind", "model"),
    [
        (options.EmoOptions, models.emo.VIDEO),
        (options.S2vOptions, models.wan_s2v.VIDEO),
        (options.LivePortraitOptions, models.liveportrait.VIDEO),
        (options.AnimateOptions, models.animate_anyone.VIDEO),
        (options.RetalkOptions, models.videoretalk.VIDEO),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_the_options_are_those_of_the_contract(kind, model):
    """The types name exactly the parameters of each model, their values, and the inputs that a caller gives."""
    hints = get_type_hints(kind)
    inputs = set() if model.name == "videoretalk" else {*model.fields} - {"image_url", "face_bbox", "ext_bbox"}
    assert set(hints) == {field.removesuffix("_url") for field in inputs} | set(model.parameters)
    for name, parameter in model.parameters.items():
        expected = parameter.values or {bool: (), int: (), float: ()}[type(parameter.default)]
        assert get_args(hints[name]) == expected
        assert parameter.values or hints[name] is type(parameter.default)

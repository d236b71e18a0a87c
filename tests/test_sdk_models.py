"""Every model through the official SDK and through requests, on a socket."""

import re
import wave
from io import BytesIO

import pytest
from helpers import picture

from emoji_mock.contract import samples
from emoji_mock.contract.catalogue import ROWS
from emoji_mock.contract.models import DETECTORS, row_at
from emoji_mock.contract.row import Origin, Outcome

pytestmark = [
    pytest.mark.slow,  # the SDK takes seconds to import
    pytest.mark.filterwarnings("ignore:no workspace configured:UserWarning"),
]

RESOLVE = {"X-DashScope-OssResourceResolve": "enable"}
SERVICES = "/services/aigc/image2video"
FUNCTIONS = {"animate-anyone-detect-gen2": "aa-detect", "animate-anyone-template-gen2": "aa-template-generation"}
PARAMETERS = {"emoji-detect-v1": {"ratio": "1:1"}, "emo-detect-v1": {"ratio": "3:4"}}
FACE_POSE = "The pose of the detected face is invalid, please upload other image with the expected oriention."
PASSED = {
    "emoji-detect-v1": {"bbox_face", "ext_bbox_face"},
    "emo-detect-v1": {"check_pass", "face_bbox", "ext_bbox"},
    "wan2.2-s2v-detect": {"check_pass", "humanoid"},
    "liveportrait-detect": {"pass", "message"},
    "animate-anyone-detect-gen2": {"bodystyle", "check_pass"},
}
"""The fields of `output` for a portrait that passes."""
FAILED = {
    "emoji-detect-v1": {"code": "InvalidFile.FacePose", "message": FACE_POSE},
    "emo-detect-v1": {"check_pass": False, "code": "InvalidFile.FacePose", "message": FACE_POSE},
    "wan2.2-s2v-detect": {"check_pass": False, "code": "", "message": ""},
    "liveportrait-detect": {"pass": False, "message": "No human face detected."},
    "animate-anyone-detect-gen2": {
        "check_pass": False,
        "reason": "The pose of the detected face is invalid, please upload other image with whole face and expected"
        " orientation.",
        "bodystyle": "",
    },
}
"""`output` for a head that is turned."""
BOXES = {"face_bbox": [302, 286, 610, 593], "ext_bbox": [71, 9, 840, 778]}
AUDIO = "https://example.com/speech.mp3"
FILM = "https://example.com/dance.mp4"
INPUTS = {
    "emoji-v1": {"image_url": "", "driven_id": "mengwa_kaixin", **BOXES},
    "emo-v1": {"image_url": "", "audio_url": AUDIO, **BOXES},
    "wan2.2-s2v": {"image_url": "", "audio_url": AUDIO},
    "liveportrait": {"image_url": "", "audio_url": AUDIO},
    "animate-anyone-gen2": {"image_url": "", "template_id": ""},
    "animate-anyone-template-gen2": {"video_url": FILM},
    "videoretalk": {"video_url": FILM, "audio_url": AUDIO},
}
"""What each model makes a video or a template of; a picture and a template are filled in."""
RESULTS = {
    "emoji-v1": ("video_url",),
    "emo-v1": ("results", "video_url"),
    "wan2.2-s2v": ("results", "video_url"),
    "liveportrait": ("results", "video_url"),
    "animate-anyone-gen2": ("video_url",),
    "animate-anyone-template-gen2": ("template_id",),
    "videoretalk": ("video_url",),
}
"""The place of the result in the task's `output`."""


def speech():
    """Return a WAV file of two seconds of silence."""
    file = BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(bytes(2 * 2 * 8000))
    return file.getvalue()


FILES = {
    "image_url": ("me.png", lambda: picture(size=(900, 900))),
    "audio_url": ("speech.wav", speech),
    "video_url": ("dance.mp4", lambda: samples.video(3)),
}
"""The files that are uploaded; a template needs 24 frames a second, which the sample film does not have."""
TEMPLATE = "animate-anyone-template-gen2"
CALLERS = ("sdk", "requests")


class Answer:
    """What a caller was told, in the same words for both."""

    def __init__(self, status, code, message, output, usage):
        self.status, self.code, self.message = status, code, message
        self.output, self.usage = output, usage


class Sdk:
    """A user of the official SDK."""

    def __init__(self, server):
        self.server = server

    def detect(self, model, image_url, headers=None):
        from dashscope.client.base_api import BaseApi

        got = BaseApi.call(
            model=model,
            input={"image_url": image_url},
            task_group="aigc",
            task="image2video",
            function=FUNCTIONS.get(model, "face-detect"),
            headers=headers or {},
            **PARAMETERS.get(model, {}),
        )
        return Answer(got.status_code, got.code, got.message, got.output, got.usage)

    def upload(self, model, path):
        from dashscope.utils.oss_utils import OssUtils

        return OssUtils.upload(model=model, file_path=str(path))[0]

    def make(self, model, given):
        from dashscope.client.base_api import BaseAsyncApi

        got = BaseAsyncApi.call(
            model=model,
            input=given,
            task_group="aigc",
            task="image2video",
            function=FUNCTIONS.get(model, "video-synthesis"),
            headers=RESOLVE,
        )
        return Answer(got.status_code, got.code, got.message, got.output, got.usage)


class Requests:
    """A user of requests."""

    def __init__(self, server):
        import requests

        self.session, self.base = requests.Session(), server.base_url
        self.session.headers["Authorization"] = "Bearer sk-mock-me"

    def _answer(self, response):
        said = response.json()
        return Answer(
            response.status_code, said.get("code", ""), said.get("message", ""), said.get("output"), said.get("usage")
        )

    def detect(self, model, image_url, headers=None):
        body = {"model": model, "input": {"image_url": image_url}}
        if model in PARAMETERS:
            body["parameters"] = PARAMETERS[model]
        path = f"{SERVICES}/{FUNCTIONS.get(model, 'face-detect')}"
        return self._answer(self.session.post(self.base + path, json=body, headers=headers, timeout=20))

    def upload(self, model, path):
        wanted = {"action": "getPolicy", "model": model}
        grant = self.session.get(f"{self.base}/uploads", params=wanted, timeout=20).json()["data"]
        key = f"{grant['upload_dir']}/{path.name}"
        form = {
            "OSSAccessKeyId": grant["oss_access_key_id"],
            "Signature": grant["signature"],
            "policy": grant["policy"],
            "key": key,
            "x-oss-object-acl": grant["x_oss_object_acl"],
            "x-oss-forbid-overwrite": grant["x_oss_forbid_overwrite"],
            "success_action_status": "200",
        }
        files = {"file": (path.name, path.read_bytes())}
        assert self.session.post(grant["upload_host"], data=form, files=files, timeout=20).status_code == 200
        return f"oss://{key}"

    def make(self, model, given):
        path = f"{SERVICES}/{FUNCTIONS.get(model, 'video-synthesis')}"
        headers = {"X-DashScope-Async": "enable", **RESOLVE}
        body = {"model": model, "input": given}
        created = self.session.post(self.base + path, json=body, headers=headers, timeout=20)
        assert created.status_code == 200, created.text
        task_id = created.json()["output"]["task_id"]
        return self._answer(self.session.get(f"{self.base}/tasks/{task_id}", timeout=20))


@pytest.fixture(params=CALLERS)
def caller(request, emoji_server):
    """A program that calls the fake on its socket."""
    return (Sdk if request.param == "sdk" else Requests)(emoji_server)


def magic(path):
    return f"https://emoji-mock.test/{path}.png"


def errors_of(model):
    """Return the errors that a detection by `model` may get from a magic URL."""
    rows = [row for row in ROWS if row.outcome is Outcome.ERROR and row.origin is not Origin.STORAGE and row.code]
    return [row for row in rows if row_at(row, DETECTORS[model]) is row and row.name != "method-not-supported"]


@pytest.mark.parametrize("model", DETECTORS)
def test_a_portrait_passes_and_fails_as_the_model_says_it(caller, emoji_server, model):
    """Passed and failed are HTTP 200 in the words of the model, and both are billed."""
    passed = caller.detect(model, magic("passed/640x800"))
    assert (passed.status, set(passed.output), passed.usage) == (200, PASSED[model], {"image_count": 1})
    failed = caller.detect(model, magic("failed/FacePose"))
    assert (failed.status, failed.output, failed.usage) == (200, FAILED[model], {"image_count": 1})
    assert [call.outcome for call in emoji_server.calls] == ["passed", "failed"]
    assert emoji_server.ledger.images == 2


@pytest.mark.parametrize("model", DETECTORS)
def test_each_error_reaches_the_caller(caller, emoji_server, model):
    """Every error that the model may answer comes with its status, code and message, and is not billed."""
    for row in errors_of(model):
        got = caller.detect(model, magic(f"error/{row.name}"))
        assert (got.status, got.code, got.output) == (row.status, row.code, None), row.name
        assert re.fullmatch(re.escape(row.message).replace(r"\{", "(?P<").replace(r"\}", ">.+)"), got.message), row.name
    assert emoji_server.ledger.images == 0


@pytest.mark.parametrize("model", DETECTORS)
def test_an_upload_is_bound_to_its_model(caller, tmp_path, model):
    """A picture that was uploaded for the model passes; one that was uploaded for another model is not found."""
    path = tmp_path / "me.png"
    path.write_bytes(picture(size=(500, 600)))
    assert caller.detect(model, caller.upload(model, path), RESOLVE).status == 200
    other = next(name for name in DETECTORS if name != model)
    got = caller.detect(model, caller.upload(other, path), RESOLVE)
    assert (got.status, got.code) == (400, "InvalidParameter.DataInspection")


@pytest.mark.parametrize("model", INPUTS)
def test_a_task_ends_with_its_result(caller, tmp_path, model):
    """The result stands where the model's page has it, and a video is a real file."""
    import requests

    given = dict(INPUTS[model])
    for field, (name, content) in FILES.items():
        if field in given and (model, field) != (TEMPLATE, "video_url"):
            path = tmp_path / name
            path.write_bytes(content())
            given[field] = caller.upload(model, path)
    if "template_id" in given:
        template = caller.make(TEMPLATE, INPUTS[TEMPLATE])
        given["template_id"] = template.output["template_id"]
    got = caller.make(model, given)
    assert (got.status, got.output["task_status"]) == (200, "SUCCEEDED"), got.output
    result = got.output
    for name in RESULTS[model]:
        result = result[name]
    if model == TEMPLATE:
        assert re.fullmatch(r"AACT\.\S+", result)
        return
    film = requests.get(result, timeout=60)
    assert (film.status_code, film.content[4:8]) == (200, b"ftyp")

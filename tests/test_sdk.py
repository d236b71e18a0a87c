"""The official SDK, driven through the fixtures as its users drive it."""

import asyncio
import os
import subprocess
import sys

import pytest
from helpers import OURS_ALONE, REQUEST_ID, picture, run_pytest

pytestmark = [
    pytest.mark.slow,  # the SDK takes seconds to import
    pytest.mark.filterwarnings("ignore:no workspace configured:UserWarning"),
]

ME = "https://example.com/me.png"
CALL = {
    "model": "emoji-detect-v1",
    "input": {"image_url": ME},
    "task_group": "aigc",
    "task": "image2video",
    "function": "face-detect",
    "ratio": "1:1",
}
FACE_POSE = "The pose of the detected face is invalid, please upload other image with the expected oriention."
PATH = "/services/aigc/image2video/face-detect"
BODY = {"model": "emoji-detect-v1", "input": {"image_url": ME}, "parameters": {"ratio": "1:1"}}


def _sync(**changes):
    from dashscope.client.base_api import BaseApi

    return BaseApi.call(**CALL | changes)


def _async(**changes):
    import dashscope
    from dashscope.client.base_api import BaseAioApi

    async def go():
        try:
            return await BaseAioApi.call(**CALL | changes)
        finally:
            await dashscope.close_shared_aio_session()

    return asyncio.run(go())


@pytest.fixture(params=[_sync, _async], ids=["sync", "async"])
def ask(request):
    """The SDK's generic call, in both its ways."""
    return request.param


@pytest.fixture(params=["emoji_api", "emoji_server"])
def emoji(request):
    """The fake, in the process and on a socket."""
    return request.getfixturevalue(request.param)


def test_passed(ask, emoji):
    """A face is in `output`, and code and message are empty."""
    emoji.passes(face=(212, 194, 460, 441))
    got = ask()
    assert (got.status_code, got.code, got.message) == (200, "", "")
    assert got.output["bbox_face"] == [212, 194, 460, 441]
    assert set(got.output) == {"bbox_face", "ext_bbox_face"}
    assert got.usage == {"image_count": 1}
    assert REQUEST_ID.fullmatch(got.request_id)
    assert got.request_id == emoji.calls[0].request_id
    emoji.assert_called(times=1, image_url=ME)
    assert emoji.calls[0].client.startswith("dashscope/2.")


def test_failed_looks_like_success(ask, emoji):
    """The SDK takes a failed detection for success: status 200, empty code; what went wrong is in `output` alone."""
    emoji.fails("FacePose")
    got = ask()
    assert (got.status_code, got.code, got.message) == (200, "", "")
    assert got.output == {"code": "InvalidFile.FacePose", "message": FACE_POSE}
    assert got.usage == {"image_count": 1}
    assert emoji.ledger.images == 1


@pytest.mark.parametrize(
    ("code", "status", "message"),
    [
        ("Throttling.RateQuota", 429, "Requests rate limit exceeded, please try again later."),
        ("Arrearage", 400, "Access denied, please make sure your account is in good standing."),
        ("InternalError", 500, "An internal error has occured, please try again later or contact service support."),
    ],
)
def test_error(ask, emoji, code, status, message):
    """An error brings the vendor's status, code and message, no output, and the SDK does not retry it."""
    emoji.errors(code)
    got = ask()
    assert (got.status_code, got.code, got.message) == (status, code, message)
    assert (got.output, got.usage) == (None, None)
    assert got.request_id == emoji.calls[0].request_id
    emoji.assert_called(times=1)
    assert emoji.ledger.cost == 0


@pytest.mark.emoji(failed_as=400)
def test_failed_as_400(ask, emoji):
    """Where the vendor's other page is right, the SDK sees a failed detection as an error."""
    emoji.fails("FacePose")
    got = ask()
    assert (got.status_code, got.code, got.message, got.output) == (400, "InvalidFile.FacePose", FACE_POSE, None)


def test_a_wrong_key(ask, emoji):
    """The key is the caller's: a bad one is refused with the vendor's words."""
    got = ask(api_key="sk-mock-invalid")
    assert (got.status_code, got.code, got.message) == (401, "InvalidApiKey", "Invalid API-key provided.")
    assert emoji.calls[0].outcome == "error"


@pytest.fixture(params=[False, True], ids=["sync", "async"])
def post(request):
    """The transport of `dashscope.Client` or `AsyncClient`, which post to any path and retry on their own."""
    import dashscope

    def sync():
        with dashscope.Client() as client:
            return client.transport.request("POST", PATH, json=BODY)

    async def go():
        async with dashscope.AsyncClient() as client:
            return await client.transport.request("POST", PATH, json=BODY)

    return (lambda: asyncio.run(go())) if request.param else sync


def test_the_client_passes(post, emoji):
    """`dashscope.Client` has no verb for face-detect; its transport reaches it."""
    emoji.passes(face=(212, 194, 460, 441))
    got = post()
    assert got.status_code == 200
    assert got.json()["output"]["bbox_face"] == [212, 194, 460, 441]
    assert got.headers["x-request-id"] == emoji.calls[0].request_id


def test_the_client_retries_429(post, emoji_api):
    """`dashscope.Client` asks a busy service three times in all, of which the last is billed."""
    emoji_api.errors("RateQuota", times=2)
    assert post().status_code == 200
    assert [call.status for call in emoji_api.calls] == [429, 429, 200]
    assert emoji_api.ledger.images == 1


def test_the_client_raises_its_own_errors(post, emoji):
    """A refusal becomes the exception that the SDK has for the vendor's code."""
    from dashscope.v2 import errors

    emoji.errors("InvalidApiKey")
    with pytest.raises(errors.AuthenticationError, match="Invalid API-key provided") as caught:
        errors.check_response(post())
    assert (caught.value.code, caught.value.status_code) == ("InvalidApiKey", 401)
    assert caught.value.request_id == emoji.calls[0].request_id


def test_the_client_takes_a_failed_detection_for_success(post, emoji):
    """The SDK's own check finds nothing wrong with a failed detection."""
    from dashscope.v2 import errors

    emoji.fails("FacePose")
    got = post()
    errors.check_response(got)
    assert got.json()["output"]["code"] == "InvalidFile.FacePose"


def test_a_subprocess_finds_the_server(emoji_server):
    """In a process of its own the SDK takes the server's address and the key from the environment, when it is imported."""
    emoji_server.fails("FacePose")
    code = f"from dashscope.client.base_api import BaseApi; print(BaseApi.call(**{CALL!r}).output['code'])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ)
    assert run.stdout == "InvalidFile.FacePose\n"
    emoji_server.assert_called(times=1, code="FacePose")


@pytest.fixture
def portrait(tmp_path):
    """The path of a picture."""
    path = tmp_path / "me.png"
    path.write_bytes(picture(size=(500, 600)))
    return path


def _detect(url):
    from dashscope.client.base_api import BaseApi

    call = CALL | {"input": {"image_url": url}, "headers": {"X-DashScope-OssResourceResolve": "enable"}}
    return BaseApi.call(**call)


def test_its_own_upload(emoji, portrait):
    """The SDK gets a policy, posts the picture, and names it by the URL that face-detect then looks behind."""
    from dashscope.utils.oss_utils import OssUtils

    url, certificate = OssUtils.upload(model="emoji-detect-v1", file_path=str(portrait))
    assert url == f"oss://{certificate['upload_dir']}/me.png"
    got = _detect(url)
    assert got.status_code == 200
    assert got.output["ext_bbox_face"][2] <= 500
    assert [call.outcome for call in emoji.calls] == ["done", "done", "passed"]
    assert emoji.ledger.images == 1


def test_its_local_path(emoji, portrait):
    """A `file://` path is uploaded by the SDK's helper; for another model the picture is not there."""
    from dashscope.utils.oss_utils import upload_file

    got = _detect(upload_file("emoji-v1", portrait.as_uri(), None))
    assert (got.status_code, got.code) == (400, "InvalidParameter.DataInspection")
    assert _detect(upload_file("emoji-detect-v1", portrait.as_uri(), None)).status_code == 200
    assert len(emoji.calls) == 6


def test_its_upload_is_refused(emoji, portrait):
    """The storage's XML error is in the SDK's exception."""
    from dashscope.common.error import UploadFileException
    from dashscope.utils.oss_utils import OssUtils

    _, certificate = OssUtils.upload(model="emoji-detect-v1", file_path=str(portrait))
    with pytest.raises(UploadFileException, match="<Code>FileAlreadyExists</Code>"):
        OssUtils.upload(model="emoji-detect-v1", file_path=str(portrait), upload_certificate=certificate)
    assert emoji.calls[-1].code == "FileAlreadyExists"
    with pytest.raises(UploadFileException, match="code: InvalidParameter, message: Model not exist"):
        OssUtils.upload(model="nobody", file_path=str(portrait))


VIDEO = {
    "model": "emoji-v1",
    "task": "image2video",
    "extra_input": {
        "image_url": ME,
        "driven_id": "mengwa_kaixin",
        "face_bbox": [212, 194, 460, 441],
        "ext_bbox": [63, 30, 609, 575],
    },
}


def test_its_video(emoji):
    """`VideoSynthesis.call` creates the task, polls, and has the video's URL."""
    from dashscope import VideoSynthesis

    got = VideoSynthesis.call(**VIDEO)
    assert got.status_code == 200, got
    assert got.output.task_status == "SUCCEEDED"
    assert f"/{got.output.task_id}.mp4?Expires=" in got.output.video_url
    assert got.usage["video_duration"] == 1
    assert [call.method for call in emoji.calls] == ["POST", "GET"]


def test_its_tasks(emoji):
    """A task that fails, cancelling what is over, and the list."""
    from dashscope import VideoSynthesis

    emoji.fails("FacePose")
    created = VideoSynthesis.async_call(**VIDEO)
    assert (created.status_code, created.output.task_status) == (200, "PENDING")
    failed = VideoSynthesis.wait(created)
    assert (failed.output.task_status, failed.output.code) == ("FAILED", "InvalidFile.FacePose")
    cancelled = VideoSynthesis.cancel(created)
    assert (cancelled.status_code, cancelled.code) == (400, "UnsupportedOperation")
    listed = VideoSynthesis.list(page_size=5)
    assert [task["status"] for task in listed.output["data"]] == ["FAILED"]


@pytest.mark.emoji(time_scale=1)
def test_its_waiting_task_is_cancelled(emoji):
    """Behind a task that runs another waits, and can be cancelled."""
    from dashscope import VideoSynthesis

    first, second = (VideoSynthesis.async_call(**VIDEO) for _ in range(2))
    assert VideoSynthesis.cancel(second).status_code == 200
    states = [VideoSynthesis.fetch(task).output.task_status for task in (first, second)]
    assert states == ["RUNNING", "CANCELED"]
    assert {call.outcome for call in emoji.calls} == {"done"}


PROJECT = """
CALL = {call!r}

{first}

def test_on_a_socket(emoji_server):
    {then}
    assert BaseApi.call(**CALL).status_code == 200
    emoji_server.assert_called(times=1)

def test_in_the_process(emoji_api):
    {then}
    assert BaseApi.call(**CALL).status_code == 200
    emoji_api.assert_called(times=1)

def test_neither():
    import dashscope
    assert dashscope.api_key == "sk-from-the-environment"
    assert dashscope.base_http_api_url == "https://dashscope.aliyuncs.com/api/v1"
"""


@pytest.mark.parametrize("early", [True, False], ids=["at the top", "in a test"])
def test_whenever_it_is_imported(tmp_path, early):
    """The SDK reads key and address when it is imported; whenever that is, each test has its own, and afterwards neither is left."""
    line = "from dashscope.client.base_api import BaseApi"
    source = PROJECT.format(call=CALL, first=line if early else "", then="" if early else line)
    (tmp_path / "test_it.py").write_text(source)
    run = run_pytest(tmp_path, **OURS_ALONE, DASHSCOPE_API_KEY="sk-from-the-environment")
    assert run.returncode == 0, run.stdout
    assert "3 passed" in run.stdout


def test_a_key_need_not_be_set(tmp_path, monkeypatch):
    """Without any key in the environment, an SDK that is imported early has the fake's."""
    source = "from dashscope.client.base_api import BaseApi\n\ndef test_it(emoji_api):\n"
    (tmp_path / "test_it.py").write_text(f"{source}    assert BaseApi.call(**{CALL!r}).status_code == 200\n")
    monkeypatch.delenv("DASHSCOPE_API_KEY", raising=False)
    run = run_pytest(tmp_path, **OURS_ALONE)
    assert run.returncode == 0, run.stdout


def _services():
    """Return calls of every service of the SDK, with a model of ours, by name."""
    from dashscope import (
        Generation,
        ImageSynthesis,
        MultiModalConversation,
        MultiModalEmbedding,
        TextEmbedding,
        TextReRank,
        Understanding,
        VideoSynthesis,
    )
    from dashscope.aigc.code_generation import CodeGeneration, UserRoleMessageParam
    from dashscope.aigc.image_generation import ImageGeneration
    from dashscope.audio.asr import Transcription

    model, picture = "emoji-v1", {"image_url": ME}
    messages = [{"role": "user", "content": [{"text": "hi"}]}]
    return {
        "CodeGeneration": lambda: CodeGeneration.call(model, "custom", message=[UserRoleMessageParam("hi")]),
        "Generation": lambda: Generation.call(model, "hi"),
        "ImageGeneration": lambda: ImageGeneration.call(
            model, messages=[{"role": "user", "content": [{"text": "hi"}]}]
        ),
        "ImageSynthesis": lambda: ImageSynthesis.async_call(model, "hi"),
        "MultiModalConversation": lambda: MultiModalConversation.call(model, messages),
        "MultiModalEmbedding": lambda: MultiModalEmbedding.call(model, [{"text": "hi"}]),
        "TextEmbedding": lambda: TextEmbedding.call(model, "hi"),
        "TextReRank": lambda: TextReRank.call(model, query="hi", documents=["hi"]),
        "Transcription": lambda: Transcription.async_call(model, [ME]),
        "Understanding": lambda: Understanding.call(model, "hi", "hi"),
        "VideoSynthesis": lambda: VideoSynthesis.async_call(model, extra_input=picture),
    }


def test_its_other_services(emoji_api):
    """A model of ours at another service's path, as where `task` is left out, gets the gateway's words, and no empty 404."""
    for name, ask_service in _services().items():
        got = ask_service()
        assert (name, got.status_code, got.code, got.message) == (
            name,
            400,
            "InvalidParameter",
            "url error, please check url！",
        )
    assert len({call.target for call in emoji_api.calls}) == 10  # two of them share one

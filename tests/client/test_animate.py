"""Tests of creating a task from a detection: what is sent, for which picture, and what is never sent twice."""

import json
import pickle

import pytest
from client_helpers import FAILED, ID, PASSED, URL, refused
from helpers import picture

from emoji_mock.client import (
    ApiKeyError,
    Box,
    DetectionFailedError,
    Passed,
    PictureError,
    RequestError,
    ServiceError,
    Status,
    ThrottledError,
    TimedOutError,
    UnreadableAnswerError,
)

PNG = picture()
TASK = "b271d7a3-2d7b-40a7-bf6d-5f851019529e"
CREATED = (200, f'{{"output":{{"task_status":"PENDING","task_id":"{TASK}"}},"request_id":"{ID}"}}'.encode())
GOOD = (200, PASSED)
STORED = (200, b"")


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


@pytest.fixture
def portrait(tmp_path):
    """A picture file."""
    path = tmp_path / "me.png"
    path.write_bytes(PNG)
    return path


def test_what_is_sent(way):
    """Boxes and picture of the detection are sent to emoji-v1 with the asynchronous header; a URL is not uploaded."""
    client = way(GOOD, CREATED)
    task = client.animate(client.detect(URL), "mengwa_kaixin")
    sent = client.requests[1]
    assert (sent.method, str(sent.url)) == (
        "POST",
        "https://dashscope.aliyuncs.com/api/v1/services/aigc/image2video/video-synthesis",
    )
    assert sent.content == (
        b'{"model":"emoji-v1","input":{"image_url":"https://example.com/me.png","driven_id":"mengwa_kaixin",'
        b'"face_bbox":[212,194,460,441],"ext_bbox":[63,30,609,575]}}'
    )
    assert sent.headers["x-dashscope-async"] == "enable"
    assert sent.headers["authorization"] == "Bearer sk-mock-test"
    assert "x-dashscope-ossresourceresolve" not in sent.headers
    assert (task.id, task.status, task.is_over, task.video) == (TASK, Status.PENDING, False, None)


@pytest.mark.parametrize("as_bytes", [False, True], ids=["path", "bytes"])
def test_a_local_picture_is_uploaded_for_each_model(way, portrait, as_bytes):
    """An upload is bound to one model, so the one of the detection cannot be used for the video."""
    client = way(granted(1), STORED, GOOD, granted(2), STORED, CREATED)
    client.animate(client.detect(PNG if as_bytes else portrait), "mengwa_kaixin")
    asked = [str(request.url.query, "ascii") for request in client.requests if request.url.path.endswith("/uploads")]
    assert asked == ["action=getPolicy&model=emoji-detect-v1", "action=getPolicy&model=emoji-v1"]
    created = client.requests[5]
    name = "picture.png" if as_bytes else "me.png"
    assert json.loads(created.content)["input"]["image_url"] == f"oss://dashscope-instant/2/{name}"
    assert created.headers["x-dashscope-ossresourceresolve"] == "enable"


def test_a_result_is_small(way, portrait):
    """It keeps the path and a digest of a file, not its bytes, and compares equal with and without them."""
    client = way(granted(1), STORED, GOOD)
    passed = client.detect(portrait)
    assert passed.picture.path == portrait
    assert len(pickle.dumps(passed)) < 1000
    assert passed == Passed(Box(212, 194, 460, 441), Box(63, 30, 609, 575), ID)
    assert "me.png" not in repr(passed)


def test_boxes_are_not_sent_with_another_picture(way, portrait):
    """A file that changed or disappeared, an upload for another model, and a result without a picture are refused before sending."""
    client = way(granted(1), STORED, GOOD)
    passed = client.detect(portrait)
    portrait.write_bytes(picture(size=(500, 600)))
    with pytest.raises(PictureError, match=r"me\.png' has changed since its face was detected"):
        client.animate(passed, "mengwa_kaixin")
    portrait.unlink()
    with pytest.raises(PictureError, match="does not exist"):
        client.animate(passed, "mengwa_kaixin")
    assert len(client.requests) == 3
    uploaded = client.detect("oss://dashscope-instant/1/me.png")
    with pytest.raises(RequestError, match=r"binds an upload to one model\. Pass the path or the bytes to `detect`"):
        client.animate(uploaded, "mengwa_kaixin")
    with pytest.raises(RequestError, match="refers to no picture; pass the one that `detect` returned"):
        client.animate(Passed(Box(212, 194, 460, 441), Box(63, 30, 609, 575)), "mengwa_kaixin")
    assert len(client.requests) == 4


def test_a_failed_picture_is_not_animated(way):
    """The exception has the vendor's code, and a hint."""
    client = way((200, FAILED))
    failed = client.detect(URL)
    with pytest.raises(DetectionFailedError, match="no boxes, so no video can be made") as caught:
        client.animate(failed, "mengwa_kaixin")
    assert (caught.value.code, caught.value.result) == ("InvalidFile.FacePose", failed)
    assert len(client.requests) == 1


@pytest.mark.parametrize("thing", [None, URL, ((212, 194, 460, 441), (63, 30, 609, 575))], ids=str)
def test_only_a_passed_is_animated(way, thing):
    """Boxes and URLs are refused."""
    with pytest.raises(RequestError, match="animate: must be given the Passed that `detect` returned, not"):
        way(CREATED).animate(thing, "mengwa_kaixin")


@pytest.mark.parametrize(
    ("motion", "expected"),
    [
        ("mengwa_kaixn", "driven_id: unknown motion 'mengwa_kaixn'; did you mean mengwa_kaixin?"),
        ("MENGWA_KAIXIN", "did you mean mengwa_kaixin?"),
        ("smile", "choose from mengwa_kaixin, mengwa_dengyan, mengwa_gandong, mengwa_renzhen_1, "),
        (None, "driven_id: unknown motion None"),
    ],
)
def test_an_unknown_motion_names_similar_ones(way, motion, expected):
    """It is refused before anything is sent."""
    client = way(GOOD)
    passed = client.detect(URL)
    with pytest.raises(RequestError) as caught:
        client.animate(passed, motion)
    assert expected in str(caught.value)
    assert len(client.requests) == 1


@pytest.mark.parametrize(
    "first", [(429, refused("Throttling.RateQuota")), (500, refused("InternalError")), "ConnectError"]
)
def test_free_failures_are_retried(way, first):
    """429, 5xx and refused connections are retried, as for a detection."""
    client = way(GOOD, first, CREATED)
    assert client.animate(client.detect(URL), "mengwa_kaixin").id == TASK
    assert len(client.requests) == 3


@pytest.mark.parametrize(
    ("answer", "error", "billed"),
    [
        ((200, b"{}"), UnreadableAnswerError, None),
        ((200, b'{"output":{"task_status":"PENDING","task_id":"../../x"}}'), UnreadableAnswerError, None),
        ((200, b'{"output":{"task_status":"STRANGE","task_id":"x"}}'), UnreadableAnswerError, None),
        ((200, refused("InternalError")), ServiceError, None),
        ("ReadTimeout", TimedOutError, None),
        ((400, refused("InvalidParameter", "Invalid ext_bbox")), RequestError, False),
        ((400, refused("InvalidURL")), PictureError, False),
        ((403, refused("AccessDenied", "Access denied.")), ApiKeyError, False),
    ],
    ids=str,
)
def test_no_retry_if_it_may_be_billed_or_cannot_help(way, answer, error, billed):
    """The task may exist already, and is not created twice."""
    client = way(GOOD, answer, CREATED)
    passed = client.detect(URL)
    with pytest.raises(error) as caught:
        client.animate(passed, "mengwa_kaixin")
    assert (len(client.requests), caught.value.billed, caught.value.retryable) == (2, billed, False)


def test_the_last_error_is_raised(way):
    """After four attempts the vendor's last error is raised."""
    client = way(GOOD, (429, refused("Throttling.RateQuota")))
    passed = client.detect(URL)
    with pytest.raises(ThrottledError):
        client.animate(passed, "mengwa_kaixin")
    assert len(client.requests) == 5

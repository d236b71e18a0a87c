"""video-synthesis: what a task needs, and which mistake is reported first."""

import json

import pytest
from helpers import picture, status_and_body, upload
from helpers import video as ask
from helpers import video_call as make

PATH = "/api/v1/services/aigc/image2video/video-synthesis"
FACE, EXT = [212, 194, 460, 441], [63, 30, 609, 575]


@pytest.mark.parametrize(
    "request_",
    [
        ask(),
        ask(target=f"{PATH}/"),
        ask(target=PATH.removeprefix("/api/v1")),
        ask({"driven_id": "jingdian_lei"}),
        ask({"face_bbox": EXT}),
        ask({"face_bbox": [0, 0, 1, 1], "ext_bbox": [0, 0, 7000, 7000]}),
        make({"parameters": {}, "task": None, "extra": 1}),
        ask({"image_url": "https://emoji-mock.test/passed/640x800.png"}),
    ],
)
def test_a_task_is_accepted_byte_for_byte(fake, request_):
    """PENDING first, then the task's id, a UUID of version 4; nothing is billed."""
    answer = fake.answer(request_)
    said = json.loads(answer.body)
    task = said["output"]["task_id"]
    assert answer.status == 200
    assert task[14] == "4"
    assert answer.body.decode() == (
        f'{{"output":{{"task_status":"PENDING","task_id":"{task}"}},"request_id":"{said["request_id"]}"}}'
    )
    assert dict(answer.headers)["content-type"] == "application/json"
    assert dict(answer.headers)["x-dashscope-call-gateway"] == "true"
    assert fake.store.ledgers()["test"].images == 0


def gateway(status, code, message):
    """An error in the gateway's key order."""
    said = {"code": code, "message": message, "request_id": "ID"}
    return status, json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def service(status, code, message):
    """An error in the service's key order."""
    said = {"request_id": "ID", "code": code, "message": message}
    return status, json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def required(field):
    """The error of a missing field."""
    return service(400, "InvalidParameter", f"Field required: {field}")


SYNCHRONOUS = gateway(403, "AccessDenied", "current user api does not support synchronous calls.")
NO_MODEL = gateway(400, "InvalidParameter", 'Required parameter "model" missing from request.')
NO_SUCH_MODEL = gateway(400, "InvalidParameter", "Model not exist.")
WRONG_PATH = gateway(400, "InvalidParameter", "url error, please check url！")
ARREARS = gateway(400, "Arrearage", "Access denied, please make sure your account is in good standing.")
THROTTLED = gateway(429, "Throttling.RateQuota", "Requests rate limit exceeded, please try again later.")
GET = gateway(400, "InvalidParameter", "Request method 'GET' is not supported.")
BODY = service(400, "InvalidParameter", "Required body invalid, please check the request body format.")
NO_INPUT = service(400, "BadRequest.EmptyInput", "Required input parameter missing from request.")
NO_OBJECT = service(400, "BadRequest.IllegalInput", "The input parameter requires json format.")
PARAMETER = service(400, "InvalidParameter", "The request parameter is invalid, please check the request parameter.")
EXT_BOX = service(400, "InvalidParameter", "Invalid ext_bbox")
DRIVEN = service(400, "InvalidParameter", "Driven not exist: mengwa")
BAD_MEDIA = service(
    400,
    "InvalidParameter.DataInspection",
    "The media format is not supported or incorrect for the data inspection.",
)
SMALL = {"image_url": "https://emoji-mock.test/passed/450x500.png"}

WRONG = [
    (ask(method="GET"), GET),
    (make({}, payload=b"{"), BODY),
    (make({}, payload=b"[]"), BODY),
    (make({}, payload=b'{"model":"\xff"}'), BODY),
    (make({}, content_type="text/plain"), BODY),
    (make({"model": None}), NO_MODEL),
    (make({"model": "nobody"}), NO_SUCH_MODEL),
    (make({"model": "emoji-detect-v1"}), WRONG_PATH),
    (make({"model": "emo-detect-v1"}), WRONG_PATH),
    (ask(key="sk-mock-arrears", asynchronous=None), ARREARS),
    (make({"input": None}, asynchronous=None), SYNCHRONOUS),
    (ask(asynchronous="disable"), SYNCHRONOUS),
    (ask(key="sk-mock-throttled"), THROTTLED),
    (make({"input": None}), NO_INPUT),
    (make({"input": "x"}), NO_OBJECT),
    (make({"input": {}}), required("image_url")),
    (ask({"driven_id": None}), required("driven_id")),
    (ask({"face_bbox": None}), required("face_bbox")),
    (ask({"ext_bbox": None}), required("ext_bbox")),
    (ask({"image_url": 5}), PARAMETER),
    (ask({"driven_id": 5}), PARAMETER),
    (ask({"driven_id": "mengwa"}), DRIVEN),
    (ask({"face_bbox": "212,194,460,441"}), PARAMETER),
    (ask({"face_bbox": [212, 194, 460]}), PARAMETER),
    (ask({"face_bbox": [212, 194, 460, 441.5]}), PARAMETER),
    (ask({"face_bbox": [True, 194, 460, 441]}), PARAMETER),
    (ask({"face_bbox": [460, 194, 212, 441]}), PARAMETER),
    (ask({"face_bbox": [212, 194, 460, 194]}), PARAMETER),
    (ask({"face_bbox": [-1, 194, 460, 441]}), PARAMETER),
    (ask({"face_bbox": [0, 0, 7001, 400], "ext_bbox": [0, 0, 7001, 400]}), PARAMETER),
    (ask({"face_bbox": [0, 0, 10**400, 400]}), PARAMETER),
    (ask({"ext_bbox": [0, 0, 700, 7001]}), EXT_BOX),
    (ask({"ext_bbox": []}), EXT_BOX),
    (ask({"ext_bbox": [63.0, 30, 609, 575]}), EXT_BOX),
    (ask({"ext_bbox": [609, 30, 63, 575]}), EXT_BOX),
    (ask({"ext_bbox": [213, 30, 609, 575]}), EXT_BOX),
    (ask({"face_bbox": EXT, "ext_bbox": FACE}), EXT_BOX),
    (ask({**SMALL, "face_bbox": [300, 194, 451, 300], "ext_bbox": [200, 30, 460, 400]}), PARAMETER),
    (ask({**SMALL, "face_bbox": [200, 194, 300, 300]}), EXT_BOX),
    (ask({"image_url": "oss://dashscope-instant/me.png"}), BAD_MEDIA),
    (ask({"image_url": "https://emoji-mock.test/error/RateQuota.png"}), THROTTLED),
]


@pytest.mark.parametrize(("request_", "expected"), WRONG)
def test_an_error_byte_for_byte(fake, request_, expected):
    """Each mistake gets the vendor's words, and no task."""
    assert status_and_body(fake.answer(request_)) == expected
    assert fake.store.tasks("test") == []


def test_an_uploaded_picture_holds_the_boxes(fake):
    """Uploaded for emoji-v1, a picture is known, and the boxes lie inside it."""
    given = {"image_url": upload(fake, picture(size=(600, 576)), model="emoji-v1")}
    resolved = {"x_dashscope_ossresourceresolve": "enable"}
    assert status_and_body(fake.answer(ask(given, **resolved))) == EXT_BOX
    assert fake.answer(ask({**given, "ext_bbox": [63, 30, 600, 575]}, **resolved)).status == 200

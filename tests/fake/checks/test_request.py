"""The checks in the vendor's order: what each request gets, byte for byte, and which mistake is reported first."""

import json
import sys

import pytest
from helpers import BODY, body, call, masked, picture, status_and_body

from emoji_mock import Fake, Options


def gateway(status, code, message):
    """An error in the gateway's key order."""
    return status, json.dumps(
        {"code": code, "message": message, "request_id": "ID"}, ensure_ascii=False, separators=(",", ":")
    )


def service(status, code, message):
    """An error in the service's key order."""
    return status, json.dumps({"request_id": "ID", "code": code, "message": message}, separators=(",", ":"))


# Since Python 3.14 the size of the C stack limits how deep JSON may be nested.
TOO_DEEP = 10_000 if sys.version_info < (3, 14) else 1_000_000

NO_KEY = gateway(401, "InvalidApiKey", "No API-key provided.")
BAD_KEY = gateway(401, "InvalidApiKey", "Invalid API-key provided.")
NOT_FOUND = 404, ""
BODY_INVALID = service(400, "InvalidParameter", "Required body invalid, please check the request body format.")
TOO_LARGE = gateway(400, "BadRequest.TooLarge", "Exceeded limit on max bytes to request body : 6291456")
NO_MODEL = gateway(400, "InvalidParameter", 'Required parameter "model" missing from request.')
UNKNOWN_MODEL = gateway(400, "InvalidParameter", "Model not exist.")
WRONG_PATH = gateway(400, "InvalidParameter", "url error, please check url！")
UNPURCHASED = gateway(
    403, "AccessDenied.Unpurchased", "Access to model denied. Please make sure you are eligible for using the model."
)
NO_INPUT = service(400, "BadRequest.EmptyInput", "Required input parameter missing from request.")
NO_PARAMETERS = service(400, "BadRequest.EmptyParameters", 'Required parameter "parameters" missing from request.')
ILLEGAL_INPUT = service(400, "BadRequest.IllegalInput", "The input parameter requires json format.")
FIELD_REQUIRED = service(400, "InvalidParameter", "Field required: image_url")
BAD_PARAMETER = service(
    400, "InvalidParameter", "The request parameter is invalid, please check the request parameter."
)
BAD_URL = service(
    400,
    "InvalidURL",
    "The request URL is invalid, please check the request URL is available and the request image format is one of the following types: JPEG, JPG, PNG, BMP, and WEBP.",
)
NO_DOWNLOAD = service(
    400, "InvalidParameter.DataInspection", "Unable to download the media resource during the data inspection process."
)
BAD_MEDIA = service(
    400, "InvalidParameter.DataInspection", "The media format is not supported or incorrect for the data inspection."
)
DENIED = gateway(403, "AccessDenied", "Access denied.")
ASYNC = gateway(403, "AccessDenied", "current user api does not support asynchronous calls.")
ARREARS = gateway(400, "Arrearage", "Access denied, please make sure your account is in good standing.")
EXHAUSTED = gateway(
    403,
    "AllocationQuota.FreeTierOnly",
    'The free tier of the model has been exhausted. If you wish to continue access the model on a paid basis, please disable the "use free tier only" mode in the management console.',
)
THROTTLED = gateway(429, "Throttling.RateQuota", "Requests rate limit exceeded, please try again later.")


def method(name):
    return gateway(400, "InvalidParameter", f"Request method '{name}' is not supported.")


def without(*names):
    return json.dumps({name: value for name, value in BODY.items() if name not in names}).encode()


TABLE = {
    "no Authorization": (call(authorization=None), NO_KEY),
    "empty Authorization": (call(authorization="  "), NO_KEY),
    "Bearer alone": (call(authorization="Bearer "), NO_KEY),
    "Basic": (call(authorization="Basic c2s6"), BAD_KEY),
    "a key without Bearer": (call(authorization="sk-mock-test"), BAD_KEY),
    "two words": (call(authorization="Bearer a b"), BAD_KEY),
    "two Authorization headers": (
        call()._replace(headers=(*call().headers, ("authorization", "Bearer sk-other"))),
        BAD_KEY,
    ),
    "a key that is not ASCII": (call(authorization="Bearer sk-é"), BAD_KEY),
    "sk-mock-invalid": (call(key="sk-mock-invalid"), BAD_KEY),
    "another region's host": (call(host="dashscope-intl.aliyuncs.com"), BAD_KEY),
    "another region's host, to the dot": (call(host="dashscope-us.aliyuncs.com.:443"), BAD_KEY),
    "another region's host with a port": (call(host="CN-HongKong.dashscope.aliyuncs.com:443"), BAD_KEY),
    "a host whose region is not known": (call(host="dashscope-new.aliyuncs.com"), BAD_KEY),
    "another region's workspace": (call(host="ws-1.eu-central-1.maas.aliyuncs.com"), BAD_KEY),
    "another region in absolute form": (
        call(target="https://dashscope-us.aliyuncs.com/api/v1/services/aigc/image2video/face-detect"),
        BAD_KEY,
    ),
    "unknown path": (call(target="/api/v1/nothing"), NOT_FOUND),
    "root": (call(target="/"), NOT_FOUND),
    "a path with NUL": (call(target="/api/v1/services/aigc/image2video/face-detect%00"), NOT_FOUND),
    "a doubled slash": (call(target="//services/aigc/image2video/face-detect"), NOT_FOUND),
    "GET": (call(method="GET"), method("GET")),
    "HEAD": (call(method="HEAD"), method("HEAD")),
    "OPTIONS": (call(method="OPTIONS"), method("OPTIONS")),
    "a byte over 6 MiB": (call(b" " * 6_291_457), TOO_LARGE),
    "6 MiB of nothing": (call(b" " * 6_291_456), BODY_INVALID),
    "no Content-Type": (call(content_type=None), BODY_INVALID),
    "a form": (call(content_type="application/x-www-form-urlencoded"), BODY_INVALID),
    "no body": (call(b""), BODY_INVALID),
    "not JSON": (call(b"{"), BODY_INVALID),
    "an array": (call(b"[]"), BODY_INVALID),
    "a string": (call(b'"emoji"'), BODY_INVALID),
    "null": (call(b"null"), BODY_INVALID),
    "NaN": (call(b'{"model":NaN}'), BODY_INVALID),
    "not UTF-8": (call(body().replace(b"me.png", b"\xff.png")), BODY_INVALID),
    "not UTF-8 in an extra key": (call(body(extra="?").replace(b'"?"', b'"\xff"')), BODY_INVALID),
    "a byte order mark": (call(b"\xef\xbb\xbf" + body()), BODY_INVALID),
    "UTF-16": (call(body().decode().encode("utf-16")), BODY_INVALID),
    "too deep": (call(b"[" * TOO_DEEP), BODY_INVALID),
    "too deep in an extra key": (call(body(extra=0).replace(b'"extra": 0', b'"extra": ' + b"[" * TOO_DEEP + b"]" * TOO_DEEP)), BODY_INVALID),
    "a lone surrogate": (call(body("https://example.com/\ud800.png")), BODY_INVALID),
    "no model": (call(without("model")), NO_MODEL),
    "model null": (call(body(model=None)), NO_MODEL),
    "model empty": (call(body(model="")), NO_MODEL),
    "no model, with a huge number in an extra key": (call(b'{"extra":' + b"9" * 5000 + b"}"), NO_MODEL),
    "model of another type": (call(body(model=5)), UNKNOWN_MODEL),
    "model an object": (call(body(model={})), BODY_INVALID),
    "unknown model": (call(body(model="qwen-emoji")), UNKNOWN_MODEL),
    "the video's model": (call(body(model="emoji-v1")), WRONG_PATH),
    "a model without access": (call(body(model="emo-detect")), DENIED),
    "a model without access, asynchronous": (call(body(model="emo-detect"), x_dashscope_async="enable"), ASYNC),
    "a model without access, and sk-mock-arrears": (call(body(model="emo-detect"), key="sk-mock-arrears"), ARREARS),
    "sk-mock-retired": (call(key="sk-mock-retired"), DENIED),
    "sk-mock-arrears": (call(key="sk-mock-arrears"), ARREARS),
    "sk-mock-unpurchased": (call(key="sk-mock-unpurchased"), UNPURCHASED),
    "sk-mock-exhausted": (call(key="sk-mock-exhausted"), EXHAUSTED),
    "asynchronous": (call(x_dashscope_async="enable"), ASYNC),
    "sk-mock-throttled": (call(key="sk-mock-throttled"), THROTTLED),
    "no input": (call(without("input")), NO_INPUT),
    "input null": (call(body(input=None)), NO_INPUT),
    "no parameters": (call(without("parameters")), NO_PARAMETERS),
    "input a string": (call(body(input="x")), ILLEGAL_INPUT),
    "input an array": (call(body(input=[])), ILLEGAL_INPUT),
    "no image_url": (call(body(input={})), FIELD_REQUIRED),
    "image_url null": (call(body(None)), FIELD_REQUIRED),
    "image_url a number": (call(body(5)), BAD_PARAMETER),
    "parameters an array": (call(body(parameters=[])), BAD_PARAMETER),
    "no ratio": (call(body(parameters={})), BAD_PARAMETER),
    "ratio 3:4": (call(body(parameters={"ratio": "3:4"})), BAD_PARAMETER),
    "ratio a number": (call(body(parameters={"ratio": 1})), BAD_PARAMETER),
    "image_url empty": (call(body("")), BAD_URL),
    "image_url no URL": (call(body("me.png")), BAD_URL),
    "image_url of a file": (call(body("file:///etc/passwd")), BAD_URL),
    "image_url without a host": (call(body("https://")), BAD_URL),
    "image_url with a blank at its end": (call(body("https://example.com/a.png ")), BAD_URL),
    "image_url with a line feed": (call(body("https://example.com/a.png\n")), BAD_URL),
    "image_url with a NUL": (call(body("https://example.com/a\0.png")), BAD_URL),
    "ratio 3:4, with a huge number in an extra key": (
        call(body({}, parameters={"ratio": "3:4"}).replace(b'"image_url": {}', b'"image_url": "https://x.io/", "x": 1e999')), BAD_PARAMETER
    ),
    "image_url ftp": (call(body("ftp://example.com/a.png")), BAD_URL),
    "oss:// without the header": (call(body("oss://dashscope-instant/a.png")), BAD_MEDIA),
    "oss:// never uploaded": (call(body("oss://dashscope-instant/a.png"), x_dashscope_ossresourceresolve="enable"), NO_DOWNLOAD),
}  # fmt: skip


@pytest.mark.parametrize(("request_", "expected"), TABLE.values(), ids=TABLE)
def test_a_bad_request_gets_the_vendors_answer(fake, request_, expected):
    """Each mistake gets its own status, code, message and key order."""
    assert status_and_body(fake.answer(request_)) == expected


PASSES = {
    "as documented": call(),
    "without the prefix": call(target="/services/aigc/image2video/face-detect"),
    "with a slash": call(target="/api/v1/services/aigc/image2video/face-detect/"),
    "without the prefix, with a slash": call(target="/services/aigc/image2video/face-detect/"),
    "in absolute form": call(target="https://dashscope.aliyuncs.com/api/v1/services/aigc/image2video/face-detect"),
    "with a query": call(target="/api/v1/services/aigc/image2video/face-detect?a=1"),
    "percent-encoded": call(target="/api/v1/services/aigc/image2video/face%2Ddetect"),
    "a charset": call(content_type="application/json; charset=utf-8"),
    "bearer in lower case": call(authorization="bearer sk-mock-test"),
    "X-DashScope-Async: disable": call(x_dashscope_async="disable"),
    "extra keys": call(body(extra={"a": [None]}, resources=None)),
    "duplicate keys": call(b'{"model":"x",' + body()[1:]),
    "an extra key of input that holds what is no number": call(
        body({}).replace(b"{}", b'"https://example.com/a.png", "x": 1e999', 1)
    ),
    "http": call(body("http://example.com/a.png")),
    "HTTPS": call(body("HTTPS://example.com/a.png")),
    "a picture inside": call(body("data:image/png;base64,$")),
}


@pytest.mark.parametrize("request_", PASSES.values(), ids=PASSES)
def test_a_good_request_passes(fake, request_):
    """Every form that callers use is understood."""
    from base64 import b64encode

    request_ = request_._replace(body=request_.body.replace(b"$", b64encode(picture())))
    status, text = status_and_body(fake.answer(request_))
    assert status == 200
    assert '"bbox_face":[' in text


ORDER = [
    ("auth", {"authorization": None}),
    ("route", {"target": "/nothing"}),
    ("size", {"payload": b" " * 6_291_457}),
    ("json", {"payload": b"[]"}),
    ("model", {"payload": body(model="nothing", input=None)}),
    ("account", {"key": "sk-mock-arrears"}),
    ("async", {"x_dashscope_async": "enable"}),
    ("rate", {"key": "sk-mock-throttled"}),
    ("parameters", {"payload": body(input=None)}),
]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (one, other)
        for place, one in enumerate(ORDER)
        for other in ORDER[place + 1 :]
        if not one[1].keys() & other[1].keys()
    ],
    ids=lambda pair: pair[0],
)
def test_of_two_mistakes_the_earlier_is_reported(first, second):
    """The order is auth, route, body size, JSON, model, account, async flag, rate, parameters."""
    alone = status_and_body(Fake().answer(call(**first[1])))
    assert status_and_body(Fake().answer(call(**(first[1] | second[1])))) == alone


@pytest.mark.parametrize("key", ["sk-anything-goes", "sk-mock-alice", "x", "sk-mock-"])
def test_every_other_key_is_good(fake, key):
    """Only the reserved keys are refused."""
    assert fake.answer(call(key=key)).status == 200


def test_a_retired_model_answers_as_an_offline_one_does():
    """The switch `retired` refuses every call for the model."""
    assert status_and_body(Fake(Options(retired=True)).answer(call())) == DENIED


@pytest.mark.parametrize(
    ("request_", "ending"),
    [
        (call(key="sk-mock-arrears"), "overdue-payment"),
        (call(key="sk-mock-throttled"), "rate-limit"),
        (call(body(model="emoji-v1")), "error-url"),
        (call(key="sk-mock-unpurchased"), "access-denied"),
        (call(body("https://emoji-mock.test/error/DataInspectionFailed.png")), "inappropriate-content"),
        (call(authorization=None), ""),
        (call(body(model="nothing")), ""),
    ],
)
def test_details_are_added_where_the_vendor_adds_them(request_, ending):
    """The switch `details` ends the messages whose anchor is known, and leaves InvalidApiKey alone."""
    suffix = f" For details, see: https://help.aliyun.com/zh/model-studio/error-code#{ending}" if ending else ""
    plain, detailed = (Fake(Options(details=on)).answer(request_) for on in (False, True))
    message = json.loads(plain.body)["message"]
    assert json.loads(detailed.body)["message"] == message + suffix


def test_failed_as_400_moves_the_code_to_the_top_and_bills_nothing():
    """The switch `failed_as` gives the other side of the vendor's contradiction."""
    fake = Fake(Options(failed_as=400))
    answer = fake.answer(call(body("https://emoji-mock.test/failed/FacePose.png")))
    assert (answer.status, masked(answer.body.decode())) == service(
        400,
        "InvalidFile.FacePose",
        "The pose of the detected face is invalid, please upload other image with the expected oriention.",
    )
    assert fake.store.ledgers()["test"].images == 0

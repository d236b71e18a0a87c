"""Every way in gives what the live server gives: the same status, bytes and headers."""

import json
import re
from urllib.parse import quote

import pytest
from helpers import VIDEO, fields_of, form, picture, policy_for, video
from task_calls import PATHS, task_call

from emoji_mock import Fake, Options, intercept
from emoji_mock.fake.endpoints.uploads.policy import sign

PATH = "/api/v1/services/aigc/image2video/face-detect"
HOME = "https://dashscope.aliyuncs.com"
KEY = "Bearer sk-mock-interceptors"
JSON = "application/json"


def sent(image_url="https://emoji-mock.test/passed/640x800.png", **changes):
    """Return a body; a field given as None is left out."""
    fields = {"model": "emoji-detect-v1", "input": {"image_url": image_url}, "parameters": {"ratio": "1:1"}, **changes}
    return json.dumps({name: value for name, value in fields.items() if value is not None}).encode()


def row(status, code, *, method="POST", url=HOME + PATH, key=KEY, kind=JSON, payload=None, **headers):
    """Return one exchange: the request, and the expected status and code."""
    given = {"authorization": key, "content-type": kind, **{n.replace("_", "-"): v for n, v in headers.items()}}
    given = {name: value for name, value in given.items() if value is not None}
    body = None if method in ("GET", "HEAD", "DELETE", "OPTIONS") else sent() if payload is None else payload
    return method, url, given, body, status, code


def steered(status, code, name, outcome="error"):
    """Return an exchange whose magic URL sets the answer."""
    return row(status, code, payload=sent(f"https://emoji-mock.test/{outcome}/{name}.png"))


POLICY = policy_for(Fake(clock=lambda: 32_503_680_000.0))  # until the year 3000, so that no clock matters
GOOD = form(fields_of(POLICY), picture())
STORAGE = "https://dashscope-file-mgr.oss-cn-beijing.aliyuncs.com"
FORM = "multipart/form-data; boundary=mark"


def uploaded(status, payload=GOOD, *, method="POST", url=f"{STORAGE}/", kind=FORM):
    """Return an exchange with the storage, which answers in XML."""
    return row(status, None, method=method, url=url, key=None, kind=kind, payload=payload)


EXCHANGES = {
    "passed": row(200, None),
    "passed, any picture": row(200, None, payload=sent("https://example.com/me.png")),
    "passed, 4000 by 3000": row(200, None, payload=sent("https://emoji-mock.test/passed/4000x3000.jpg")),
    "charset": row(200, None, kind="application/json; charset=utf-8"),
    "unicode": row(200, None, payload=sent("https://example.com/脸.png")),
    "extra keys": row(200, None, payload=sent(extra=1, input={"image_url": "https://example.com/a.png", "n": 1})),
    "trailing slash": row(200, None, url=f"{HOME}{PATH}/"),
    "no prefix": row(200, None, url=HOME + PATH.removeprefix("/api/v1")),
    "no prefix, trailing slash": row(200, None, url=HOME + PATH.removeprefix("/api/v1") + "/"),
    "workspace host": row(200, None, url=f"https://ws-1.cn-beijing.maas.aliyuncs.com{PATH}"),
    "large body": row(200, None, payload=sent(padding="x" * 300_000)),
    "FacePose": steered(200, "InvalidFile.FacePose", "FacePose", "failed"),
    "NoHuman": steered(200, "InvalidFile.NoHuman", "NoHuman", "failed"),
    "FullFace": steered(200, "InvalidFile.FullFace", "FullFace", "failed"),
    "MultiHuman": steered(200, "InvalidFile.MultiHuman", "MultiHuman", "failed"),
    "Value": steered(200, "InvalidFile.Value", "Value", "failed"),
    "too small": steered(200, "InvalidFile.Resolution", "399x400", "passed"),
    "RateQuota": steered(429, "Throttling.RateQuota", "Throttling.RateQuota"),
    "BurstRate": steered(429, "Throttling.BurstRate", "BurstRate"),
    "Throttling": steered(429, "Throttling", "Throttling"),
    "InternalError": steered(500, "InternalError", "InternalError"),
    "Algo": steered(500, "InternalError.Algo", "InternalError.Algo"),
    "SystemError": steered(500, "SystemError", "SystemError"),
    "RequestTimeOut": steered(500, "RequestTimeOut", "RequestTimeOut"),
    "ModelServingError": steered(503, "ModelServingError", "ModelServingError"),
    "ModelUnavailable": steered(503, "ModelUnavailable", "ModelUnavailable"),
    "DataInspectionFailed": steered(400, "DataInspectionFailed", "DataInspectionFailed"),
    "AccessDenied": steered(403, "AccessDenied.Unpurchased", "AccessDenied.Unpurchased"),
    "no such code": steered(400, "InvalidURL", "NoSuchCode"),
    "no key": row(401, "InvalidApiKey", key=None),
    "no bearer": row(401, "InvalidApiKey", key="Basic abc"),
    "key: invalid": row(401, "InvalidApiKey", key="Bearer sk-mock-invalid"),
    "key: arrears": row(400, "Arrearage", key="Bearer sk-mock-arrears"),
    "key: unpurchased": row(403, "AccessDenied.Unpurchased", key="Bearer sk-mock-unpurchased"),
    "key: exhausted": row(403, "AllocationQuota.FreeTierOnly", key="Bearer sk-mock-exhausted"),
    "key: throttled": row(429, "Throttling.RateQuota", key="Bearer sk-mock-throttled"),
    "key: retired": row(403, "AccessDenied", key="Bearer sk-mock-retired"),
    "other region": row(401, "InvalidApiKey", url=f"https://dashscope-intl.aliyuncs.com{PATH}"),
    "Hong Kong": row(401, "InvalidApiKey", url=f"https://cn-hongkong.dashscope.aliyuncs.com{PATH}"),
    "a region that is not known": row(401, "InvalidApiKey", url=f"https://dashscope-new.aliyuncs.com{PATH}"),
    "another region's workspace": row(401, "InvalidApiKey", url=f"https://ws-1.us-east-1.maas.aliyuncs.com{PATH}"),
    "private network": row(200, None, url=f"https://vpc-cn-beijing.dashscope.aliyuncs.com{PATH}"),
    "GET": row(400, "InvalidParameter", method="GET"),
    "PUT": row(400, "InvalidParameter", method="PUT"),
    "PATCH": row(400, "InvalidParameter", method="PATCH"),
    "DELETE": row(400, "InvalidParameter", method="DELETE"),
    "OPTIONS": row(400, "InvalidParameter", method="OPTIONS"),
    "HEAD": row(400, None, method="HEAD"),
    "unknown path": row(404, None, url=f"{HOME}/api/v1/nowhere"),
    "root": row(404, None, url=f"{HOME}/nowhere/"),
    "not JSON": row(400, "InvalidParameter", payload=b"{"),
    "no body": row(400, "InvalidParameter", payload=b""),
    "a list": row(400, "InvalidParameter", payload=b"[]"),
    "not UTF-8": row(400, "InvalidParameter", payload=b'{"model":"\xff"}'),
    "wrong type": row(400, "InvalidParameter", kind="text/plain"),
    "asynchronous": row(403, "AccessDenied", x_dashscope_async="enable"),
    "no model": row(400, "InvalidParameter", payload=sent(model=None)),
    "unknown model": row(400, "InvalidParameter", payload=sent(model="nobody")),
    "no input": row(400, "BadRequest.EmptyInput", payload=sent(input=None)),
    "no parameters": row(400, "BadRequest.EmptyParameters", payload=sent(parameters=None)),
    "wrong ratio": row(400, "InvalidParameter", payload=sent(parameters={"ratio": "3:4"})),
    "oss without header": row(400, "InvalidParameter.DataInspection", payload=sent("oss://a/b.png")),
    "oss, never uploaded": row(
        400, "InvalidParameter.DataInspection", payload=sent("oss://a/b.png"), x_dashscope_ossresourceresolve="enable"
    ),
}

EXCHANGES |= {
    "policy, posted": row(400, "InvalidParameter", url=f"{HOME}/api/v1/uploads?action=getPolicy&model=emoji-detect-v1"),
    "policy without a model": row(400, "InvalidParameter", method="GET", url=f"{HOME}/api/v1/uploads?action=getPolicy"),
    "policy without a key": row(401, "InvalidApiKey", method="GET", url=f"{HOME}/api/v1/uploads", key=None),
    "upload": uploaded(200),
    "upload, 201": uploaded(201, form(fields_of(POLICY, "201.png", success_action_status="201"), b"x")),
    "upload, large": uploaded(200, form(fields_of(POLICY, "large.png"), b"x" * 900_000)),
    "upload to a path": uploaded(200, form(fields_of(POLICY, "other.png"), picture()), url=f"{STORAGE}/anything"),
    "upload, wrong signature": uploaded(403, form(fields_of(POLICY, Signature="AAAA"), b"x")),
    "upload, no file": uploaded(400, form(fields_of(POLICY))),
    "upload, no form": uploaded(400, b"{}", kind=JSON),
    "task": row(200, None, url=f"{HOME}{VIDEO}", payload=video().body, x_dashscope_async="enable"),
    "task, synchronous": row(403, "AccessDenied", url=f"{HOME}{VIDEO}", payload=video().body),
    "task, no ext_bbox": row(
        400,
        "InvalidParameter",
        url=f"{HOME}{VIDEO}",
        payload=video({"ext_bbox": None}).body,
        x_dashscope_async="enable",
    ),
    **{
        f"task of {model}": row(
            200,
            None,
            url=f"{HOME}/api/v1/services/aigc/image2video/{PATHS[model]}",
            payload=task_call(model).body,
            x_dashscope_async="enable",
        )
        for model in ("wan2.2-s2v", "animate-anyone-template-gen2", "videoretalk")
    },
    "task of animate-anyone-gen2, no template": row(
        400,
        "InvalidFile.Template.Content",
        url=f"{HOME}{VIDEO}",
        payload=task_call("animate-anyone-gen2").body,
        x_dashscope_async="enable",
    ),
    "task that is not known": row(200, None, method="GET", url=f"{HOME}/api/v1/tasks/none"),
    "task without a key": row(401, "InvalidApiKey", method="GET", url=f"{HOME}/api/v1/tasks/none", key=None),
    "cancelling nothing": row(400, "UnsupportedOperation", url=f"{HOME}/api/v1/tasks/none/cancel", payload=b""),
    "an empty list of tasks": row(
        200, None, method="GET", url=f"{HOME}/api/v1/tasks?page_size=5", key="Bearer sk-mock-nobody"
    ),
    "preflight": uploaded(200, method="OPTIONS"),
    "upload, PUT": uploaded(403, method="PUT"),
}


def shown(status, query=""):
    """Return an exchange with the storage of videos."""
    url = f"https://dashscope-result-bj.oss-cn-beijing.aliyuncs.com/1d/20261123/none.mp4{query}"
    return row(status, None, method="GET", url=url, key=None, kind=None)


def signed(expires):
    """Return the query of a link to that video, signed as the fakes of this process sign."""
    text = f"GET\n\n\n{expires}\n/dashscope-result-bj/1d/20261123/none.mp4"
    return f"?Expires={expires}&{SIGNED}={quote(sign(text, Options()), safe='')}"


SIGNED = "OSSAccessKeyId=emoji-mock&Signature"
EXCHANGES |= {
    "video, not signed": shown(403),
    "video, wrong signature": shown(403, f"?Expires=1&{SIGNED}=AAAA"),
    "video, expired": shown(403, signed(946_684_800)),
    "video, no such": shown(404, signed(32_503_680_000)),
}

_ID = re.compile(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_VARYING = {
    "x-request-id",
    "req-cost-time",
    "req-arrive-time",
    "resp-start-time",
    "x-envoy-upstream-service-time",
    "date",
    "x-oss-request-id",
}
_STORAGE_ID = re.compile(rb"(?<=<RequestId>)[0-9A-F]{24}")


def comparable(answer):
    """Return an answer without what differs between calls: ids, times, the case of header names."""
    headers = sorted((name.lower(), "~" if name.lower() in _VARYING else value) for name, value in answer.headers)
    return answer.status, headers, _STORAGE_ID.sub(b"ID", _ID.sub(b"ID", answer.body))


@pytest.mark.parametrize("name", EXCHANGES)
def test_every_way_in_answers_as_the_live_server_does(name, fake, clients, over_a_socket):
    """An exchange has the same status, headers and bytes through every way in and over a real socket."""
    method, url, headers, payload, status, code = EXCHANGES[name]
    expected = comparable(over_a_socket(method, url, headers, payload))
    assert expected[0] == status
    found = json.loads(expected[2]) if expected[2].startswith(b"{") else {}
    assert found.get("output", found).get("code") == code
    got = {}
    with intercept(fake):
        for way, call in clients.items():
            fake.reset()  # or the key of an upload would be taken
            got[way] = comparable(call(method, url, headers, payload))
    assert got == dict.fromkeys(clients, expected)


def test_the_table_is_long_enough():
    """At least forty exchanges are compared."""
    assert len(EXCHANGES) >= 40

"""Equal requests have equal keys, however they are spelt; others differ, and a message says in what."""

import json
from base64 import b64encode

import pytest
from helpers import BODY, PATH, body, call, picture

from emoji_mock import Request
from emoji_mock.conformance.recordings.matching import differing_parts, nearest, request_key

HOST = "dashscope.aliyuncs.com"
PICTURE = picture("JPEG")
POLICY = "/api/v1/uploads?action=getPolicy&model=emoji-detect-v1"
DATA = f"data:image/jpeg;base64,{b64encode(PICTURE).decode()}"


def detect(**changes):
    """Return a detection with some parts changed."""
    return call(**changes)


def with_url(url):
    """Return a detection of the picture at `url`."""
    return call(body(url))


def raw(text):
    """Return a detection with a body of our own."""
    return call(text.encode())


def policy(target=POLICY, **changes):
    """Return a request for a policy."""
    return call(b"", method="GET", target=target, **changes)


VALUE = {"s": "a", "n": 1, "l": [1, {"t": True}], "z": None}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (detect(), detect(content_type="Application/JSON; charset=utf-8")),
        (detect(), detect(content_type=' application/json ;charset="UTF-8";x=y')),
        (detect(), detect(authorization="bearer  sk-mock-other ")),
        (detect(), detect(authorization="BEARER a-key-of-another-form")),
        (detect(), Request("POST", PATH, tuple((n.title(), v) for n, v in detect().headers), body())),
        (detect(), Request("POST", PATH, (*reversed(detect().headers), ("x-trace", "1")), body())),
        (detect(), detect(target=f"https://{HOST}{PATH}")),
        (detect(), detect(target=f"HTTP://{HOST.upper()}:80{PATH}", host=f"{HOST}:80")),
        (detect(), detect(target=f"{PATH}/")),
        (detect(), detect(target=f"{PATH}?")),
        (detect(), detect(target=f"{PATH}?&&")),
        (detect(), detect(target=PATH.replace("image2video", "%69mage2vide%6F"))),
        (detect(), detect(host="127.0.0.1:8000")),
        (detect(x_dashscope_async="enable"), detect(x_dashscope_async=" ENABLE ")),
        (detect(), detect(x_dashscope_async="disable")),
        (detect(), raw(json.dumps(dict(reversed(BODY.items())), indent=3) + "\r\n ")),
        (raw('{"a":"é😀/","b":[1.50,-0,1e2]}'), raw('{"b":[15e-1,0.0,100],"\\u0061":"\\u00e9\\ud83d\\ude00\\/"}')),
        (raw('{"a":1}'), raw('{"a":2,"a":1.0}')),
        (raw(f'{{"a":{"9" * 30}.0}}'), raw(f'{{"a":{"9" * 30}}}')),
        (with_url("https://Example.COM:443/%7Eme/a%2fb.png#top"), with_url("HTTPS://example.com/~me/a%2Fb.png")),
        (with_url("http://example.com"), with_url("http://example.com:80/")),
        (with_url(DATA), with_url(DATA.replace("data:image/jpeg", "DATA:image/JPEG;x=y"))),
        (with_url(DATA), with_url("data:," + "".join(f"%{byte:02x}" for byte in PICTURE))),
        (policy(), policy("/api/v1/uploads/?model=emoji-detect-v1&action=getPolicy&")),
        (policy(), policy("/api/v1/uploads?action=get%50olicy&&model=emoji%2Ddetect-v1")),
        (policy(), policy(content_type=None)),
    ],
)  # fmt: skip
def test_another_spelling_is_the_same_request(one, other):
    """Of the media type, headers, target, JSON, numbers, escapes, keys that are valid, and pictures."""
    assert differing_parts(request_key(one), request_key(other)) == []
    assert hash(request_key(one)) == hash(request_key(other))


@pytest.mark.parametrize(
    ("one", "other", "parts"),
    [
        (detect(), detect(method="PUT"), ["method"]),
        (detect(), detect(target=f"{PATH}ed"), ["path"]),
        (detect(), detect(target=f"{PATH}?a=1"), ["query"]),
        (policy(), policy(f"{POLICY}&model=emoji-v1"), ["query"]),
        (detect(), detect(host="dashscope-intl.aliyuncs.com"), ["host"]),
        (detect(), detect(authorization=None), ["key"]),
        (detect(), detect(key="sk-mock-arrears"), ["key"]),
        (detect(), detect(key="sk-mock-invalid"), ["key"]),
        (detect(), detect(authorization="Basic c2s6"), ["key"]),
        (detect(), detect(content_type="text/plain"), ["Content-Type"]),
        (detect(), detect(content_type=None), ["Content-Type"]),
        (detect(), detect(x_dashscope_async="enable"), ["X-DashScope-Async"]),
        (detect(), detect(x_dashscope_ossresourceresolve="enable"), ["X-DashScope-OssResourceResolve"]),
        (detect(), with_url("https://example.com/you.png"), ["input.image_url"]),
        (with_url("https://example.com/a%2Fb"), with_url("https://example.com/a/b"), ["input.image_url"]),
        (with_url("https://example.com/A"), with_url("https://example.com/a"), ["input.image_url"]),
        (detect(), call(body(parameters={"ratio": "3:4", "x": 1})), ["parameters.ratio", "parameters.x"]),
        (raw('{"a":1}'), raw('{"a":true}'), ["a"]),
        (raw('{"a":1}'), raw('{"a":"1"}'), ["a"]),
        (raw('{"a":null}'), raw("{}"), ["a"]),
        (raw('{"a":[]}'), raw('{"a":{}}'), ["a"]),
        (raw('{"a":[1,2]}'), raw('{"a":[2,1]}'), ["a"]),
        (raw('{"a":1e999999999999999999999}'), raw('{"a":1e999999999999999999998}'), ["a"]),
        (raw(f'{{"a":{"9" * 5000}}}'), raw(f'{{"a":{"9" * 5001}}}'), ["a"]),
        (raw('{"a":NaN}'), raw('{"a":0}'), ["the body"]),
        (raw("[" * 100_000), raw("{}"), ["the body"]),
        (call(b"\xff\xfe{\x00}\x00"), raw("{}"), ["the body"]),
        (call(b"\xef\xbb\xbf{}"), raw("{}"), ["the body"]),
    ],
)  # fmt: skip
def test_another_request_is_told_apart(one, other, parts):
    """The parts that differ are named; values, which may be secret, are not."""
    assert differing_parts(request_key(one), request_key(other)) == parts


def test_the_nearest_recording_has_the_same_method_and_path():
    """Of these it is the one of which the fewest parts differ."""
    recorded = [request_key(one) for one in (policy(), detect(key="sk-mock-arrears", content_type="a/b"), detect())]
    assert nearest(request_key(with_url("https://example.com/you.png")), recorded) == recorded[2]
    assert nearest(request_key(detect(method="GET")), recorded) is None

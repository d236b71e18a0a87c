"""The call that every benchmark makes, and the answer of those that the fake is compared with."""

import json

HOST = "dashscope.aliyuncs.com"
PATH = "/api/v1/services/aigc/image2video/face-detect"
URL = f"https://{HOST}{PATH}"
HEADERS = {"Authorization": "Bearer sk-mock-bench"}
ANSWER = {
    "output": {"bbox_face": [212, 194, 460, 441], "ext_bbox_face": [63, 30, 609, 575]},
    "usage": {"image_count": 1},
    "request_id": "33da8e6b-1309-9a44-be83-352165959608",
}


def body_for(picture="me"):
    """Return the document of a call."""
    return {
        "model": "emoji-detect-v1",
        "input": {"image_url": f"https://example.com/{picture}.png"},
        "parameters": {"ratio": "1:1"},
    }


BODY = body_for()


def vendor_request(picture="me"):
    """Return the call as the fake gets it."""
    from emoji_mock import Request

    headers = (("host", HOST), ("content-type", "application/json"), *HEADERS.items())
    return Request("POST", PATH, headers, json.dumps(body_for(picture)).encode())

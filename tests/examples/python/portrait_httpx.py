"""Print the first picture that has a suitable face, with httpx: `python portrait_httpx.py URL…`."""

import os
import random
import sys
import time

import httpx

VENDOR = "https://dashscope.aliyuncs.com/api/v1"
ATTEMPTS = 4


class ServiceError(Exception):
    """The service refused the request; nothing is billed."""


def open_client():
    """Return a client of the service, or of the server that DASHSCOPE_HTTP_BASE_URL names."""
    headers = {"Authorization": f"Bearer {os.environ['DASHSCOPE_API_KEY']}"}
    base_url = os.environ.get("DASHSCOPE_HTTP_BASE_URL", VENDOR)
    return httpx.Client(base_url=base_url, headers=headers, timeout=30)


def find_face(client, picture):
    """Return the face as (x1, y1, x2, y2), or None if the picture has no suitable face."""
    reply = detect(client, picture)
    if reply.is_error:
        is_json = reply.headers.get("content-type", "").startswith("application/json")
        raise ServiceError(reply.json()["code"] if is_json else f"HTTP {reply.status_code}")
    face = reply.json()["output"].get("bbox_face")  # a picture that failed has a code and a message instead
    return tuple(face) if face else None


def detect(client, picture):
    """Return the reply to a detection; repeat what is free and may succeed later."""
    body = {"model": "emoji-detect-v1", "input": {"image_url": picture}, "parameters": {"ratio": "1:1"}}
    for attempt in range(1, ATTEMPTS + 1):
        try:
            reply = client.post("/services/aigc/image2video/face-detect", json=body)
        except httpx.ConnectError:
            if attempt == ATTEMPTS:
                raise
        else:
            if attempt == ATTEMPTS or not (reply.status_code == httpx.codes.TOO_MANY_REQUESTS or reply.is_server_error):
                return reply
        time.sleep(random.uniform(0, 0.5 * 2**attempt))
    raise AssertionError("the last attempt returns or raises")


def pick_portrait(pictures):
    """Return the first picture with a suitable face, or None."""
    with open_client() as client:
        return next((picture for picture in pictures if find_face(client, picture)), None)


if __name__ == "__main__":
    portrait = pick_portrait(sys.argv[1:])
    print(portrait or "no suitable picture")
    sys.exit(portrait is None)

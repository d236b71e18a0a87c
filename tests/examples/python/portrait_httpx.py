"""Pick a portrait with httpx."""

import os
import time

import httpx

URL = "https://dashscope.aliyuncs.com/api/v1/services/aigc/image2video/face-detect"
PATIENCE = (0.01, 0.02)
"""How many seconds to wait before retrying while the service is busy."""


class ServiceError(Exception):
    """The service refused to look at the picture."""


def find_face(client, picture):
    """Return the face as (x1, y1, x2, y2), or None if the picture has no suitable face; retry while the service is busy."""
    question = {"model": "emoji-detect-v1", "input": {"image_url": picture}, "parameters": {"ratio": "1:1"}}
    headers = {"Authorization": f"Bearer {os.environ['DASHSCOPE_API_KEY']}"}
    for pause in (*PATIENCE, None):
        reply = client.post(URL, json=question, headers=headers)
        if reply.status_code != httpx.codes.TOO_MANY_REQUESTS or pause is None:
            break
        time.sleep(pause)
    answer = reply.json()
    if reply.is_error:
        raise ServiceError(answer["code"], answer["message"])
    face = answer["output"].get("bbox_face")  # a picture that failed has a code and a message instead
    return tuple(face) if face else None


def pick_portrait(pictures):
    """Return the first picture with a face, or None."""
    with httpx.Client() as client:
        return next((picture for picture in pictures if find_face(client, picture)), None)

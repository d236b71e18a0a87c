"""Pick a portrait with requests, whose urllib3 does the retries."""

import os

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

URL = "https://dashscope.aliyuncs.com/api/v1/services/aigc/image2video/face-detect"
BUSY = Retry(total=2, status_forcelist=[429], allowed_methods=["POST"], backoff_factor=0.01, raise_on_status=False)


def ask(session, picture):
    """Return `("passed", face)`, `("failed", code)` or `("error", code)`."""
    question = {"model": "emoji-detect-v1", "input": {"image_url": picture}, "parameters": {"ratio": "1:1"}}
    headers = {"Authorization": f"Bearer {os.environ['DASHSCOPE_API_KEY']}"}
    reply = session.post(URL, json=question, headers=headers, timeout=30)
    answer = reply.json()
    if not reply.ok:
        return "error", answer["code"]
    output = answer["output"]
    return ("failed", output["code"]) if "code" in output else ("passed", tuple(output["bbox_face"]))


def pick_portrait(pictures):
    """Return the picture with the largest face, or None."""
    sizes = {}
    with requests.Session() as session:
        session.mount("https://", HTTPAdapter(max_retries=BUSY))
        for picture in pictures:
            outcome, detail = ask(session, picture)
            if outcome == "error":
                raise RuntimeError(detail)
            if outcome == "passed":
                left, top, right, bottom = detail
                sizes[picture] = (right - left) * (bottom - top)
    return max(sizes, key=sizes.get, default=None)

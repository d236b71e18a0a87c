"""Print the picture with the largest face, with requests: `python portrait_requests.py URL…`."""

import os
import sys

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

VENDOR = "https://dashscope.aliyuncs.com/api/v1"
# Repeat what is free and may succeed later. A refused connection is repeated, too; a lost answer may have been billed.
RETRIES = Retry(
    total=3,
    read=0,
    other=0,
    status_forcelist=[429, 500, 502, 503, 504],
    allowed_methods=["POST"],
    backoff_factor=0.5,
    backoff_jitter=1,
    raise_on_status=False,
)


def open_session():
    """Return a session that repeats refusals for haste, and failures of the service."""
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {os.environ['DASHSCOPE_API_KEY']}"
    session.mount("https://", HTTPAdapter(max_retries=RETRIES))
    session.mount("http://", HTTPAdapter(max_retries=RETRIES))
    return session


def ask(session, picture):
    """Return `("passed", face)`, `("failed", code)` or `("error", code)`."""
    url = os.environ.get("DASHSCOPE_HTTP_BASE_URL", VENDOR) + "/services/aigc/image2video/face-detect"
    body = {"model": "emoji-detect-v1", "input": {"image_url": picture}, "parameters": {"ratio": "1:1"}}
    reply = session.post(url, json=body, timeout=30)
    if not reply.ok:
        is_json = reply.headers.get("content-type", "").startswith("application/json")
        return "error", reply.json()["code"] if is_json else f"HTTP {reply.status_code}"
    output = reply.json()["output"]
    return ("failed", output["code"]) if "code" in output else ("passed", tuple(output["bbox_face"]))


def pick_portrait(pictures):
    """Return the picture with the largest face, or None."""
    sizes = {}
    with open_session() as session:
        for picture in pictures:
            outcome, detail = ask(session, picture)
            if outcome == "error":
                raise RuntimeError(detail)
            if outcome == "passed":
                left, top, right, bottom = detail
                sizes[picture] = (right - left) * (bottom - top)
    return max(sizes, key=sizes.get, default=None)


if __name__ == "__main__":
    portrait = pick_portrait(sys.argv[1:])
    print(portrait or "no suitable picture")
    sys.exit(portrait is None)

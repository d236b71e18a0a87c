"""Say on the command line whether a picture is a portrait: `python portrait_tool.py URL`."""

import json
import os
import sys
import time
import urllib.error
import urllib.request

BASE = os.environ.get("DASHSCOPE_HTTP_BASE_URL", "https://dashscope.aliyuncs.com/api/v1")
BUSY = 429


def ask(picture, tries=3):
    """Return the vendor's answer, whether good or bad; retry while the service is busy."""
    question = {"model": "emoji-detect-v1", "input": {"image_url": picture}, "parameters": {"ratio": "1:1"}}
    headers = {"Authorization": f"Bearer {os.environ['DASHSCOPE_API_KEY']}", "Content-Type": "application/json"}
    url = f"{BASE}/services/aigc/image2video/face-detect"
    request = urllib.request.Request(url, json.dumps(question).encode(), headers)  # noqa: S310 - BASE is the owner's word
    try:
        with urllib.request.urlopen(request) as reply:  # noqa: S310 - as above
            return json.load(reply)
    except urllib.error.HTTPError as error:
        if error.code != BUSY or tries == 1:
            return json.load(error)
        time.sleep(0.01)
        return ask(picture, tries - 1)


if __name__ == "__main__":
    answer = ask(sys.argv[1])
    if "output" not in answer:
        sys.exit(f"error: {answer['code']}")
    output = answer["output"]
    print(f"failed: {output['code']}" if "code" in output else f"passed: {output['bbox_face']}")

"""What each program in Python does, whatever its HTTP library: detections, an upload, a video. Each ends in a line."""

import os
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

HOME = "https://dashscope.aliyuncs.com/api/v1"
KEY = {"Authorization": f"Bearer {os.environ['DASHSCOPE_API_KEY']}"}
TIMEOUT = 30


@dataclass
class Call:
    """A request: with JSON, with a form and its file, or with neither."""

    method: str
    url: str
    headers: dict = field(default_factory=lambda: dict(KEY))
    json: object = None
    form: dict | None = None
    file: Path | None = None


def detect(picture, **headers):
    """Yield the call that detects a face; return its line and output."""
    sent = {"model": "emoji-detect-v1", "input": {"image_url": picture}, "parameters": {"ratio": "1:1"}}
    url = f"{HOME}/services/aigc/image2video/face-detect"
    status, answer = yield Call("POST", url, KEY | headers, json=sent)
    if status != 200:
        return f"error {status} {answer['code']}", None
    found = answer["output"]
    if "code" in found:
        return f"failed {found['code']}", None
    return "passed {} {}".format(*(",".join(map(str, found[box])) for box in ("bbox_face", "ext_bbox_face"))), found


def upload(path):
    """Yield the calls that upload a picture and detect its face."""
    _, granted = yield Call("GET", f"{HOME}/uploads?action=getPolicy&model=emoji-detect-v1")
    granted = granted["data"]
    form = {
        "OSSAccessKeyId": granted["oss_access_key_id"],
        "Signature": granted["signature"],
        "policy": granted["policy"],
        "key": f"{granted['upload_dir']}/{Path(path).name}",
        "x-oss-object-acl": granted["x_oss_object_acl"],
        "x-oss-forbid-overwrite": granted["x_oss_forbid_overwrite"],
        "success_action_status": "200",
    }
    status, _ = yield Call("POST", granted["upload_host"], {}, form=form, file=Path(path))
    if status != 200:
        return f"error {status} of the upload", None
    return (yield from detect(f"oss://{form['key']}", **{"X-DashScope-OssResourceResolve": "enable"}))


def video(picture):
    """Yield the calls that make a video and get it."""
    _, found = yield from detect(picture)
    boxes = {"face_bbox": found["bbox_face"], "ext_bbox": found["ext_bbox_face"]}
    sent = {"model": "emoji-v1", "input": {"image_url": picture, "driven_id": "mengwa_kaixin", **boxes}}
    url = f"{HOME}/services/aigc/image2video/video-synthesis"
    _, answer = yield Call("POST", url, KEY | {"X-DashScope-Async": "enable"}, json=sent)
    task = answer["output"]
    while task["task_status"] in {"PENDING", "RUNNING"}:
        time.sleep(0.01)
        _, answer = yield Call("GET", f"{HOME}/tasks/{task['task_id']}")
        task = answer["output"]
    _, film = yield Call("GET", task["video_url"], {})
    return line_of(film), None


def line_of(film):
    """Return the line of a video: its size, and how its file begins."""
    return f"video {len(film)} {film[4:8].decode()}"


STEPS = {"detect": detect, "upload": upload, "video": video}


def asked_for():
    """Yield the steps that the command names: `detect URL`, `upload PATH`, `video URL`, in any number."""
    for step, argument in zip(sys.argv[1::2], sys.argv[2::2], strict=True):
        yield STEPS[step](argument)


def run(send):
    """Do the steps of the command with `send`, which returns status and body, the latter parsed if it is JSON."""
    for steps in asked_for():
        answer = None
        try:
            while True:
                answer = send(steps.send(answer))
        except StopIteration as done:
            print(done.value[0], flush=True)


async def run_async(send):
    """Do the steps of the command with a coroutine function `send`."""
    for steps in asked_for():
        answer = None
        try:
            while True:
                answer = await send(steps.send(answer))
        except StopIteration as done:
            print(done.value[0], flush=True)

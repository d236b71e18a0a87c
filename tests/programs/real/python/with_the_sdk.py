"""A program with the official SDK."""

import sys
from urllib.request import urlopen

from calls import line_of
from dashscope import VideoSynthesis
from dashscope.client.base_api import BaseApi
from dashscope.utils.oss_utils import OssUtils

RESOLVE = {"X-DashScope-OssResourceResolve": "enable"}
DETECTION = {"model": "emoji-detect-v1", "task_group": "aigc", "task": "image2video", "function": "face-detect"}


def line_of_detection(got):
    """Return the line of a detection."""
    if got.status_code != 200:
        return f"error {got.status_code} {got.code}"
    if "code" in got.output:
        return f"failed {got.output['code']}"
    return "passed {} {}".format(*(",".join(map(str, got.output[box])) for box in ("bbox_face", "ext_bbox_face")))


def detect(picture):
    """Detect a face."""
    return BaseApi.call(**DETECTION, input={"image_url": picture}, ratio="1:1", headers=RESOLVE)


def upload(path):
    """Upload a picture; return its URL."""
    return OssUtils.upload(model="emoji-detect-v1", file_path=path)[0]


def video_input(picture, found):
    """Return what a video is made of."""
    boxes = {"face_bbox": found.output["bbox_face"], "ext_bbox": found.output["ext_bbox_face"]}
    video = {"image_url": picture, "driven_id": "mengwa_kaixin", **boxes}
    return {"model": "emoji-v1", "task": "image2video", "extra_input": video}


def do(step, argument):
    """Return the line of a step."""
    if step == "video":
        made = VideoSynthesis.call(**video_input(argument, detect(argument)))
        with urlopen(made.output.video_url) as film:  # noqa: S310 - an https URL
            return line_of(film.read())
    return line_of_detection(detect(upload(argument) if step == "upload" else argument))


if __name__ == "__main__":
    for pair in zip(sys.argv[1::2], sys.argv[2::2], strict=True):
        print(do(*pair), flush=True)

"""Where the vendor listens, what it takes, and what it charges."""

from decimal import Decimal
from typing import Literal

MODEL = "emoji-detect-v1"
RATIO: Literal["1:1"] = "1:1"

# https://help.aliyun.com/zh/model-studio/emoji-detect-api
API_PREFIX = "/api/v1"
FACE_DETECT = "/services/aigc/image2video/face-detect"
MEDIA_TYPE = "application/json"
ASYNC_HEADER = "x-dashscope-async"
RESOLVE_HEADER = "x-dashscope-ossresourceresolve"

HOME = "https://dashscope.aliyuncs.com"
"""The one region that serves the model (Beijing)."""

OTHER_REGIONS = frozenset(
    {"dashscope-intl.aliyuncs.com", "dashscope-us.aliyuncs.com", "cn-hongkong.dashscope.aliyuncs.com"}
)
"""Hosts of other regions, where a key of this one answers like a bad key."""

SIBLINGS = frozenset({"emo-detect-v1", "wan2.2-s2v-detect", "liveportrait-detect"})
"""Models that the vendor serves on the same path, told apart by the `model` field; the fake does not play them yet."""

ELSEWHERE = frozenset({"emoji-v1", "animate-anyone-detect-gen2"})
"""Real models whose own path is another one."""

# Observed in the vendor's own message: "Exceeded limit on max bytes to request body : 6291456".
BODY_LIMIT = 6 * 1024 * 1024

# https://help.aliyun.com/zh/model-studio/emoji-detect-api
IMAGE_BYTES = 10 * 1024 * 1024
IMAGE_SIDES = (400, 7000)
"""The shortest and the longest side that a picture may have, in pixels, both included."""
IMAGE_FORMATS = ("JPEG", "PNG", "BMP", "WEBP")

# Documented for the sibling models, inferred for this one (https://help.aliyun.com/zh/model-studio/rate-limit).
PRICE = Decimal("0.004")
"""What one image costs, in CNY; a failed detection costs as much as a passed one."""

"""The vendor's paths and hosts, limits and prices."""

from enum import StrEnum
from typing import Final, Literal

MODEL: Final = "emoji-detect-v1"
VIDEO_MODEL: Final = "emoji-v1"
EMO_DETECT: Final = "emo-detect-v1"
EMO_WITHOUT_VERSION: Final = "emo-detect"
"""A name that the vendor knows, and denies access to."""
EMO: Final = "emo-v1"
S2V_DETECT: Final = "wan2.2-s2v-detect"
S2V: Final = "wan2.2-s2v"
LIVEPORTRAIT_DETECT: Final = "liveportrait-detect"
LIVEPORTRAIT: Final = "liveportrait"
ANIMATE_DETECT: Final = "animate-anyone-detect-gen2"
ANIMATE_TEMPLATE: Final = "animate-anyone-template-gen2"
ANIMATE: Final = "animate-anyone-gen2"
VIDEORETALK: Final = "videoretalk"
RATIO: Literal["1:1"] = "1:1"

# https://help.aliyun.com/zh/model-studio/emoji-detect-api
API_PREFIX = "/api/v1"
FACE_DETECT = "/services/aigc/image2video/face-detect"
UPLOADS = "/uploads"
VIDEO_SYNTHESIS = "/services/aigc/image2video/video-synthesis"
AA_DETECT = "/services/aigc/image2video/aa-detect"
AA_TEMPLATE = "/services/aigc/image2video/aa-template-generation"
TASKS = "/tasks"
# The task groups, tasks and functions that the official SDK calls by HTTP (dashscope 2.0.2).
OTHER_SERVICES = (
    "/aigc/code-generation/generation",
    "/nlp/nlu/understanding",
    "/services/aigc/image-generation/generation",
    "/services/aigc/image2image/image-synthesis",
    "/services/aigc/multimodal-generation/generation",
    "/services/aigc/text-generation/generation",
    "/services/aigc/text2image/image-synthesis",
    "/services/aigc/video-generation/video-synthesis",
    "/services/audio/asr/customization",
    "/services/audio/asr/transcription",
    "/services/audio/tts/SpeechSynthesizer",
    "/services/audio/tts/customization",
    "/services/embeddings/multimodal-embedding/multimodal-embedding",
    "/services/embeddings/text-embedding/text-embedding",
    "/services/rerank/text-rerank/text-rerank",
)
"""The paths of the vendor's other services, which serve none of the models here."""
MEDIA_TYPE = "application/json"
ASYNC_HEADER = "x-dashscope-async"
RESOLVE_HEADER = "x-dashscope-ossresourceresolve"


class EndpointName(StrEnum):
    """The name of an endpoint in rules, in the journal, and among the routes of the respx router."""

    FACE_DETECT = "face_detect"
    UPLOADS = "uploads"
    """getPolicy."""
    STORAGE = "storage"
    """The upload of a picture."""
    AA_DETECT = "aa_detect"
    """The detection of animate-anyone."""
    VIDEO_SYNTHESIS = "video_synthesis"
    AA_TEMPLATE = "aa_template"
    """The motion template of animate-anyone, made from a video."""
    TASK = "task"
    """The state of one task."""
    TASKS = "tasks"
    """The list of tasks."""
    CANCEL_TASK = "cancel_task"
    VIDEO = "video"
    """The file that `video_url` leads to."""


HOME = "https://dashscope.aliyuncs.com"
BASE_URL_VARIABLES = ("DASHSCOPE_HTTP_BASE_URL", "DASHSCOPE_BASE_URL")
"""The environment variables that hold another address of the service: the official SDK's, and other programs'."""
"""The one region that serves the model (Beijing)."""

DETECTORS = frozenset({MODEL, EMO_DETECT, S2V_DETECT, LIVEPORTRAIT_DETECT, ANIMATE_DETECT})
"""The models that inspect a portrait."""
TASK_MODELS = frozenset({VIDEO_MODEL, EMO, S2V, LIVEPORTRAIT, ANIMATE, ANIMATE_TEMPLATE, VIDEORETALK})
"""The models whose calls create tasks."""
MODELS = DETECTORS | TASK_MODELS
"""Every model that is known here; the vendor has many more."""

# https://help.aliyun.com/zh/model-studio/get-temporary-file-url
STORAGE_HOST = "dashscope-file-mgr.oss-cn-beijing.aliyuncs.com"
STORAGE_BUCKET = STORAGE_HOST.partition(".")[0]
UPLOAD_ACL = "private"
UPLOAD_FORBIDS_OVERWRITE = "true"
# Observed in published answers of other models; inferred for emoji-v1.
RESULT_HOST = "dashscope-result-bj.oss-cn-beijing.aliyuncs.com"
RESULT_BUCKET = RESULT_HOST.partition(".")[0]
POLICY_SECONDS = 300
UPLOAD_SECONDS = 48 * 3600
"""How long an uploaded picture can be used."""

# Observed in the vendor's own message: "Exceeded limit on max bytes to request body : 6291456".
BODY_LIMIT = 6 * 1024 * 1024

# https://help.aliyun.com/zh/model-studio/emoji-detect-api
IMAGE_BYTES = 10 * 1024 * 1024
IMAGE_SIDES = (400, 7000)
"""The shortest and the longest side that a picture may have, in pixels, both included."""
IMAGE_FORMATS = ("JPEG", "PNG", "BMP", "WEBP")

# https://help.aliyun.com/zh/model-studio/emoji-api
VIDEO_SECONDS = (60, 300)
"""The shortest and the longest time that a video takes to make, in seconds."""
VIDEO_SUFFIX = ".mp4"
VIDEO_SIDE = 512
VIDEO_FPS = 15
VIDEO_LONGEST = 5
"""The longest video, in seconds."""
# https://help.aliyun.com/zh/model-studio/manage-asynchronous-tasks
TASK_SECONDS = 24 * 3600
"""How long a task, and the link to its video, can be used."""
TASK_QPS = 20
"""How many queries, lists and cancellations of tasks, each, an account may send in a second."""

"""The JSON documents of emoji-v1, and of the tasks of all models; fields are in the vendor's key order."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from emoji_mock.contract.documents.detection import ImageURL
from emoji_mock.contract.documents.motions import DRIVEN_IDS
from emoji_mock.contract.endpoint import VIDEO_MODEL

Corners = Annotated[
    tuple[int, int, int, int], Meta(description="x1, y1, x2, y2 in pixels.", examples=[[212, 194, 460, 441]])
]


class VideoInput(Struct, frozen=True):
    """The picture, the motion, and the boxes that face-detect found in the picture."""

    image_url: ImageURL
    driven_id: Annotated[str, Meta(extra_json_schema={"enum": list(DRIVEN_IDS)}, examples=["mengwa_kaixin"])]
    face_bbox: Corners
    ext_bbox: Corners


class VideoRequest(Struct, frozen=True):
    """The body of a request for a video."""

    model: Annotated[str, Meta(examples=[VIDEO_MODEL], extra_json_schema={"enum": [VIDEO_MODEL]})]
    input: VideoInput


class Accepted(Struct, frozen=True):
    """The accepted task."""

    task_status: Literal["PENDING"]
    task_id: str


class TaskCreated(Struct, frozen=True):
    """HTTP 200, not billed yet: a task was accepted."""

    output: Accepted
    request_id: str


class SiblingAccepted(Struct, frozen=True):
    """The accepted task of another model than emoji-v1, whose pages put the id first."""

    task_id: str
    task_status: Literal["PENDING"]


class SiblingTaskCreated(Struct, frozen=True):
    """HTTP 200, not billed yet: a task of another model than emoji-v1 was accepted."""

    output: SiblingAccepted
    request_id: str


class TaskResults(Struct, frozen=True):
    """Where emo-v1, wan2.2-s2v and liveportrait put the link to the video."""

    video_url: str


class TaskOutput(Struct, frozen=True, omit_defaults=True):
    """The state of a task; times are in China."""

    task_id: str
    task_status: str
    submit_time: str | UnsetType = UNSET
    scheduled_time: str | UnsetType = UNSET
    end_time: str | UnsetType = UNSET
    video_url: str | UnsetType = UNSET
    results: TaskResults | UnsetType = UNSET
    template_id: str | UnsetType = UNSET
    code: str | UnsetType = UNSET
    message: str | UnsetType = UNSET


class VideoUsage(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The seconds of video billed, and what the price depends on: each model has some of these, in this order."""

    duration: int | float | UnsetType = UNSET
    video_count: int | UnsetType = UNSET
    resolution: int | UnsetType = field(default=UNSET, name="SR")
    video_duration: int | float | UnsetType = UNSET
    size: str | UnsetType = UNSET
    video_ratio: str | UnsetType = UNSET
    fps: int | UnsetType = UNSET


class TaskState(Struct, frozen=True, omit_defaults=True):
    """HTTP 200, whatever the state of the task."""

    request_id: str
    output: TaskOutput
    usage: VideoUsage | UnsetType = UNSET


class FinishedTask(Struct, frozen=True):
    """HTTP 200: a task of wan2.2-s2v that succeeded, with its request id last."""

    output: TaskOutput
    usage: VideoUsage
    request_id: str


class TaskCancelled(Struct, frozen=True):
    """HTTP 200: a task that was waiting will not run."""

    request_id: str


class TaskListed(Struct, frozen=True):
    """A task in the list; times are milliseconds since the epoch."""

    api_key_id: str
    caller_parent_id: str
    caller_uid: str
    end_time: int | UnsetType
    gmt_create: int
    model_name: str
    region: str
    request_id: str
    start_time: int | UnsetType
    status: str
    task_id: str
    user_api_unique_key: str


class TaskList(Struct, frozen=True):
    """HTTP 200: a page of the account's tasks."""

    total: int
    data: list[TaskListed]
    total_page: int
    page_no: int
    request_id: str
    page_size: int

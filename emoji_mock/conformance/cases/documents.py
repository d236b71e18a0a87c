"""The documents of uploads and tasks, written out from the vendor's pages and from recordings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from emoji_mock.conformance.judge.shape import Shape, Want
from emoji_mock.contract.motions import Status

if TYPE_CHECKING:
    from emoji_mock.contract.row import Row

_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-%s[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"
_REQUEST_ID = re.compile(_UUID % "[49]")
_TASK_ID = re.compile(_UUID % "4")
# UTC+8, as the vendor documents it.
_TIME = re.compile(r"\d{4}-[01]\d-[0-3]\d [0-2]\d:[0-5]\d:[0-5]\d\.\d{3}")
_URL = re.compile(r"https?://[^\s/]+/\S+")
_TEXT = re.compile(r"(?s).+")

# https://help.aliyun.com/zh/model-studio/get-temporary-file-url
POLICY = Shape(
    name="a policy",
    keys={
        "data": {
            "policy": _TEXT,
            "signature": _TEXT,
            "upload_dir": re.compile(rf"dashscope-instant/[0-9a-f]{{32}}/\d{{4}}-\d\d-\d\d/{_UUID % '[49]'}"),
            "upload_host": re.compile(r"https?://[^\s/]+(/\S*)?"),
            "expire_in_seconds": 300,
            "max_file_size_mb": 1024,
            "capacity_limit_mb": 999999999,
            "oss_access_key_id": _TEXT,
            "x_oss_object_acl": "private",
            "x_oss_forbid_overwrite": "true",
        },
        "request_id": _REQUEST_ID,
    },
)
EMPTY = Shape(name="done, without a word", keys={})

ACCEPTED = Shape(
    name="accepted", keys={"output": {"task_status": "PENDING", "task_id": _TASK_ID}, "request_id": _REQUEST_ID}
)
_SUBMITTED: dict[str, Want] = {"submit_time": _TIME}
_BEGUN: dict[str, Want] = {**_SUBMITTED, "scheduled_time": _TIME}
_OVER: dict[str, Want] = {**_BEGUN, "end_time": _TIME}
_USAGE: dict[str, Want] = {"video_duration": int, "video_ratio": "standard"}


def _told(status: Status, output: dict[str, Want], *guesses: str, **more: Want) -> Shape:
    told: dict[str, Want] = {"task_id": "<task id>", "task_status": str(status), **output}
    return Shape(name=str(status), keys={"request_id": _REQUEST_ID, "output": told, **more}, guesses=frozenset(guesses))


_OUTPUT_TIMES = ("output.submit_time", "output.scheduled_time", "output.end_time")

# https://help.aliyun.com/zh/model-studio/emoji-api, and recordings (cnblogs)
PENDING = _told(Status.PENDING, _SUBMITTED, "output.submit_time")
RUNNING = _told(Status.RUNNING, _BEGUN)
SUCCEEDED = _told(Status.SUCCEEDED, {**_OVER, "video_url": _URL}, usage=_USAGE)
CANCELED = _told(Status.CANCELED, {**_SUBMITTED, "end_time": _TIME}, *_OUTPUT_TIMES)
UNKNOWN = _told(Status.UNKNOWN, {})


def failed_with(row: Row) -> Shape:
    """Return what is told of a task that has failed as `row` says."""
    said: dict[str, Want] = {"code": str(row.code), "message": row.text()}
    return _told(Status.FAILED, {**_OVER, **said}, "output", *_OUTPUT_TIMES)


CANCELLED = Shape(name="cancelled", keys={"request_id": _REQUEST_ID})

LIST_ROW: dict[str, Want] = {
    "api_key_id": str,
    "caller_parent_id": str,
    "caller_uid": str,
    "end_time": int,
    "gmt_create": int,
    "model_name": str,
    "region": "cn-beijing",
    "request_id": _REQUEST_ID,
    "start_time": int,
    "status": re.compile("|".join(Status)),
    "task_id": _TASK_ID,
    "user_api_unique_key": str,
}
# https://help.aliyun.com/zh/model-studio/manage-asynchronous-tasks
LIST = Shape(
    name="a list",
    keys={
        "total": int,
        "data": [LIST_ROW],
        "total_page": int,
        "page_no": 1,
        "request_id": _REQUEST_ID,
        "page_size": 10,
    },
    optional=frozenset({"data.end_time", "data.start_time"}),
)

# https://help.aliyun.com/zh/model-studio/emoji-api: MP4. Its first box is `ftyp` (ISO/IEC 14496-12).
WHOLE_FILM = Shape(name="a video", keys={}, holds=re.compile(rb"....ftyp.{1024,}", re.DOTALL))
PART_OF_FILM = Shape(name="a part of a video", keys={}, holds=re.compile(rb"ftyp"), status=206)

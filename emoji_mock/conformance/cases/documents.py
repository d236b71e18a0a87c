"""The documents that answer an upload or a request about tasks, from the vendor's pages and from recordings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from emoji_mock.conformance.cases.placeholders import TASK_ID
from emoji_mock.contract.documents.motions import Status
from emoji_mock.contract.row import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emoji_mock.contract.row import Row

Expectation: TypeAlias = "str | int | type | re.Pattern[str] | dict[str, Expectation] | list[Expectation]"
"""What a field must hold: this value (placeholders replaced), a value of this type or form, an object, or a list.

`float` is any number.
"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shape:
    """A document by its fields, in order. Without `fields` the body is empty, or matches `pattern` if it is not JSON.

    `guesses` are the places that are only inferred, `optional` those that may be missing.
    """

    name: str
    fields: Mapping[str, Expectation]
    status: int = 200
    guesses: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    outcome: Outcome = Outcome.DONE
    pattern: re.Pattern[bytes] | None = None


UUID = "[0-9a-f]{8}-[0-9a-f]{4}-%s[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"
"""The form of a UUID in lower case; `%s` stands for its version digit."""
REQUEST_ID = re.compile(UUID % "[49]")
"""Observed: the version digit is mostly 9, sometimes 4."""
_TASK_UUID = re.compile(UUID % "4")
# UTC+8, as the vendor documents it.
_TIME = re.compile(r"\d{4}-[01]\d-[0-3]\d [0-2]\d:[0-5]\d:[0-5]\d\.\d{3}")
URL = re.compile(r"https?://[^\s/]+/\S+")
_TEXT = re.compile(r"(?s).+")

# https://help.aliyun.com/zh/model-studio/get-temporary-file-url
POLICY_GRANTED = Shape(
    name="a policy",
    fields={
        "data": {
            "policy": _TEXT,
            "signature": _TEXT,
            "upload_dir": re.compile(rf"dashscope-instant/[0-9a-f]{{32}}/\d{{4}}-\d\d-\d\d/{UUID % '[49]'}"),
            "upload_host": re.compile(r"https?://[^\s/]+(/\S*)?"),
            "expire_in_seconds": 300,
            "max_file_size_mb": 1024,
            "capacity_limit_mb": 999999999,
            "oss_access_key_id": _TEXT,
            "x_oss_object_acl": "private",
            "x_oss_forbid_overwrite": "true",
        },
        "request_id": REQUEST_ID,
    },
)
EMPTY = Shape(name="an empty answer", fields={})

ACCEPTED = Shape(
    name="accepted", fields={"output": {"task_status": "PENDING", "task_id": _TASK_UUID}, "request_id": REQUEST_ID}
)
_SUBMITTED: dict[str, Expectation] = {"submit_time": _TIME}
_STARTED: dict[str, Expectation] = {**_SUBMITTED, "scheduled_time": _TIME}
ENDED: dict[str, Expectation] = {**_STARTED, "end_time": _TIME}
_USAGE: dict[str, Expectation] = {"video_duration": int, "video_ratio": "standard"}


def _task(status: Status, output: dict[str, Expectation], *guesses: str, **more: Expectation) -> Shape:
    known: dict[str, Expectation] = {"task_id": TASK_ID, "task_status": str(status), **output}
    fields: dict[str, Expectation] = {"request_id": REQUEST_ID, "output": known, **more}
    return Shape(name=str(status), fields=fields, guesses=frozenset(guesses))


_OUTPUT_TIMES = ("output.submit_time", "output.scheduled_time", "output.end_time")

# https://help.aliyun.com/zh/model-studio/emoji-api, and published recordings (cnblogs)
PENDING = _task(Status.PENDING, _SUBMITTED, "output.submit_time")
RUNNING = _task(Status.RUNNING, _STARTED)
PRE_PROCESSING = _task(Status.PRE_PROCESSING, _STARTED)
SUCCEEDED = _task(Status.SUCCEEDED, {**ENDED, "video_url": URL}, usage=_USAGE)
CANCELED = _task(Status.CANCELED, {**_SUBMITTED, "end_time": _TIME}, *_OUTPUT_TIMES)
UNKNOWN = _task(Status.UNKNOWN, {})


def failed_with(row: Row, **values: str) -> Shape:
    """Return the document of a task that failed with the code and message of `row`, which holds these values."""
    error: dict[str, Expectation] = {"code": str(row.code), "message": row.text(**values)}
    return _task(Status.FAILED, {**ENDED, **error}, "output", *_OUTPUT_TIMES)


CANCELLED = Shape(name="cancelled", fields={"request_id": REQUEST_ID})

LIST_ROW: dict[str, Expectation] = {
    "api_key_id": str,
    "caller_parent_id": str,
    "caller_uid": str,
    "end_time": int,
    "gmt_create": int,
    "model_name": str,
    "region": "cn-beijing",
    "request_id": REQUEST_ID,
    "start_time": int,
    "status": re.compile("|".join(Status)),
    "task_id": _TASK_UUID,
    "user_api_unique_key": str,
}
# https://help.aliyun.com/zh/model-studio/manage-asynchronous-tasks
LIST = Shape(
    name="a list",
    fields={
        "total": int,
        "data": [LIST_ROW],
        "total_page": int,
        "page_no": 1,
        "request_id": REQUEST_ID,
        "page_size": 10,
    },
    optional=frozenset({"data.end_time", "data.start_time"}),
)

# MP4, as https://help.aliyun.com/zh/model-studio/emoji-api says. Its first box is `ftyp` (ISO/IEC 14496-12).
WHOLE_VIDEO = Shape(name="a video", fields={}, pattern=re.compile(rb"....ftyp.{1024,}", re.DOTALL))
PART_OF_VIDEO = Shape(name="a part of a video", fields={}, pattern=re.compile(rb"ftyp"), status=206)

"""Which endpoint a request is for."""

import re
from typing import Never
from urllib.parse import unquote

from emoji_mock.contract.endpoint import (
    BODY_LIMIT,
    FACE_DETECT,
    RESULT_BUCKET,
    RESULT_HOST,
    STORAGE_BUCKET,
    STORAGE_HOST,
    TASKS,
    UPLOADS,
    VIDEO_SUFFIX,
    VIDEO_SYNTHESIS,
)
from emoji_mock.contract.exchange import Request
from emoji_mock.contract.rows import gateway
from emoji_mock.fake.checks import body as request_module
from emoji_mock.fake.context import RequestContext, host_of, normal_path
from emoji_mock.fake.endpoints import face_detect, tasks, upload_policy, upload_storage, video_file, video_synthesis
from emoji_mock.fake.endpoints.endpoint import Endpoint
from emoji_mock.fake.refusal import Refused


def _nothing(_: RequestContext, __: str) -> Never:
    raise Refused(gateway.NOT_FOUND)


NOWHERE = Endpoint(name=None, checks=(request_module.authenticate,), body=_nothing)
"""Any other path, which needs a key all the same."""

_PATHS = {
    FACE_DETECT: face_detect.FACE_DETECT,
    UPLOADS: upload_policy.GET_POLICY,
    VIDEO_SYNTHESIS: video_synthesis.VIDEO_SYNTHESIS,
    TASKS: tasks.LIST_TASKS,
}
_TASK = re.compile(rf"{TASKS}/[^/]+(/cancel)?")


def find(call: RequestContext) -> Endpoint:
    """Return the endpoint that `call` is for."""
    path = call.path
    found = _PATHS.get(path)
    if found is not None:
        return found
    if _is_storage(call.host, path):
        return upload_storage.POST_OBJECT
    if call.host == RESULT_HOST or path.startswith(f"/{RESULT_BUCKET}/"):
        return video_file.GET_VIDEO
    task = _TASK.fullmatch(path)
    if task is None:
        return NOWHERE
    return tasks.CANCEL_TASK if task[1] else tasks.GET_TASK


def body_limit(request: Request) -> int:
    """Return how many bytes of the body of `request` are looked at; one more is known to be too many."""
    named = {name.lower(): value for name, value in request.headers if name.lower() == "host"}
    host, path = host_of(request.target, named.get("host", "")), normal_path(request.target)
    return upload_storage.LARGEST if _is_storage(host, path) else BODY_LIMIT


def takes_long(request: Request) -> bool:
    """Say whether `request` may be for a video, which takes seconds to make: no event loop should wait for that."""
    target = unquote(request.target) if "%" in request.target else request.target
    return (
        VIDEO_SUFFIX in target
        or RESULT_BUCKET in target
        or any(name.lower() == "host" and RESULT_BUCKET in value.lower() for name, value in request.headers)
    )


def _is_storage(host: str, path: str) -> bool:
    return host == STORAGE_HOST or f"{path}/".startswith(f"/{STORAGE_BUCKET}/")

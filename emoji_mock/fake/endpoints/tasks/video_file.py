"""The storage of results: the file of a video, by a link that is signed and lasts for a day.

https://help.aliyun.com/zh/oss: GetObject by a signed URL, as far as video players use it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from hashlib import md5
from math import ceil
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote

from emoji_mock.contract import routes
from emoji_mock.contract.endpoint import RESULT_BUCKET, RESULT_HOST, TASK_SECONDS, VIDEO_SUFFIX
from emoji_mock.contract.model import CHINA, TaskModel
from emoji_mock.contract.models import MODELS
from emoji_mock.contract.rows import results, storage
from emoji_mock.fake import responses
from emoji_mock.fake.accounting.api_keys import Caller
from emoji_mock.fake.checks import image
from emoji_mock.fake.checks.refusal import Refused
from emoji_mock.fake.context import Decision, RequestContext
from emoji_mock.fake.endpoints.documentation import Documentation, Parameter
from emoji_mock.fake.endpoints.endpoint import Endpoint
from emoji_mock.fake.endpoints.uploads import policy as upload_policy
from emoji_mock.fake.request_head import normal_path

if TYPE_CHECKING:
    from emoji_mock.contract.exchange import Request
    from emoji_mock.fake.options import Options
    from emoji_mock.fake.store.ports import Store
    from emoji_mock.fake.store.values import VideoTask

_ACL = replace(storage.BUCKET_ACL, host=RESULT_HOST)
_WRONG_ACCESS_KEY = replace(storage.WRONG_ACCESS_KEY, host=RESULT_HOST)
_WRONG_SIGNATURE = replace(storage.WRONG_SIGNATURE, host=RESULT_HOST)
_PARAMETERS = 100
_EXPIRES = re.compile(r"\d{1,12}", re.ASCII)
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})", re.ASCII)


class VideoFileDecision(Decision):
    """What is decided about a request for a video's file."""

    task: VideoTask | None = None
    """The task that made it."""


def link(context: RequestContext, task: VideoTask) -> str:
    """Return the signed URL of the video of `task`."""
    return f"{upload_policy.storage_url(context.head, RESULT_HOST)}/{signed_path(task, context.options)}"


def signed_path(task: VideoTask, options: Options) -> str:
    """Return the path and the query of the video of `task` in its storage, without a slash before it."""
    day = datetime.fromtimestamp(task.ends, CHINA)
    # A path as recorded of another model: 1d/d4/20240301/8d820c8d/….
    name = f"1d/{task.id[:2]}/{day:%Y%m%d}/{task.id[-8:]}/{task.id}{VIDEO_SUFFIX}"
    expires = str(ceil(task.ends) + TASK_SECONDS)
    signature = quote(upload_policy.sign(_signed_text(name, expires), options), safe="")
    return f"{name}?Expires={expires}&OSSAccessKeyId={upload_policy.ACCESS_KEY_ID}&Signature={signature}"


def _signed_text(name: str, expires: str) -> str:
    # OSS, signature version 1 in a URL.
    return f"GET\n\n\n{expires}\n/{RESULT_BUCKET}/{name}"


def hide_signature(context: RequestContext, decision: Decision) -> None:
    """Keep the query out of the journal: the vendor's own links are signed, too."""
    path, _, query = context.request.target.partition("?")
    decision.journal_target = f"{path}?…" if query else path


def require_read(context: RequestContext, _: Decision) -> None:
    """Refuse every method but GET and HEAD."""
    if context.head.method not in context.route.methods:
        raise Refused(_ACL)


def _name(context: RequestContext) -> str:
    return context.head.path.removeprefix(f"/{RESULT_BUCKET}").removeprefix("/")


def check_link(context: RequestContext, _: Decision) -> None:
    """Refuse a link that is not signed, signed wrongly, or too old."""
    try:
        given = dict(parse_qsl(context.head.query, max_num_fields=_PARAMETERS))
    except ValueError:
        raise Refused(_ACL) from None
    signed = {"Expires", "OSSAccessKeyId", "Signature"} <= given.keys()
    if not signed or not _EXPIRES.fullmatch(given["Expires"]):
        raise Refused(_ACL)
    if given["OSSAccessKeyId"] != upload_policy.ACCESS_KEY_ID:
        raise Refused(_WRONG_ACCESS_KEY)
    text = _signed_text(_name(context), given["Expires"])
    if not upload_policy.is_signed(text, given["Signature"], context.options):
        raise Refused(_WRONG_SIGNATURE)
    if context.at >= int(given["Expires"]):
        raise Refused(results.LINK_EXPIRED)


def find_account(request: Request, store: Store, _: Options) -> str:
    """Return the account whose video is requested."""
    task = store.task(_task_id(normal_path(request.target)))
    return "" if task is None else task.namespace


def _task_id(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(VIDEO_SUFFIX)


def load_task(context: RequestContext, decision: VideoFileDecision) -> None:
    """Find the task whose video this is. Raises Refused unless it has succeeded."""
    task = context.store.task(_task_id(_name(context)))
    if task is None or task.failure or task.cancelled is not None or context.at < task.ends:
        raise Refused(results.NO_SUCH_VIDEO)
    decision.task, decision.model, decision.image_url = task, task.model, task.image_url
    decision.caller = Caller(task.namespace, "", None)


def _body(context: RequestContext, decision: VideoFileDecision, _: str) -> bytes:
    task = decision.task
    assert task is not None  # noqa: S101 - loaded before
    video = context.media.make_video(
        image_url=task.image_url,
        boxes=(task.face, task.ext) if task.face is not None and task.ext is not None else None,
        driven_id=_motion(task),
        seconds=task.seconds,
        size=task.size,
        fps=task.fps,
        picture=image.held_picture(context, task.image_url),
        upright=context.options.upright,
    )
    decision.journal_answer = f"a video of {len(video)} bytes".encode()
    return _part(context, decision, video)


def _motion(task: VideoTask) -> str:
    """Return the name of the motion in a video; "" where the face speaks, as it does for a model that takes audio."""
    model = MODELS.get(task.model)
    speaks = isinstance(model, TaskModel) and "audio_url" in model.fields
    return task.driven_id or ("" if speaks else task.model)


def _part(context: RequestContext, decision: Decision, video: bytes) -> bytes:
    """Return the requested range, or all bytes (RFC 9110, 14), and decide status and headers."""
    headers = context.head.headers
    tag = f'"{md5(video, usedforsecurity=False).hexdigest().upper()}"'
    decision.extra_headers = (("content-type", "video/mp4"), ("accept-ranges", "bytes"), ("etag", tag))
    wanted = headers.get("range", "") if context.head.method == "GET" else ""
    span = _span(wanted, len(video)) if headers.get("if-range", tag) == tag else None
    if span is None:
        return video
    begin, end = span
    decision.status = 206
    decision.extra_headers += (("content-range", f"bytes {begin}-{end - 1}/{len(video)}"),)
    return video[begin:end]


def _span(wanted: str, size: int) -> tuple[int, int] | None:
    """Return begin and end of a range; None if it holds no byte, or is not a single range: OSS then sends all."""
    found = _RANGE.fullmatch(wanted)
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:
        begin, end = max(0, size - int(found[2])), size
    else:
        begin, end = int(found[1]), min(size, int(found[2]) + 1 if found[2] else size)
    return (begin, end) if begin < end else None


def _signed(name: str) -> Parameter:
    return Parameter(name=name, where="query", schema={"type": "string"})


GET_VIDEO = Endpoint(
    route=routes.VIDEO,
    decision=VideoFileDecision,
    checks=(hide_signature, require_read, check_link, load_task, image.apply_rule),
    body=_body,
    headers=responses.result_headers,
    slow=True,
    account=find_account,
    provokes={
        results.LINK_EXPIRED: "get a video_url more than 24 h after its task ended",
        results.NO_SUCH_VIDEO: "get a video_url after a reset",
    },
    documentation=Documentation(
        summary="Get a video",
        description="Follow a `video_url`, which is signed and lasts 24 hours; ranges are answered with 206.",
        parameters=(
            Parameter(name="name", where="path", schema={"type": "string"}),
            *map(_signed, ("Expires", "OSSAccessKeyId", "Signature")),
        ),
        binary="video/mp4",
        success={200: "The video.", 206: "A part of the video."},
        statuses=(403, 404),
    ),
)

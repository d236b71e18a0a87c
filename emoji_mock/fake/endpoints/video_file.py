"""The storage of results: the file of a video, by a link that is signed and lasts for a day.

https://help.aliyun.com/zh/oss: GetObject by a signed URL, as far as a player of videos meets it.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import replace
from datetime import datetime
from hashlib import md5
from math import ceil
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote

from emoji_mock.contract.endpoint import RESULT_BUCKET, RESULT_HOST, TASK_SECONDS, VIDEO_SUFFIX, EndpointName
from emoji_mock.contract.rows import results, storage
from emoji_mock.fake import responses
from emoji_mock.fake.accounting.api_keys import Caller
from emoji_mock.fake.checks import body as request
from emoji_mock.fake.checks import image
from emoji_mock.fake.context import CHINA, RequestContext
from emoji_mock.fake.endpoints import upload_policy
from emoji_mock.fake.endpoints.endpoint import Endpoint
from emoji_mock.fake.refusal import Refused

if TYPE_CHECKING:
    from emoji_mock.fake.store.values import VideoTask

_ACL = replace(storage.BUCKET_ACL, host=RESULT_HOST)
_WRONG_ACCESS_KEY = replace(storage.WRONG_ACCESS_KEY, host=RESULT_HOST)
_WRONG_SIGNATURE = replace(storage.WRONG_SIGNATURE, host=RESULT_HOST)
_PARAMETERS = 100
_EXPIRES = re.compile(r"\d{1,12}", re.ASCII)
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})", re.ASCII)


def link(call: RequestContext, task: VideoTask) -> str:
    """Return where the video of `task` lies, and until when."""
    day = datetime.fromtimestamp(task.ends, CHINA)
    # A path as recorded of another model: 1d/d4/20240301/8d820c8d/….
    name = f"1d/{task.id[:2]}/{day:%Y%m%d}/{task.id[-8:]}/{task.id}{VIDEO_SUFFIX}"
    expires = str(ceil(task.ends) + TASK_SECONDS)
    base = upload_policy.storage_url(call, RESULT_HOST)
    signature = quote(_sign(name, expires), safe="")
    return f"{base}/{name}?Expires={expires}&OSSAccessKeyId={upload_policy.ACCESS_KEY_ID}&Signature={signature}"


def _sign(name: str, expires: str) -> str:
    # OSS, signature version 1 in a URL.
    return upload_policy.sign(f"GET\n\n\n{expires}\n/{RESULT_BUCKET}/{name}")


def _body(call: RequestContext, _: str) -> bytes:
    path, _, query = call.request.target.partition("?")
    call.shown_target = f"{path}?…" if query else path  # the vendor's own links are signed, too
    if call.request.method not in ("GET", "HEAD"):
        raise Refused(_ACL)
    name = call.path.removeprefix(f"/{RESULT_BUCKET}").removeprefix("/")
    _admit(call, name, query)
    task = call.store.task(name.rpartition("/")[2].removesuffix(VIDEO_SUFFIX))
    if task is None or task.failure or task.cancelled is not None or call.at < task.ends:
        raise Refused(results.NO_SUCH_VIDEO)
    call.model, call.image_url, call.caller = task.model, task.image_url, Caller(task.namespace, "", None)
    request.rule(call)
    video = _made(call, task)
    call.shown_answer = f"a video of {len(video)} bytes".encode()
    return _part(call, video)


def _admit(call: RequestContext, name: str, query: str) -> None:
    """Let those in whose link is signed and not too old."""
    try:
        given = dict(parse_qsl(query, max_num_fields=_PARAMETERS))
    except ValueError:
        raise Refused(_ACL) from None
    signed = {"Expires", "OSSAccessKeyId", "Signature"} <= given.keys()
    if not signed or not _EXPIRES.fullmatch(given["Expires"]):
        raise Refused(_ACL)
    if given["OSSAccessKeyId"] != upload_policy.ACCESS_KEY_ID:
        raise Refused(_WRONG_ACCESS_KEY)
    if not hmac.compare_digest(given["Signature"].encode(errors="replace"), _sign(name, given["Expires"]).encode()):
        raise Refused(_WRONG_SIGNATURE)
    if call.at >= int(given["Expires"]):
        raise Refused(results.LINK_EXPIRED)


def _made(call: RequestContext, task: VideoTask) -> bytes:
    return call.media.make_video(
        image_url=task.image_url,
        face=task.face,
        ext=task.ext,
        driven_id=task.driven_id,
        seconds=task.video_seconds,
        picture=_held(call, task.image_url),
    )


def _held(call: RequestContext, image_url: str) -> bytes:
    """Return the picture at `image_url` if it is at hand."""
    scheme, _, rest = image_url.partition(":")
    if scheme.lower() == "oss":
        upload = call.store.upload(rest.removeprefix("//"))
        return upload.data if upload is not None else b""
    if scheme.lower() == "data":
        try:
            return image.decode_data_url(image_url)
        except Refused:
            return b""
    return b""


def _part(call: RequestContext, video: bytes) -> bytes:
    """Return the bytes that are asked for, and tell which (RFC 9110, 14): one range, or else all."""
    tag = f'"{md5(video, usedforsecurity=False).hexdigest().upper()}"'
    call.more_headers = (("content-type", "video/mp4"), ("accept-ranges", "bytes"), ("etag", tag))
    asked = call.headers.get("range", "") if call.request.method == "GET" else ""
    span = _span(asked, len(video)) if call.headers.get("if-range", tag) == tag else None
    if span is None:
        return video
    begin, end = span
    call.status = 206
    call.more_headers += (("content-range", f"bytes {begin}-{end - 1}/{len(video)}"),)
    return video[begin:end]


def _span(asked: str, size: int) -> tuple[int, int] | None:
    """Return where a range begins and ends, or nothing if it is none of these bytes: OSS then sends all."""
    found = _RANGE.fullmatch(asked)
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:
        begin, end = max(0, size - int(found[2])), size
    else:
        begin, end = int(found[1]), min(size, int(found[2]) + 1 if found[2] else size)
    return (begin, end) if begin < end else None


GET_VIDEO = Endpoint(name=EndpointName.VIDEO, checks=(), body=_body, headers=responses.result_headers)

"""video-synthesis: the task that turns a portrait and its boxes into a video."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from emoji_mock.contract.endpoint import (
    ASYNC_HEADER,
    IMAGE_SIDES,
    MODELS,
    VIDEO_LONGEST,
    VIDEO_MODEL,
    VIDEO_SECONDS,
    EndpointName,
)
from emoji_mock.contract.geometry import Box, Size
from emoji_mock.contract.models.video import Accepted, TaskCreated
from emoji_mock.contract.motions import DRIVEN_IDS
from emoji_mock.contract.rows import gateway, service
from emoji_mock.fake import responses
from emoji_mock.fake.checks import body as request
from emoji_mock.fake.endpoints.endpoint import Endpoint
from emoji_mock.fake.refusal import Refused
from emoji_mock.fake.store.values import VideoTask

if TYPE_CHECKING:
    from emoji_mock.fake.context import RequestContext

_FIELDS = ("image_url", "driven_id", "face_bbox", "ext_bbox")


def parse(call: RequestContext) -> None:
    """Read the body as a JSON object whose mistakes the later checks name."""
    request.media_type(call)
    call.document = request.loose(call.request.body)
    call.model = request.text(call.document.get("model"))
    call.image_url = request.text(_input(call).get("image_url"))


def _input(call: RequestContext) -> dict[str, Any]:
    given = (call.document or {}).get("input")
    return cast("dict[str, Any]", given) if isinstance(given, dict) else {}


def model(call: RequestContext) -> None:
    """Know the model, and that it lives on this path."""
    if call.model == VIDEO_MODEL:
        return
    request.some_model(call)
    raise Refused(gateway.WRONG_PATH if call.model in MODELS else gateway.UNKNOWN_MODEL)


def asynchronous(call: RequestContext) -> None:
    """Refuse to answer synchronously."""
    if call.headers.get(ASYNC_HEADER, "").strip().lower() != "enable":
        raise Refused(gateway.NOT_SYNCHRONOUS)


def parameters(call: RequestContext) -> None:
    """Say what is wrong with the body."""
    assert call.document is not None  # noqa: S101 - parsed above
    if call.document.get("input") is None:
        raise Refused(service.NO_INPUT)
    if not isinstance(call.document["input"], dict):
        raise Refused(service.ILLEGAL_INPUT)
    given = _input(call)
    for field in _FIELDS:
        if given.get(field) is None:
            raise Refused(service.FIELD_REQUIRED, field=field)
    if not isinstance(given["image_url"], str) or not isinstance(given["driven_id"], str):
        raise Refused(service.PARAMETER_INVALID)
    if given["driven_id"] not in DRIVEN_IDS:
        raise Refused(service.DRIVEN_UNKNOWN, driven_id=given["driven_id"])
    face, ext = _box(given["face_bbox"]), _box(given["ext_bbox"])
    if face is None:
        raise Refused(service.PARAMETER_INVALID)  # inferred: no words of the vendor's are known
    if ext is None or not (ext.x1 <= face.x1 and ext.y1 <= face.y1 and face.x2 <= ext.x2 and face.y2 <= ext.y2):
        raise Refused(service.EXT_INVALID)
    call.boxes = face, ext


def _box(given: object) -> Box | None:
    numbers = cast("list[object]", given) if isinstance(given, list) else []
    whole = [number for number in numbers if type(number) is int]
    if not len(numbers) == len(whole) == len(Box._fields):
        return None
    box = Box(*whole)
    longest = IMAGE_SIDES[1]  # no picture that the vendor takes holds a larger one
    return box if box.within(Size(longest, longest)) else None


def foresee(call: RequestContext) -> None:
    """Do what a rule, the picture's URL or the picture says; what fails a detection fails the task, later."""
    try:
        for check in (request.rule, request.steer, request.look):
            check(call)
    except Refused as refused:
        if not refused.later:
            raise
        call.task_failure = refused.row.name


def inside(call: RequestContext) -> None:
    """Hold the boxes to the picture, as far as it is known."""
    if call.size is None or call.boxes is None:
        return
    face, ext = call.boxes
    if not face.within(call.size):
        raise Refused(service.PARAMETER_INVALID)  # inferred
    if not ext.within(call.size):
        raise Refused(service.EXT_INVALID)


def _body(call: RequestContext, request_id: str) -> bytes:
    assert call.boxes is not None  # noqa: S101 - checked above
    random_source = blake2b(request_id.encode(), digest_size=16).digest()
    shortest, longest = VIDEO_SECONDS
    task = VideoTask(
        id=str(UUID(bytes=random_source, version=4)),
        namespace=call.caller.namespace,
        key=call.caller.fingerprint,
        request_id=request_id,
        model=call.model,
        image_url=call.image_url,
        driven_id=_input(call)["driven_id"],
        face=call.boxes[0],
        ext=call.boxes[1],
        created=call.at,
        takes=call.options.time_scale * (shortest + random_source[0] % (longest - shortest + 1)),
        video_seconds=1 + DRIVEN_IDS.index(_input(call)["driven_id"]) % VIDEO_LONGEST,
        failure=call.task_failure,
    )
    if not call.lost:
        call.store.add_task(task)
    return responses.encode(TaskCreated(Accepted("PENDING", task.id), request_id))


VIDEO_SYNTHESIS = Endpoint(
    name=EndpointName.VIDEO_SYNTHESIS,
    checks=(
        request.authenticate, request.posted, request.size_of_body, parse, model, request.account, asynchronous,
        request.rate, parameters, foresee, inside,
    ),
    body=_body,
)  # fmt: skip
"""Its checks stand in the order in which they are made."""

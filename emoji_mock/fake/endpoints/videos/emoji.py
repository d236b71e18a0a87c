"""video-synthesis: the task that turns a portrait and its boxes into a video."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from emoji_mock.contract import routes
from emoji_mock.contract.documents.video import Accepted, TaskCreated, VideoInput, VideoRequest
from emoji_mock.contract.endpoint import IMAGE_SIDES, VIDEO_LONGEST, VIDEO_MODEL, VIDEO_SECONDS, VIDEO_SYNTHESIS
from emoji_mock.contract.geometry import Box, Size
from emoji_mock.contract.models.emoji import VIDEO
from emoji_mock.contract.motions import DRIVEN_IDS
from emoji_mock.contract.rows import gateway, service
from emoji_mock.fake import responses
from emoji_mock.fake.checks import account, image, request
from emoji_mock.fake.checks.refusal import Refused
from emoji_mock.fake.checks.request import JsonDecision
from emoji_mock.fake.endpoints.documentation import ASYNC, RESOLVE, Documentation
from emoji_mock.fake.endpoints.endpoint import Endpoint
from emoji_mock.fake.rules import magic_urls
from emoji_mock.fake.store.values import VideoTask

if TYPE_CHECKING:
    from emoji_mock.fake.context import RequestContext

_FIELDS = ("image_url", "driven_id", "face_bbox", "ext_bbox")


class VideoDecision(JsonDecision):
    """What is decided about a request for a video."""

    driven_id: str = ""
    boxes: tuple[Box, Box] | None = None
    """The face and the larger box that the caller names."""
    task_failure: str = ""
    """The name of the row in which the task will end."""


def check_parameters(_: RequestContext, decision: VideoDecision) -> None:
    """Refuse a body with a mistake, with the first one; take motion and boxes from it."""
    assert decision.document is not None  # noqa: S101 - loaded before
    given: Any = decision.document.get("input")
    if given is None:
        raise Refused(service.NO_INPUT)
    if not isinstance(given, dict):
        raise Refused(service.ILLEGAL_INPUT)
    fields = cast("dict[str, Any]", given)
    for field in _FIELDS:
        if fields.get(field) is None:
            raise Refused(service.FIELD_REQUIRED, field=field)
    if not isinstance(fields["image_url"], str) or not isinstance(fields["driven_id"], str):
        raise Refused(service.PARAMETER_INVALID)
    if fields["driven_id"] not in DRIVEN_IDS:
        raise Refused(service.DRIVEN_UNKNOWN, driven_id=fields["driven_id"])
    face, ext = _box(fields["face_bbox"]), _box(fields["ext_bbox"])
    if face is None:
        raise Refused(service.PARAMETER_INVALID)  # inferred: no words of the vendor's are known
    if ext is None or not (ext.x1 <= face.x1 and ext.y1 <= face.y1 and face.x2 <= ext.x2 and face.y2 <= ext.y2):
        raise Refused(service.EXT_INVALID)
    decision.driven_id, decision.boxes = fields["driven_id"], (face, ext)


def _box(given: object) -> Box | None:
    numbers = cast("list[object]", given) if isinstance(given, list) else []
    whole = [number for number in numbers if type(number) is int]
    if not len(numbers) == len(whole) == len(Box._fields):
        return None
    box = Box(*whole)
    longest = IMAGE_SIDES[1]  # no picture that the vendor takes holds a larger one
    return box if box.within(Size(longest, longest)) else None


def decide_task(context: RequestContext, decision: VideoDecision) -> None:
    """Apply rule, magic URL and inspection of the picture. What fails a detection fails the task, later."""
    try:
        for check in (image.apply_rule, image.apply_magic_url, image.inspect_image):
            check(context, decision)
    except Refused as refused:
        if not refused.later:
            raise
        decision.task_failure = refused.row.name


def check_boxes(_: RequestContext, decision: VideoDecision) -> None:
    """Refuse boxes outside the picture, if its size is known."""
    if decision.size is None or decision.boxes is None:
        return
    face, ext = decision.boxes
    if not face.within(decision.size):
        raise Refused(service.PARAMETER_INVALID)  # inferred
    if not ext.within(decision.size):
        raise Refused(service.EXT_INVALID)


def _body(context: RequestContext, decision: VideoDecision, request_id: str) -> bytes:
    assert decision.boxes is not None  # noqa: S101 - checked before
    digest = blake2b(request_id.encode(), digest_size=16).digest()  # so that a seed repeats tasks, too
    shortest, longest = VIDEO_SECONDS
    task = VideoTask(
        id=str(UUID(bytes=digest, version=4)),
        namespace=decision.caller.namespace,
        key=decision.caller.fingerprint,
        request_id=request_id,
        model=decision.model,
        image_url=decision.image_url,
        driven_id=decision.driven_id,
        face=decision.boxes[0],
        ext=decision.boxes[1],
        created=context.at,
        takes=context.options.time_scale * (shortest + digest[0] % (longest - shortest + 1)),
        video_seconds=1 + DRIVEN_IDS.index(decision.driven_id) % VIDEO_LONGEST,
        failure=decision.task_failure,
    )
    if not decision.lost:
        context.store.add_task(task)
    return responses.encode(TaskCreated(Accepted("PENDING", task.id), request_id))


def example_request(image_url: str = f"https://{magic_urls.HOST}/passed/640x800.png") -> VideoRequest:
    """Return a request for a video of the picture at `image_url`, with the vendor's own boxes."""
    return VideoRequest(VIDEO_MODEL, VideoInput(image_url, DRIVEN_IDS[0], (212, 194, 460, 441), (63, 30, 609, 575)))


CREATE_VIDEO = Endpoint(
    route=routes.VIDEO_SYNTHESIS,
    models=(VIDEO_MODEL,),
    model=VIDEO,
    decision=VideoDecision,
    opening=(
        request.authenticate,
        request.require_post,
        request.limit_body,
        request.require_json,
        request.load_document,
        request.require_model,
    ),
    checks=(
        account.check_account,
        account.require_async,
        account.limit_rate,
        check_parameters,
        decide_task,
        check_boxes,
    ),
    body=_body,
    provokes={
        gateway.NOT_SYNCHRONOUS: "ask for a video without the header X-DashScope-Async: enable",
        service.DRIVEN_UNKNOWN: "ask for a video with another driven_id",
        service.EXT_INVALID: "ask for a video with an ext_bbox that does not hold the face",
    },
    documentation=Documentation(
        summary=f"Make a video of a portrait ({VIDEO_MODEL})",
        description=(
            "Create a task: face-detect's `bbox_face` goes in as `face_bbox`, its `ext_bbox_face` as `ext_bbox`."
        ),
        parameters=(ASYNC, RESOLVE),
        request=VideoRequest,
        request_examples={"video": example_request()},
        response=TaskCreated,
        success={200: "The task was accepted."},
        examples=lambda caller: {"accepted": caller.post(VIDEO_SYNTHESIS, example_request())},
        statuses=(400, 401, 403, 429, 500, 503),
    ),
)

"""What all endpoints that create tasks share: the checks of a request by the facts about its model, and the task."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from msgspec import field

from emoji_mock.contract.documents.video import Accepted, SiblingAccepted, SiblingTaskCreated, TaskCreated
from emoji_mock.contract.endpoint import IMAGE_SIDES, VIDEO_SECONDS
from emoji_mock.contract.geometry import Box, Size
from emoji_mock.contract.model import TaskModel
from emoji_mock.contract.models import MODELS
from emoji_mock.contract.rows import service
from emoji_mock.fake import responses
from emoji_mock.fake.checks import account, image, request
from emoji_mock.fake.checks.refusal import Refused
from emoji_mock.fake.checks.request import JsonDecision
from emoji_mock.fake.endpoints.endpoint import Endpoint
from emoji_mock.fake.store.values import VideoTask

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from emoji_mock.contract.row import Row
    from emoji_mock.fake.context import RequestContext
    from emoji_mock.fake.endpoints.documentation import Documentation

BOXES = ("face_bbox", "ext_bbox")
"""The inputs that are boxes; all others are texts."""
_UNKNOWN = (200, 999)  # hundredths of a second, within the bounds of every model: a result whose length is not known


class VideoDecision(JsonDecision):
    """What is decided about a request for a task."""

    given: dict[str, Any] = field(default_factory=dict[str, Any])
    """The input, in which every required field has a value of the right type."""
    parameters: dict[str, Any] = field(default_factory=dict[str, Any])
    """The parameters, with defaults."""
    boxes: tuple[Box, Box] | None = None
    """The face and the larger box that the caller names."""
    tier: str = ""
    """What the price depends on: a key of the model's prices."""
    seconds: float | None = None
    """The length of the result, if it is known."""
    task_failure: str = ""
    """The name of the row in which the task will end."""


def model_of(decision: VideoDecision) -> TaskModel:
    """Return the model that a call is for."""
    model = MODELS[decision.model]
    assert isinstance(model, TaskModel)  # noqa: S101 - the registry selects endpoints by model
    return model


def check_input(_: RequestContext, decision: VideoDecision) -> None:
    """Refuse an input with a mistake, with the first one (order inferred); take its fields."""
    assert decision.document is not None  # noqa: S101 - loaded before
    model, sent = model_of(decision), decision.document.get("input")
    if sent is None:
        raise Refused(service.NO_INPUT)
    if not isinstance(sent, dict):
        raise Refused(service.ILLEGAL_INPUT)
    given = cast("dict[str, Any]", sent)
    for name in model.fields:
        if given.get(name) is None:
            raise Refused(model.missing.get(name, service.FIELD_REQUIRED), field=name)
    for name in (*model.fields, *model.optional):
        if name not in BOXES and not isinstance(given.get(name) or "", str):
            raise Refused(_wrong(model, name), parameter=name)
    decision.given, decision.image_url = given, given[model.fields[0]]


def _wrong(model: TaskModel, name: str) -> Row:
    return model.wrong.get(name, service.PARAMETER_INVALID)  # inferred: no words of the vendor's are known


def read_boxes(_: RequestContext, decision: VideoDecision) -> None:
    """Refuse boxes that are none, or of which the larger does not hold the face."""
    model = model_of(decision)
    face, ext = (_box(decision.given[name]) for name in BOXES)
    if face is None:
        raise Refused(_wrong(model, "face_bbox"))
    if ext is None or not (ext.x1 <= face.x1 and ext.y1 <= face.y1 and face.x2 <= ext.x2 and face.y2 <= ext.y2):
        raise Refused(_wrong(model, "ext_bbox"))
    decision.boxes = face, ext


def _box(given: object) -> Box | None:
    numbers = cast("list[object]", given) if isinstance(given, list) else []
    whole = [number for number in numbers if type(number) is int]
    if not len(numbers) == len(whole) == len(Box._fields):
        return None
    box = Box(*whole)
    longest = IMAGE_SIDES[1]  # no picture that the vendor takes holds a larger one
    return box if box.within(Size(longest, longest)) else None


def check_parameters(_: RequestContext, decision: VideoDecision) -> None:
    """Refuse a parameter of a wrong type or value; without it, or as null, it has its default."""
    assert decision.document is not None  # noqa: S101 - loaded before
    model, sent = model_of(decision), decision.document.get("parameters")
    if model.parameters and sent is not None and not isinstance(sent, dict):
        raise Refused(service.PARAMETER_INVALID)
    given = cast("dict[str, Any]", sent) if isinstance(sent, dict) else {}
    for name, parameter in model.parameters.items():
        value = given.get(name)
        if value is not None and not parameter.accepts(value):
            raise Refused(parameter.row, parameter=name)
        decision.parameters[name] = parameter.default if value is None else value


def decide_task(context: RequestContext, decision: VideoDecision) -> None:
    """Apply rule, magic URL and inspection of the picture. What fails a detection fails the task, later."""
    model = model_of(decision)
    inspections = (image.inspect_image,) if model.pictures is not None else ()
    try:
        for check in (image.apply_rule, image.apply_magic_url, *inspections):
            check(context, decision)
    except Refused as refused:
        if not refused.later:
            raise
        decision.task_failure = model.task_failure(refused.row).name


def check_boxes(_: RequestContext, decision: VideoDecision) -> None:
    """Refuse boxes outside the picture, if its size is known."""
    if decision.size is None or decision.boxes is None:
        return
    for name, box in zip(BOXES, decision.boxes, strict=True):
        if not box.within(decision.size):
            raise Refused(_wrong(model_of(decision), name))


def _body(context: RequestContext, decision: VideoDecision, request_id: str) -> bytes:
    model, given = model_of(decision), decision.given
    digest = blake2b(request_id.encode(), digest_size=16).digest()  # so that a seed repeats tasks, too
    shortest, longest = VIDEO_SECONDS
    face, ext = decision.boxes or (None, None)
    task = VideoTask(
        id=str(UUID(bytes=digest, version=4)),
        namespace=decision.caller.namespace,
        key=decision.caller.fingerprint,
        request_id=request_id,
        model=model.name,
        image_url=decision.image_url,
        media_url=given.get("audio_url") or given.get("video_url") or "",
        driven_id=given.get("driven_id") or "",
        face=face,
        ext=ext,
        created=context.at,
        takes=context.options.time_scale * (shortest + digest[0] % (longest - shortest + 1)),
        seconds=_seconds_by(digest) if decision.seconds is None else round(decision.seconds, 2),
        tier=decision.tier,
        size=model.frame(decision.tier, decision.size),
        failure=decision.task_failure,
    )
    if not decision.lost:
        context.store.add_task(task)
    if model.task_id_first:
        return responses.encode(SiblingTaskCreated(SiblingAccepted(task.id, "PENDING"), request_id))
    return responses.encode(TaskCreated(Accepted("PENDING", task.id), request_id))


def _seconds_by(digest: bytes) -> float:
    shortest, longest = _UNKNOWN
    return (shortest + int.from_bytes(digest[1:3]) % (longest - shortest + 1)) / 100


OPENING: tuple[Callable[[RequestContext, VideoDecision], None], ...] = (
    request.authenticate,
    request.require_post,
    request.limit_body,
    request.require_json,
    request.load_document,
    request.require_model,
)
"""The checks until the model is known."""


def creation(
    model: TaskModel,
    documentation: Documentation,
    *,
    checks: tuple[Callable[[RequestContext, VideoDecision], None], ...] = (),
    provokes: Mapping[Row, str] | None = None,
) -> Endpoint[VideoDecision]:
    """Return the endpoint that creates tasks of `model`; `checks` are its own, of fields and parameters."""
    return Endpoint(
        route=model.route,
        models=(model.name,),
        model=model,
        decision=VideoDecision,
        opening=OPENING,
        checks=(
            account.check_account,
            account.require_async,
            account.limit_rate,
            check_input,
            check_parameters,
            *checks,
            decide_task,
            check_boxes,
        ),
        body=_body,
        provokes=provokes or {},
        documentation=documentation,
    )

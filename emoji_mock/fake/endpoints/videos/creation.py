"""What all endpoints that create tasks share: the checks of a request by the facts about its model, and the task."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any, TypeAlias, cast
from uuid import UUID

from emoji_mock.contract.documents.video import Accepted, SiblingAccepted, SiblingTaskCreated, TaskCreated
from emoji_mock.contract.endpoint import VIDEO_SECONDS
from emoji_mock.contract.geometry import Box
from emoji_mock.contract.rows import service
from emoji_mock.fake import responses
from emoji_mock.fake.checks import account, image, request
from emoji_mock.fake.checks.refusal import Refused
from emoji_mock.fake.endpoints.endpoint import Endpoint
from emoji_mock.fake.endpoints.videos.boxes import check_boxes
from emoji_mock.fake.endpoints.videos.decision import (
    BOXES,
    VideoDecision,
    charge_of,
    failure,
    limit_values,
    model_of,
    unreachable,
    wrong,
)
from emoji_mock.fake.endpoints.videos.held_media import inspect_media
from emoji_mock.fake.store.values import VideoTask

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from emoji_mock.contract.model import TaskModel
    from emoji_mock.contract.row import Row
    from emoji_mock.fake.context import RequestContext
    from emoji_mock.fake.endpoints.documentation import Documentation

Check: TypeAlias = "Callable[[RequestContext, VideoDecision], None]"
_UNKNOWN = (200, 999)  # hundredths of a second, within the bounds of every model: a result whose length is not known


def check_input(_: RequestContext, decision: VideoDecision) -> None:
    """Refuse an input with a mistake, with the first one (order inferred); take its fields."""
    assert decision.document is not None  # noqa: S101 - loaded before
    model, sent = model_of(decision.model), decision.document.get("input")
    if sent is None:
        raise Refused(service.NO_INPUT)
    if not isinstance(sent, dict):
        raise Refused(service.ILLEGAL_INPUT)
    given = cast("dict[str, Any]", sent)
    for name in model.fields:
        if given.get(name) is None:
            raise Refused(model.missing.get(name, service.FIELD_REQUIRED), field=name)
    for name in (*model.fields, *model.optional):
        if name not in BOXES and not isinstance(given.get(name), str | None):
            raise Refused(wrong(model, name), parameter=name)
    decision.given, decision.image_url = given, given[model.fields[0]]


def check_parameters(_: RequestContext, decision: VideoDecision) -> None:
    """Refuse a parameter of a wrong type or value; without it, or as null, it has its default."""
    assert decision.document is not None  # noqa: S101 - loaded before
    model, sent = model_of(decision.model), decision.document.get("parameters")
    if model.parameters and sent is not None and not isinstance(sent, dict):
        raise Refused(service.PARAMETER_INVALID)
    given = cast("dict[str, Any]", sent) if isinstance(sent, dict) else {}
    for name, parameter in model.parameters.items():
        value = given.get(name)
        if value is not None and not parameter.accepts(value):
            raise Refused(parameter.row, parameter=name)
        decision.parameters[name] = parameter.default if value is None else value


def decide_task(context: RequestContext, decision: VideoDecision) -> None:
    """Apply rule, magic URLs and inspection of held files. What fails a detection fails the task, later."""
    model = model_of(decision.model)
    inspections = (image.inspect_image,) if model.pictures is not None else ()
    try:
        for check in (image.apply_rule, image.apply_magic_url, *inspections, inspect_media):
            check(context, decision)
    except Refused as refused:
        if refused.later:
            decision.task_failure = failure(model, refused.row).name
        elif _is_of_picture(decision, refused.row, model):
            decision.task_failure = refused.row.name
        else:
            values = {**limit_values(model), **refused.values}
            row = unreachable(model) if refused.row is service.CANNOT_DOWNLOAD else refused.row
            raise Refused(row, message=refused.message, later=False, **values) from None


def _is_of_picture(decision: VideoDecision, row: Row, model: TaskModel) -> bool:
    """Return whether `row` refuses a picture that was looked at, which fails the task (inferred)."""
    limits = model.pictures
    if limits is None or model.refuses_pictures or decision.steered:
        return False
    rows = (limits.format_row, limits.bytes_row, limits.sides_row, limits.aspect_row, service.CANNOT_DECODE)
    return row in rows and (image.is_held(decision.image_url) or _names_size(decision))


def _names_size(decision: VideoDecision) -> bool:
    try:
        return image.read_magic_url(decision.image_url, decision.model) is not None
    except Refused:
        return False


def _body(context: RequestContext, decision: VideoDecision, request_id: str) -> bytes:
    model, given = model_of(decision.model), decision.given
    digest = blake2b(request_id.encode(), digest_size=16).digest()  # so that a seed repeats tasks, too
    shortest, longest = VIDEO_SECONDS
    face, ext = decision.boxes or _seen_boxes(decision)
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
        framed=model.framed,
        created=context.at,
        takes=context.options.time_scale * (shortest + digest[0] % (longest - shortest + 1)),
        seconds=_seconds_by(digest) if decision.seconds is None else round(decision.seconds, 2),
        tier=decision.tier,
        size=model.frame(decision.tier, decision.size),
        fps=decision.parameters.get("video_fps", model.fps),
        failure=decision.task_failure,
    )
    if not decision.lost:
        context.store.add_task(task)
    decision.charge = charge_of(task)
    if model.task_id_first:
        return responses.encode(SiblingTaskCreated(SiblingAccepted(task.id, "PENDING"), request_id))
    return responses.encode(TaskCreated(Accepted("PENDING", task.id), request_id))


def _seen_boxes(decision: VideoDecision) -> tuple[Box, Box] | tuple[None, None]:
    """Return the face that was seen in the picture and the whole picture, which a model without boxes shows."""
    if decision.face is None or decision.size is None or not decision.seen:
        return None, None
    return decision.face, Box(0, 0, *decision.size)


def _seconds_by(digest: bytes) -> float:
    shortest, longest = _UNKNOWN
    return (shortest + int.from_bytes(digest[1:3]) % (longest - shortest + 1)) / 100


OPENING: tuple[Check, ...] = (
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
    checks: tuple[Check, ...] = (),
    last: tuple[Check, ...] = (),
    provokes: Mapping[Row, str] | None = None,
) -> Endpoint[VideoDecision]:
    """Return the endpoint that creates tasks of `model`.

    `checks` are its own, of fields and parameters; `last` follow after the inspection of files.
    """
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
            *last,
        ),
        body=_body,
        provokes=provokes or {},
        documentation=documentation,
    )
